"""Publishing a block from the window: the dialog, its refusals, and what the palette shows after it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.compose import make_block
from engine.graph.edits import SetParam
from engine.project.file import read
from engine.project.library import library, own_folder
from gui.dialogs.publish_dialog import PublishDialog
from gui.shell.main_window import Window
from gui.shell.publishing import OneUse, samples_of
from gui.state.analysis_results import NodeResults

KEY = Qt.Key


@pytest.fixture
def stem(window: Window, home: Path) -> Iterator[Window]:
    """The window with a block whose one use is selected."""
    document = window.context.document
    document.do(make_block(document.project, "Net", ("conv1", "bn1", "act1"), "Stem"))
    window.context.selection.select(["stem"])
    window.context.libraries.finish()
    yield window
    window.context.preferences.set("library_folders", [])
    window.context.notices.remove("published")


def during(window: Window, look: Callable[[PublishDialog], object]) -> None:
    """Choose the menu's entry, and look at the dialog that it opens."""
    looks: list[object] = []

    def begin() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PublishDialog)
        try:
            looks.append(look(dialog))
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, begin)
    window.context.actions["graph.publish"].trigger()
    assert looks


def publish(window: Window, summary: str) -> str:
    """Publish by keys; returns what the dialog said before it."""
    texts: list[str] = []

    def type_in(dialog: PublishDialog) -> None:
        dialog.summary.selectAll()
        QTest.keyClicks(dialog.summary, summary)
        texts.append(dialog.consequence.text())
        QTest.keyClick(dialog.summary, KEY.Key_Return)

    during(window, type_in)
    return texts[0]


def last_rows(window: Window, count: int) -> list[str]:
    model = window.panels["palette"].model
    return [model.index(row).data() for row in range(model.rowCount())][-count:]


def test_a_block_is_published_and_the_palette_shows_it_at_once(stem: Window) -> None:
    assert "version 1" in publish(stem, "Filters.")
    assert last_rows(stem, 2) == ["My blocks", "Stem"]
    assert stem.context.notices.by_topic["published"].text == "Published Stem, version 1, to My blocks"
    document = stem.context.document
    document.do(SetParam("Stem", "conv1", "out_channels", 8))
    assert "version 2, in place of version 1 (Filters)" in publish(stem, "Filters more.")
    assert library(own_folder(), "").blocks["Stem"].version == 2

    def look(dialog: PublishDialog) -> None:
        assert dialog.summary.text() == "Filters more."
        assert "has the same block already, version 2." in dialog.consequence.text()
        assert not dialog.go.isEnabled()

    during(stem, look)


def test_the_button_on_the_page_of_a_block_publishes_it(stem: Window) -> None:
    stem.context.selection.dive("stem")
    page = stem.panels["inspector"].block
    titles: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        titles.append(dialog.windowTitle())
        dialog.reject()

    QTimer.singleShot(0, look)
    QTest.mouseClick(page.publish, Qt.MouseButton.LeftButton)
    assert titles == ["Publish Stem"]
    stem.context.selection.up()


def test_a_chosen_folder_becomes_a_library(stem: Window, tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "team" / "nets"
    monkeypatch.setattr("gui.common_dialogs.file_dialog.FileDialog.to_choose_folder", lambda *_: folder)

    def choose(dialog: PublishDialog) -> None:
        last = dialog.where.count() - 1
        dialog.where.setCurrentIndex(last)
        dialog.where.activated.emit(last)
        assert dialog.place == "team/nets"
        dialog.go.click()

    during(stem, choose)
    assert (folder / "Stem.loom").is_file()
    assert stem.context.preferences.values.library_folders == [str(folder)]
    assert last_rows(stem, 2) == ["team/nets", "Stem"]


BAD = {"newer": "version 99", "broken": "Stem.loom", "no block": "offers no block", "no folder": "blocks"}


@pytest.mark.parametrize("content", BAD)
def test_what_cannot_be_replaced_is_explained_and_stays(stem: Window, content: str) -> None:
    path = own_folder() / "Stem.loom"
    if content == "no folder":
        path = own_folder()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    else:
        publish(stem, "Filters.")
        raw = json.loads(path.read_text(encoding="utf-8"))
        plain = {name: value for name, value in raw.items() if name != "published"}
        texts = {"newer": json.dumps(raw | {"version": 99}), "broken": "{", "no block": json.dumps(plain)}
        path.write_text(texts[content], encoding="utf-8")
    before = path.read_bytes()

    def look(dialog: PublishDialog) -> None:
        dialog.go.click()
        assert dialog.isVisible()
        assert dialog.problem.isVisible()
        assert BAD[content] in dialog.problem.text()

    during(stem, look)
    assert path.read_bytes() == before


def test_the_example_has_the_sizes_of_a_known_use(stem: Window) -> None:
    results, project = stem.context.results, stem.context.document.project
    port = next(iter(project.graphs["Stem"].of_kind("Input")))
    results.nodes = {f"stem.{port}": NodeResults({"output": ("N", 1, 8, 8)}, {"output": "float"})}
    publish(stem, "Filters.")
    example = read(own_folder() / "Stem.loom")
    assert example.graphs[example.main].nodes[port].params == {"shape": (1, 8, 8)}
    results.nodes = {f"stem.{port}": NodeResults({"output": ("N", 1, "T")}, {"output": "float"})}
    assert samples_of(project, results, OneUse("Stem", "stem")) == {}


def test_only_a_block_can_be_published(stem: Window) -> None:
    action, selection = stem.context.actions["graph.publish"], stem.context.selection
    assert action.isEnabled()
    selection.select(["fc1"])
    assert not action.isEnabled()
    assert "not a block" in action.toolTip()
    selection.clear()
    assert not action.isEnabled()
    selection.dive("stem")
    assert action.isEnabled()
    selection.up()
