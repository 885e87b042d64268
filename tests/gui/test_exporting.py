"""What an export beside the window leaves behind: nothing, also of a window that was killed meanwhile."""

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.graph.model import Project
from gui.workers.exporting import REMAINS_S, Export


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go; the program that exports does nothing."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("engine.program.command", lambda _: (sys.executable, "-c", ""))
    return tmp_path


def remains(folder: Path, name: str, age_s: float) -> Path:
    """A folder with a project, last changed so long ago."""
    left = folder / name
    left.mkdir()
    (left / "net.loom").write_text("{}")
    then = time.time() - age_s
    os.utime(left, (then, then))
    return left


def test_remains_of_killed_windows_go_and_those_of_others_stay(folder: Path, qtbot: QtBot) -> None:
    remains(folder, "torchloom-export-old", REMAINS_S + 60)
    at_work = remains(folder, "torchloom-export-new", 0)
    other = remains(folder, "something-else", REMAINS_S + 60)
    export = Export()
    with qtbot.waitSignal(export.done):
        export.drawing(Project(), folder, folder / "out")
        assert len(list(folder.glob("torchloom-export-*"))) == 2  # that at work, and this one's
    assert sorted(folder.iterdir()) == sorted([at_work, other])
