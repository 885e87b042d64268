"""Libraries of blocks in the window: what the palette and the search offer, and what a use of them adds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from engine.graph.edits import AddGraph
from engine.graph.fragment import fragment_of, parse, to_text
from engine.graph.model import Graph
from engine.project.library import own_folder, publish, shipped
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.palette.payload import FRAGMENT_MIME
from gui.shell.main_window import Window
from tests.small_projects import graph, project


def gate(kind: str = "Tanh") -> Graph:
    return graph({"x": "Input", "act": kind, "y": "Output"}, "x > act", "act > y")


def publish_gate(folder: Path, summary: str = "Squashes.", kind: str = "Tanh") -> Path:
    source = project({"x": "Input", "y": "Output"}, "x > y", blocks={"Gate": gate(kind)})
    return publish(source, "Gate", folder, summary).path


@pytest.fixture
def read(window: Window, home: Path) -> Iterator[Window]:
    """The window with one block of the user's own in the library."""
    publish_gate(own_folder())
    window.context.libraries.finish()
    yield window
    window.context.preferences.set("library_folders", [])


def rows(window: Window) -> list[str]:
    model = window.panels["palette"].model
    return [model.index(row).data() for row in range(model.rowCount())]


def index(window: Window, text: str) -> QModelIndex:
    return window.panels["palette"].model.index(rows(window).index(text))


def find(window: Window, query: str) -> list[str]:
    palette = window.panels["palette"]
    palette.search.clear()
    QTest.keyClicks(palette.search, query)
    return rows(window)


def main(window: Window) -> Graph:
    document = window.context.document
    return document.project.graphs[document.project.main]


def test_the_palette_shows_libraries_few_blocks_at_first(read: Window) -> None:
    texts = rows(read)
    at = texts.index("Library")
    assert texts[at + 1 : at + 7] == list(shipped().blocks)[:6]
    assert texts[at + 7 :] == [f"{len(shipped().blocks) - 6} more", "My blocks", "Gate"]
    palette = read.panels["palette"]
    palette.list.hovered.emit(index(read, "Gate"))
    card = palette.card
    assert card.isVisible()
    assert card._area.isVisible()
    assert "My blocks, version 1" in card._more.text()
    palette.list.hovered.emit(index(read, "ConvNorm"))
    assert "kernel" in card._more.text()
    card.hide()


def test_a_search_finds_blocks_by_name_and_summary(read: Window) -> None:
    assert find(read, "squashes")[0] == "Gate"
    assert find(read, "gptblock")[0] == "GPTBlock"
    canvas = read.panels["canvas"]
    canvas.view.setFocus()
    read.context.actions["graph.add"].trigger()
    popup = canvas.layer_popup.search
    QTest.keyClicks(popup.field, "squashes")
    assert popup.rows.matches[0].title == "Gate"
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert read.context.document.project.graphs["Gate"] == gate()
    assert main(read).nodes["gate"].graph == "Gate"


def test_activating_a_block_adds_it_with_all_graphs_in_one_step(read: Window) -> None:
    document = read.context.document
    before = to_text(fragment_of(document.project, document.project.main, main(read).nodes))
    steps = document.history.count()
    find(read, "mbconv")
    QTest.keyClick(read.panels["palette"].search, Qt.Key.Key_Return)
    assert [node.graph for node in main(read).nodes.values() if node.graph] == ["MBConv"]
    assert set(shipped().blocks["MBConv"].graphs) <= set(document.project.graphs)
    assert document.history.count() == steps + 1
    document.history.undo()
    assert to_text(fragment_of(document.project, document.project.main, main(read).nodes)) == before
    assert list(document.project.graphs) == [document.project.main]


def drop(window: Window, text: str, at: QPointF) -> None:
    palette, view = window.panels["palette"], window.panels["canvas"].view
    data = palette.model.mimeData([index(window, text)])
    assert list(parse(data.data(FRAGMENT_MIME).toStdString()).blocks) == ["Gate"]
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    view.dropEvent(QDropEvent(at, copy, data, left, Qt.KeyboardModifier.NoModifier))


def test_a_block_dropped_on_a_wire_is_inserted(read: Window) -> None:
    view = read.panels["canvas"].view
    item = next(item for wire, item in view.graph_scene.wires.items() if wire.target.node == "act1")
    find(read, "squashes")
    drop(read, "Gate", QPointF(view.mapFromScene(item.path.pointAtPercent(0.5))))
    ends = {(str(wire.source), str(wire.target)) for wire in main(read).wires}
    assert ("gate.y", "act1.input") in ends
    read.context.document.history.undo()


@pytest.mark.parametrize(("answer", "used"), [(("Gate",), "Gate"), ((), "Gate2"), (None, None)])
def test_another_block_of_that_name_is_asked_about(read: Window, answer, used, monkeypatch) -> None:
    document, questions = read.context.document, []
    document.do(AddGraph("Gate", gate("Sigmoid")))
    commands = read.panels["canvas"].commands
    monkeypatch.setattr(commands, "ask_about_blocks", lambda names: questions.append(list(names)) or answer)
    find(read, "squashes")
    QTest.keyClick(read.panels["palette"].search, Qt.Key.Key_Return)
    assert questions == [["Gate"]]
    uses = [node.graph for node in main(read).nodes.values() if node.graph]
    assert uses == ([used] if used else [])
    assert document.project.graphs["Gate"] == gate("Sigmoid")


