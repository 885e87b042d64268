"""A command line that is loaded before it is known: what the window keeps ready, so that a training starts at once.

``python -m engine.cli.standby`` loads torch, then waits for one line on its input: a JSON object with ``arguments``,
those of ``torchloom``, and ``log``, the file that takes its output. It then does what ``torchloom`` does. An input
that ends without a line ends the process, so none outlives the window that started it.
"""

import contextlib
import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Load, wait, and become the command; gives its exit code."""
    from engine.cli import app, progress  # noqa: F401 (the verbs and how they print, loaded before they are needed)
    from engine.cli import main as command_line
    from engine.runtime.warming import warm

    with contextlib.suppress(Exception):  # the command itself reports what is wrong with this machine
        warm()
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        return 0
    command = json.loads(line)
    _say_into(Path(command["log"]))
    return command_line(command["arguments"])


def _say_into(log: Path) -> None:
    """Lead both outputs to the end of a file, and the input to nowhere."""
    with log.open("ab") as file, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)


if __name__ == "__main__":
    sys.exit(main())
