"""What a window asks when it closes, and what the next one knows of it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from engine.graph.edits import SetParam
from gui.preferences.preferences import Preferences
from gui.shell.main_window import Window
from tests.gui.shell.window_parts import drag, edges


@pytest.fixture
def window(own_window: Window) -> Window:
    return own_window


@pytest.mark.parametrize(("answer", "closes"), [(None, False), (False, True)])
def test_closing_asks_about_unsaved_changes(window, answer, closes):
    window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    window.context.files._questions.first = answer
    assert window.frame.close() is closes
    assert window.frame.isVisible() is not closes


def test_the_layout_is_remembered(window, open_window, qtbot):
    window.context.actions["view.problems"].trigger()
    window.context.actions["view.outline"].trigger()
    window.pages.show_page("code")
    window.keep_layout()
    window.context.preferences.write()

    again = open_window()

    assert again.pages.current == "code"
    assert not again.panels["outline"].isVisible()  # it is of the graph
    again.pages.show_page("canvas")
    assert not again.panels["problems"].isVisible()
    assert again.panels["outline"].isVisible()

    again.reset_layout()
    assert again.panels["problems"].isVisible()
    assert not again.panels["outline"].isVisible()


@pytest.mark.parametrize("page", ["data", "runs", "code"])
def test_closing_on_another_page_keeps_the_sizes_around_the_graph(window, open_window, laid_out, page):
    drag(window._across.handle(1), QPoint(24, 0))
    drag(window._down.handle(1), QPoint(0, -30))
    before = edges(window)
    window.pages.show_page(page)
    QApplication.processEvents()
    assert window.frame.close()
    window.context.preferences.write()

    again = open_window()
    assert again.pages.current == page
    again.pages.show_page("canvas")
    QApplication.processEvents()
    assert edges(again) == before


def test_an_invalid_layout_is_ignored(open_window, qtbot):
    settings = Preferences()
    edges = {"left": "a", "right": -5, "bottom": True, "top": 7}
    nonsense = {"geometry": "?", "edges": edges, "sizes": {"side_left": [1, "a"]}, "hidden": 3, "page": ["x"]}
    settings.set("layout", nonsense)
    settings.write()
    window = open_window()
    assert window.panels["canvas"].isVisible()
    assert window.panels["problems"].isVisible()
