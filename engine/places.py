"""Where Torchloom keeps what belongs to a person rather than to a project; ``TORCHLOOM_HOME`` moves all of it."""

import contextlib
import os
from pathlib import Path

import platformdirs

_APP = "torchloom"


def from_home(text: str) -> Path:
    """The path that a person wrote, with ~ written out; one of a user who is not known here stays as it is."""
    path = Path(text)
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return path


def user_data_dir() -> Path:
    """The folder of things to keep: runs of unsaved projects, the index of known runs. It may not exist yet."""
    home = os.environ.get("TORCHLOOM_HOME")
    return Path(home) / "data" if home else platformdirs.user_data_path(_APP, appauthor=False)


def user_state_dir() -> Path:
    """The folder of things that help but can be lost: journals, logs, window places. It may not exist yet."""
    home = os.environ.get("TORCHLOOM_HOME")
    return Path(home) / "state" if home else platformdirs.user_state_path(_APP, appauthor=False)
