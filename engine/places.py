"""The folders for what belongs to the user rather than to a project; ``TORCHLOOM_HOME`` moves all of them."""

import contextlib
import os
from pathlib import Path

import platformdirs

_APP = "torchloom"


def from_home(text: str) -> Path:
    """The path that the user entered, with ~ expanded; unchanged where it names an unknown user."""
    path = Path(text)
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return path


def user_data_dir() -> Path:
    """The folder of lasting files: runs of unsaved projects, the index of known runs. It may not exist yet."""
    home = os.environ.get("TORCHLOOM_HOME")
    return Path(home) / "data" if home else platformdirs.user_data_path(_APP, appauthor=False)


def user_state_dir() -> Path:
    """The folder of files that can be lost: journals, logs, window positions. It may not exist yet."""
    home = os.environ.get("TORCHLOOM_HOME")
    return Path(home) / "state" if home else platformdirs.user_state_path(_APP, appauthor=False)
