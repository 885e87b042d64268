"""Exports are offered as declared, and their processes leave nothing behind."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.catalog import exports
from engine.catalog.exports import Export, Offer
from engine.catalog.params import Flag
from engine.graph.model import Project
from gui.dialogs.export_dialog import ExportDialog
from gui.forms.form import Form
from gui.workers.export import REMAINS_S
from gui.workers.export import Export as Exporting


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files; the export program does nothing."""
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
    export = Exporting()
    with qtbot.waitSignal(export.done):
        export.graph(Project(), folder, folder / "out")
        assert len(list(folder.glob("torchloom-export-*"))) == 2  # that of the running export, and this one's
    assert sorted(folder.iterdir()) == sorted([at_work, other])


LISTING = Export(
    name="listing",
    title="List of nodes",
    tip="Write the names of the nodes",
    writer="listing:names",
    of_graph=Offer("The names of the nodes", "One text file."),
    of_run=Offer("The names of a run's nodes", "One text file."),
    suffix=".txt",
    options=(Flag("capitals", False, help="Write them large."),),
    preview="program",
)


@pytest.fixture
def sheet(window, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> ExportDialog:
    """The dialog, with one more export declared."""
    monkeypatch.setitem(exports._BY_NAME, LISTING.name, LISTING)
    sheet = ExportDialog(window.context, print, "listing_of_graph")
    qtbot.addWidget(sheet)
    return sheet


def test_a_declared_export_is_offered_with_its_options(sheet: ExportDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sheet.radios["listing_of_graph"].isChecked()
    assert not sheet.radios["listing_of_run"].isEnabled(), "there is no run"
    assert sheet.path.text().endswith(".txt")
    form = sheet.findChild(Form, "export_options")
    QTest.mouseClick(form.tab_stops()[0], Qt.MouseButton.LeftButton)
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(sheet.export, "graph", lambda *arguments: calls.append(arguments))
    sheet.go.click()
    assert [arguments[3:] for arguments in calls] == [("listing", {"capitals": True})]


def test_options_are_those_of_the_chosen_export(sheet: ExportDialog) -> None:
    sheet.radios["code_of_graph"].setChecked(True)
    assert sheet.options == {}
    assert not [form for form in sheet.findChildren(Form, "export_options") if form.isVisibleTo(sheet)]


def test_every_export_has_a_line_in_the_menu(actions) -> None:
    for each in exports.EXPORTS.values():
        assert actions[f"file.export_{each.name}"].text() == f"{each.title}..."


def test_options_reach_the_command_line(folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    output = folder / "arguments.json"
    write = f"import json, sys; json.dump(sys.argv, open({str(output)!r}, 'w'))"
    monkeypatch.setattr("engine.program.command", lambda _: (sys.executable, "-c", write))
    export = Exporting()
    with qtbot.waitSignal(export.done):
        export.run(folder, "listing", folder / "out.txt", "last", {"capitals": True})
    assert json.loads(output.read_text())[-2:] == ["--option", "capitals=true"]
