"""A process that loads torch before it gets its command line; the window keeps one, so that training starts fast.

``python -m engine.cli.standby`` loads torch, then waits for one line on its input: a JSON object with ``arguments``,
those of ``torchloom``, and ``log``, the file for its output. It then does what ``torchloom`` does. An input that ends
without a line ends the process, so that it does not outlive the window that started it.
"""

import contextlib
import json
import os
import sys
from pathlib import Path


def main() -> int:
    """Load, wait, and run the command; returns its exit code."""
    from engine.cli import app, progress  # noqa: F401 (the verbs and how they print, loaded before they are needed)
    from engine.cli import main as command_line
    from engine.runtime.preload import warm

    with contextlib.suppress(Exception):  # the command itself reports what is wrong with this machine
        warm()
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        return 0
    command = json.loads(line)
    _say_into(Path(command["log"]))
    return command_line(command["arguments"])


def _say_into(log: Path) -> None:
    """Append both outputs to a file, and close the input."""
    with log.open("ab") as file, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)


if __name__ == "__main__":
    sys.exit(main())