def test_a_block_is_not_added_inside_itself(read: Window) -> None:
    document, selection = read.context.document, read.context.selection
    find(read, "squashes")
    QTest.keyClick(read.panels["palette"].search, Qt.Key.Key_Return)
    selection.dive("gate")
    reasons = []
    document.edit_refused.connect(reasons.append)
    steps = document.history.count()
    QTest.keyClick(read.panels["palette"].search, Qt.Key.Key_Return)
    assert reasons == ["Gate would use itself."]
    assert document.history.count() == steps
    selection.up()


def test_two_libraries_may_have_a_block_of_one_name(read: Window, tmp_path: Path) -> None:
    folder = tmp_path / "team" / "nets"
    publish_gate(folder, "Another.", "ReLU")
    raw = json.loads((folder / "Gate.loom").read_text())
    (folder / "empty.loom").write_text("{}")
    (folder / "newer.loom").write_text(json.dumps(raw | {"version": 99}))
    read.context.libraries.add_folder(folder)
    read.context.libraries.finish()
    palette = read.panels["palette"]
    assert rows(read)[-6:] == ["My blocks", "Gate", "team/nets", "Gate", "empty.loom", "newer.loom"]
    palette.list.hovered.emit(index(read, "newer.loom"))
    assert "newer.loom has version 99" in palette.card._summary.text()
    palette.list.hovered.emit(index(read, "empty.loom"))
    assert palette.card._summary.text().endswith('it lacks "format": "torchloom".')
    palette.card.hide()
    find(read, "gate")
    details = {palette.model.row(palette.model.index(row)).detail for row in range(palette.model.rowCount())}
    assert {"My blocks", "team/nets"} <= details


def test_a_folder_that_changes_is_read_again_and_nothing_else_is(read: Window, qtbot, monkeypatch) -> None:
    libraries, files = read.context.libraries, []
    with monkeypatch.context() as patch:
        patch.setattr("gui.state.block_libraries.read_block", lambda path, name: files.append(path.name))
        libraries.finish()
    assert files == []
    with qtbot.waitSignal(libraries.changed, timeout=5000):
        publish_gate(own_folder(), "Squashes more.")
    assert find(read, "squashes more")[0] == "Gate"


def menu_of(window: Window, text: str) -> QMenu | None:
    """Click a row with the right button; the menu that opens, if one does."""
    palette = window.panels["palette"]
    at = palette.list.visualRect(index(window, text)).center()
    place = palette.list.viewport().mapToGlobal(at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place)
    QApplication.sendEvent(palette.list.viewport(), event)
    return palette.findChild(QMenu, "folder_menu")


def test_a_folder_is_removed_from_the_palette_and_its_files_stay(read: Window, tmp_path: Path) -> None:
    file = publish_gate(tmp_path / "team" / "nets", kind="ReLU")
    read.context.libraries.add_folder(file.parent)
    read.context.libraries.finish()
    read.panels["palette"].list.scrollToBottom()
    assert rows(read)[-2:] == ["team/nets", "Gate"]
    for text in ("My blocks", "Library"):
        assert menu_of(read, text) is None  # these are always there
    menu = menu_of(read, "team/nets")
    heading, remove = menu.actions()
    assert heading.text() == str(file.parent)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(remove).center())
    read.context.libraries.finish()
    assert "team/nets" not in rows(read)
    assert file.is_file()
    assert read.context.preferences.values.library_folders == []


def test_a_missing_folder_has_a_row_and_can_be_removed(read: Window, tmp_path: Path) -> None:
    file = publish_gate(tmp_path / "team" / "nets")
    read.context.libraries.add_folder(file.parent)
    file.unlink()
    file.parent.rmdir()
    read.context.libraries.finish()
    palette = read.panels["palette"]
    palette.list.scrollToBottom()
    assert rows(read)[-2:] == ["team/nets", "folder not found"]
    palette.list.hovered.emit(index(read, "folder not found"))
    assert f"{file.parent} does not exist." in palette.card._summary.text()
    palette.card.hide()
    menu = menu_of(read, "folder not found")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[-1]).center())
    read.context.libraries.finish()
    assert "folder not found" not in rows(read)


def test_the_settings_list_the_folders_and_remove_them(read: Window, tmp_path: Path) -> None:
    there = publish_gate(tmp_path / "here" / "nets").parent
    for folder in (there, tmp_path / "gone" / "nets"):
        read.context.libraries.add_folder(folder)
    dialog = PreferencesDialog(read.context.preferences, read.frame)
    dialog.show()
    buttons = dialog.findChildren(QPushButton, "settings_remove_folder")
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.text().endswith(("nets", "(not found)"))]
    assert texts == [str(there), f"{tmp_path / 'gone' / 'nets'} (not found)"]
    QTest.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert read.context.preferences.values.library_folders == [str(there)]
    assert [button.isEnabled() for button in buttons] == [True, False]
    dialog.close()
