"""``torchloom`` and ``python -m gui``: the window for a project, the command line for a verb."""

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, unless a verb is given or there is no screen; gives the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if wants_window(arguments) and has_screen():
        from gui.app import run

        return run(arguments[0] if arguments else None)
    from engine.cli import main as command_line

    return command_line(arguments)


def wants_window(arguments: Sequence[str]) -> bool:
    """Whether a command line names a project to open, or nothing; a file may be called like a verb."""
    if not arguments:
        return True
    first = arguments[0]
    return len(arguments) == 1 and not first.startswith("-") and (first.endswith(".loom") or os.path.isfile(first))  # noqa: PTH113 - no pathlib before a verb needs it


def has_screen() -> bool:
    """Whether Qt has something to draw on: a display, or a platform that was asked for by name."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


if __name__ == "__main__":
    sys.exit(main())
