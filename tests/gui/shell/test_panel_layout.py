"""Which panels are shown around a page, their sizes, and the stored layout."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from engine.graph.model import End, Graph, Node, Project, Wire
from gui.canvas.canvas import Canvas
from gui.canvas.graph_views import READABLE, WHOLE_FROM
from gui.preferences.preferences import Preferences
from gui.shell.panels import PANELS


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


def drag(edge, by: QPoint) -> None:
    middle = edge.rect().center()
    QTest.mousePress(edge, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(edge, middle + by)
    QTest.mouseRelease(edge, Qt.MouseButton.LeftButton, pos=middle + by)
    QApplication.processEvents()


def edges(window) -> dict[str, list[int]]:
    return {"across": window._across.sizes(), "down": window._down.sizes()}


@pytest.mark.parametrize("size", [(1000, 640), (1280, 800), (1600, 1000)])
def test_panels_keep_their_sizes_when_the_page_changes(window, laid_out, size):
    window.frame.resize(*size)
    QApplication.processEvents()
    drag(window._across.handle(1), QPoint(24, 0))
    drag(window._across.handle(2), QPoint(-18, 0))
    drag(window._down.handle(1), QPoint(0, -30))
    before = edges(window)
    window.panels["data"].setMinimumHeight(before["down"][0] + 60)  # as much as some data needs
    window.panels["runs"].setMinimumWidth(before["across"][1] + 60)
    for page in ("data", "runs", "code"):
        window.pages.show_page(page)
        QApplication.processEvents()
        assert edges(window) != before
        window.pages.show_page("canvas")
        QApplication.processEvents()
        assert edges(window) == before


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


def test_there_is_no_panel_of_curves_before_there_is_a_training(window, laid_out):
    live, actions = window.panels["live"], window.context.actions
    low = window.sides["bottom"].height()
    assert low < 40  # the problems are one line until they are opened
    assert not live.isVisible()
    assert "press Train" in actions["view.live"].statusTip()
    window.context.runs.current.show_run(Path("runs/digits-cnn-1"))
    QApplication.processEvents()
    assert live.isVisible()
    assert actions["view.live"].isChecked()
    assert window.sides["bottom"].height() > low
    assert live.width() > 4 * window.panels["problems"].width()  # its share, also where it came late
    window.pages.show_page("runs")
    assert not live.isVisible()  # the page has curves of its own
    window.pages.show_page("canvas")
    assert live.isVisible()
    window.context.files.new_from("iris-mlp")
    QApplication.processEvents()
    assert not live.isVisible()
    assert window.sides["bottom"].height() == low


def test_thirteen_nodes_are_readable_at_1280_by_800(window, laid_out, qtbot):
    window.frame.resize(1280, 800)
    QApplication.processEvents()
    canvas = window.panel("canvas", Canvas)
    canvas.arranger.is_animated = False
    assert canvas.zoom >= READABLE  # the example as it is opened, with its note
    assert canvas.view.visible_rect.contains(canvas.scene.content)
    rows = [[f"n{row}{place}" for place in range(4)] for row in range(3)] + [["n30"]]
    places = {name: (248.0 * x, 148.0 * y) for y, row in enumerate(rows) for x, name in enumerate(row)}
    names = [*places]
    wires = [Wire(End(one, "output"), End(two, "input")) for one, two in pairwise(names)]
    graph = Graph({name: Node("BatchNorm2d", {}, pos) for name, pos in places.items()}, wires)
    window.context.document.history.setClean()
    window.context.files.new(Project(graphs={"Net": graph}))
    QApplication.processEvents()
    assert len(canvas.scene.nodes) == 13
    assert canvas.view.visible_rect.contains(canvas.scene.content)
    assert canvas.zoom >= READABLE
    window.context.runs.current.show_run(Path("runs/digits-cnn-1"))
    window.context.actions["view.fit"].trigger()
    assert canvas.zoom >= WHOLE_FROM


def test_an_invalid_layout_is_ignored(open_window, qtbot):
    settings = Preferences()
    edges = {"left": "a", "right": -5, "bottom": True, "top": 7}
    nonsense = {"geometry": "?", "edges": edges, "sizes": {"side_left": [1, "a"]}, "hidden": 3, "page": ["x"]}
    settings.set("layout", nonsense)
    settings.write()
    window = open_window()
    assert window.panels["canvas"].isVisible()
    assert window.panels["problems"].isVisible()


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


def test_the_buttons_of_runs_are_beside_the_title_if_there_is_room(window, laid_out):
    window.pages.show_page("runs")
    page = window.panels["runs"]

    def is_beside() -> bool:
        for _ in range(3):
            QApplication.processEvents()
        return (
            page.scope.mapTo(page, page.scope.rect().center()).y()
            == page.resume.mapTo(page, page.resume.rect().center()).y()
        )

    assert is_beside()
    window.frame.resize(960, 700)
    wide = is_beside()
    window.panels["runs"].setFixedWidth(560)
    assert not is_beside()
    assert wide


@pytest.mark.parametrize("name", ["outline", "history"])
def test_a_panel_that_appears_beside_others_has_a_usable_size(window, laid_out, name):
    panel = window.panels[name]
    window.context.actions["edit.history" if name == "history" else f"view.{name}"].trigger()
    QApplication.processEvents()
    assert panel.isVisible()
    assert panel.height() > 120
