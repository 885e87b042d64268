"""The thumbnail of a graph: its wires go around the nodes, as on the canvas."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF

from engine.project.templates import templates
from gui.dialogs.graph_thumbnail import GraphThumbnail
from gui.dialogs.new_project import project_of


@pytest.mark.parametrize("name", [each.name for each in templates()])
def test_no_wire_of_a_template_runs_behind_a_node(name) -> None:
    project = project_of(name)
    graph = project.graphs[project.main]
    thumbnail = GraphThumbnail(graph)
    assert len(thumbnail.geometry.wires) == len(graph.wires)
    for one, two in (piece for wire in thumbnail.geometry.wires for piece in pairwise(wire.line)):
        piece_rect = QRectF(one, two).normalized().adjusted(-1, -1, 1, 1)
        behind = [
            name
            for name, rect in thumbnail.geometry.rects.items()
            if piece_rect.intersects(rect.adjusted(2, 2, -2, -2))
        ]
        assert not behind
