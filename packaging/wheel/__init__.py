"""The one package of the wheel: its parts lie below it, so that no other name is taken in an environment."""

import sys
from pathlib import Path

PARTS = Path(__file__).parent / "parts"


def main() -> int:
    """Start ``torchloom``; gives the exit status."""
    sys.path.insert(0, str(PARTS))  # before packages of the same names
    from gui.__main__ import main as torchloom

    return torchloom()
