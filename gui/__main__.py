"""``torchloom`` and ``python -m gui``: the window for a project, the command line for a verb."""

import sys
from collections.abc import Sequence

from gui.system.screen import has_screen, wants_window


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, unless a verb is given or there is no screen; returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if wants_window(arguments) and has_screen():
        from gui.shell.app import run

        return run(arguments[0] if arguments else None)
    from engine.cli import main as command_line

    return command_line(arguments)


if __name__ == "__main__":
    sys.exit(main())
