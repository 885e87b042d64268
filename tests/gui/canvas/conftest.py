"""A canvas on a small graph with room around everything: image -> conv -> act -> head -> loss <- label."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.graph.model import Graph, Node, Project
from gui.canvas.canvas import Canvas
from tests.gui.canvas.hand import Hand, wire


def project():
    nodes = {
        "image": Node("Input", {"field": "image"}, (0, 0)),
        "conv": Node("Conv2d", {"out_channels": 8, "kernel_size": 3}, (300, 0)),
        "act": Node("ReLU", {}, (600, 0)),
        "flat": Node("Flatten", {}, (0, 200)),
        "head": Node("Linear", {"out_features": 10}, (300, 200)),
        "label": Node("Input", {"field": "label"}, (300, 400)),
        "loss": Node("CrossEntropyLoss", {}, (700, 220)),
    }
    wires = [
        wire("image.output", "conv.input"), wire("conv.output", "act.input"), wire("act.output", "flat.input"),
        wire("flat.output", "head.input"), wire("head.output", "loss.input"), wire("label.output", "loss.target"),
    ]  # fmt: skip
    return Project(graphs={"Net": Graph(nodes, wires)})


@pytest.fixture
def canvas(qtbot, document, selection, theme, actions):
    document.load(project())
    canvas = Canvas(document, selection, None, theme, actions)
    qtbot.addWidget(canvas)
    canvas.addActions([actions[name] for name in actions if not actions.specs[name].local])  # as the window does
    canvas.arranger.is_animated = False
    canvas.resize(1300, 800)
    canvas.show()
    canvas.graph_views.fit_readable()
    canvas.view.set_zoom(1.0)
    canvas.view.centerOn(QPointF(430, 220))
    canvas.view.setFocus()
    QApplication.processEvents()
    assert canvas.view.zoom == 1.0
    return canvas


@pytest.fixture
def hand(canvas):
    return Hand(canvas)


@pytest.fixture
def graph(document, canvas):
    return lambda: document.project.graphs["Net"]
