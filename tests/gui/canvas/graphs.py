"""Graphs, places and wires that several tests of the canvas use."""

from PySide6.QtCore import QPointF

from engine.graph.model import Graph, Node, Project
from tests.gui.canvas.hand import wire

EMPTY = QPointF(620, 480)  # a place of the scene without an item


def ends(graph):
    return {(str(each.source), str(each.target)) for each in graph.wires}


def with_block():
    inner = Graph(
        {"x": Node("Input"), "act": Node("ReLU", {}, (220, 0)), "y": Node("Output", {}, (440, 0))},
        [wire("x.output", "act.input"), wire("act.output", "y.input")],
    )
    outer = Graph(
        {"image": Node("Input"), "stem": Node("Block", pos=(300, 0), graph="Stem", repeat=2)},
        [wire("image.output", "stem.x")],
    )
    return Project(graphs={"Net": outer, "Stem": inner})
