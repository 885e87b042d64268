"""The command line: ``torchloom`` and its verbs."""

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``torchloom`` with ``argv`` (default: the process's own) and return its exit code: 0, 1, 2 or 130."""
    from engine.cli.app import run

    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and _is_project(arguments[0]):
        arguments.insert(0, "open")  # before the verbs: a file may be called like one
    return run(arguments or ["open"])


def _is_project(argument: str) -> bool:
    return not argument.startswith("-") and (argument.endswith(".loom") or os.path.isfile(argument))  # noqa: PTH113 - no pathlib before a verb needs it
