"""Which panels are shown around a page, their sizes, and the stored layout."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from gui.canvas.canvas import Canvas
from gui.shell.panels import PANELS
from tests.gui.shell.window_parts import drag, edges


def test_the_outline_gets_its_width_and_gives_it_back(window, qtbot):
    side, outline = window.sides["left"], window.panels["outline"]
    narrow = side.width()
    window.frame.resize(1600, 900)
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(lambda: side.width() > narrow)
    tree = outline.tree
    assert tree.columnWidth(0) + tree.columnWidth(1) <= tree.viewport().width()
    assert tree.columnWidth(1) >= tree.sizeHintForColumn(1)
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(lambda: side.width() == narrow)


@pytest.mark.parametrize("size", [(1000, 640), (1280, 800), (1600, 1000)])
def test_panels_keep_their_sizes_when_the_page_changes(window, laid_out, size):
    window.frame.resize(*size)
    QApplication.processEvents()
    drag(window._across.handle(1), QPoint(24, 0))
    drag(window._across.handle(2), QPoint(-18, 0))
    drag(window._down.handle(1), QPoint(0, -30))
    before = edges(window)
    data, runs = window.panels["data"], window.panels["runs"]
    least = data.minimumHeight(), runs.minimumWidth()
    data.setMinimumHeight(before["down"][0] + 60)  # as much as some data needs
    runs.setMinimumWidth(before["across"][1] + 60)
    for page in ("data", "runs", "code"):
        window.pages.show_page(page)
        QApplication.processEvents()
        assert edges(window) != before
        window.pages.show_page("canvas")
        QApplication.processEvents()
        assert edges(window) == before
    data.setMinimumHeight(least[0])
    runs.setMinimumWidth(least[1])


def test_an_edge_that_was_dragged_on_another_page_stays_there(window, laid_out):
    window.pages.show_page("code")
    QApplication.processEvents()
    drag(window._across.handle(2), QPoint(-80, 0))
    dragged = window.sides["right"].width()
    window.pages.show_page("canvas")
    QApplication.processEvents()
    assert window.sides["right"].width() == dragged


SERVES = {
    "canvas": {"palette", "inspector", "problems"}, "code": {"inspector"}, "data": set(), "runs": set(),
}  # fmt: skip


@pytest.mark.parametrize("page", SERVES)
def test_a_page_has_around_it_only_panels_that_serve_it(window, laid_out, qtbot, page):
    tab = window.pages.tabs
    qtbot.mouseClick(tab, Qt.MouseButton.LeftButton, pos=tab.tabRect([*SERVES].index(page)).center())
    QApplication.processEvents()
    pages = {panel.name for panel in PANELS if panel.side == "page"}
    assert {name for name, panel in window.panels.items() if panel.isVisible()} - pages == SERVES[page]
    for panel in PANELS:
        if panel.side != "page" and panel.name not in SERVES[page] and not panel.hidden:
            action = window.context.actions[panel.action]
            assert not action.isEnabled()
            assert panel.title in action.statusTip() or "training" in action.statusTip()
    tools = {each.objectName() for each in window.toolbar.findChildren(QPushButton) if each.isVisible()}
    assert ("button_frame" in tools) is (page == "canvas")
    assert window.frame.findChild(QLabel, "status_zoom").isVisible() is (page == "canvas")


def test_a_small_window_cuts_no_panel_off(window, laid_out):
    window.frame.resize(1280, 800)
    QApplication.processEvents()
    for side in ("left", "right"):
        assert window.sides[side].width() >= window.arrangement.first_px(side) - 1
    for name, panel in window.panels.items():
        if panel.isVisible():
            assert panel.width() >= panel.minimumSizeHint().width(), name
    canvas = window.panel("canvas", Canvas)
    canvas.fit()
    assert canvas.view.visible_rect.contains(canvas.scene.content)


@pytest.mark.parametrize("width", [1100, 960])
@pytest.mark.parametrize("page", ["canvas", "code", "data", "runs"])
def test_no_page_is_so_wide_that_anything_is_cut_off(window, laid_out, page, width):
    window.frame.resize(width, 700)
    window.pages.show_page(page)
    for _ in range(3):
        QApplication.processEvents()
    assert window.frame.width() == width
    inspector, page_widget = window.panels["inspector"], window.panels[page]
    buttons = page_widget.findChildren(QPushButton) if page == "runs" else []
    assert all(
        each.mapTo(page_widget, each.rect().topRight()).x() < page_widget.width()
        for each in buttons
        if each.isVisible()
    )
    assert inspector.isVisible() is (page in ("canvas", "code"))
    if inspector.isVisible():
        area = inspector.area.viewport()
        assert area.mapTo(window.frame, area.rect().topRight()).x() < width
        fields = [each for each in inspector.findChildren(QWidget) if each.isVisible() and area.isAncestorOf(each)]
        assert len(fields) > 10
        assert all(each.mapTo(area, each.rect().topRight()).x() < area.width() for each in fields)


@pytest.mark.parametrize("name", ["outline", "history"])
def test_a_panel_that_appears_beside_others_has_a_usable_size(window, laid_out, name):
    panel = window.panels[name]
    window.context.actions["edit.history" if name == "history" else f"view.{name}"].trigger()
    QApplication.processEvents()
    assert panel.isVisible()
    assert panel.height() > 120
