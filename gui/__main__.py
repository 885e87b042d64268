"""``python -m gui``: what ``torchloom`` does without a verb."""

import sys

from engine.cli import main as torchloom


def main() -> int:
    """Open the project that the command line names, or the first network; gives the exit status."""
    return torchloom(sys.argv[1:2])


if __name__ == "__main__":
    sys.exit(main())
