"""Opening and closing projects in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.project.templates import template
from gui.canvas.canvas import Canvas
from gui.shell.main_window import Window


@pytest.mark.parametrize("page", ["data", "runs", "code"])
def test_an_opened_graph_is_shown(window, laid_out, tmp_path, page):
    files = window.context.files
    window.pages.show_page(page)
    files.new_from("iris-mlp")
    assert window.pages.current == "canvas"
    files.save_to(tmp_path / "mine.loom")
    files.new_from("digits-cnn")
    window.pages.show_page(page)
    files.open(tmp_path / "mine.loom")
    assert window.pages.current == "canvas"
    window.pages.show_page(page)
    files.reload()
    assert window.pages.current == page  # it is the same project


def dropped(window: Window, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    spot, copy, none = QPoint(700, 400), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(spot, copy, data, Qt.MouseButton.LeftButton, none)
    enter.ignore()
    QApplication.sendEvent(window.frame, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window.frame, QDropEvent(spot, copy, data, Qt.MouseButton.LeftButton, none))
    return enter.isAccepted()


def test_a_project_is_opened_by_dropping_it(window, tmp_path):
    path = tmp_path / "iris.loom"
    path.write_text(template("iris-mlp").text())
    (tmp_path / "words.txt").write_text("words")
    assert not dropped(window, tmp_path / "words.txt")
    assert dropped(window, path)
    assert window.context.document.path == path
    assert window.frame.windowTitle() == "iris.loom[*]"


def test_recent_files_are_listed_and_opened(window, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "net.loom").write_text(template("iris-mlp").text())
        window.context.files.open(tmp_path / folder / "net.loom")
    recent = window.menus.menus["File"].findChild(QWidget, "menu_recent") or window.frame.findChild(
        QWidget, "menu_recent"
    )
    recent.aboutToShow.emit()
    texts = [action.text() for action in recent.actions() if action.text()]
    assert texts == ["net.loom  (b)", "net.loom  (a)", "Clear the list"]
    recent.actions()[1].trigger()
    assert window.context.document.path == tmp_path / "a" / "net.loom"
    recent.actions()[-1].trigger()
    assert not recent.menuAction().isVisible()


def test_a_project_opened_from_inside_a_block_is_shown(window, laid_out, qtbot):
    context = window.context
    context.files.new_from("digits-transformer")
    context.selection.select(["encoder"])
    context.actions["graph.open_block"].trigger()
    assert context.selection.graph == "Encoder"
    context.document.history.setClean()
    context.files.new_from("diabetes-mlp")
    assert window.panel("canvas", Canvas).scene.graph_name == "Net"
    assert "mae" in window.panel("canvas", Canvas).scene.nodes
