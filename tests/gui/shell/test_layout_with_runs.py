"""The layout with the panel of curves and the list of runs."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.graph.model import End, Graph, Node, Project, Wire
from gui.canvas.canvas import Canvas
from gui.canvas.graph_views import READABLE, WHOLE_FROM
from gui.shell.main_window import Window


@pytest.fixture
def window(own_window: Window) -> Window:
    return own_window


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
    window.frame.resize(1100, 700)
    wide = is_beside()
    window.panels["runs"].setFixedWidth(560)
    assert not is_beside()
    assert wide
