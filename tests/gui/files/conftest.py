"""Two windows and a project file."""

from pathlib import Path

import pytest

from engine.project.templates import template
from tests.gui.files.workspace import make_workspace


@pytest.fixture
def workspace(qapp):
    workspace = make_workspace()
    yield workspace
    workspace.files.close()


@pytest.fixture
def other(qapp):
    """A second window."""
    other = make_workspace()
    yield other
    other.files.close()


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    return path
