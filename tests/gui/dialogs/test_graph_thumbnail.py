"""The small picture of a graph: its wires go around nodes there too."""

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
    sketch = GraphThumbnail(graph)
    assert len(sketch.wires) == len(graph.wires)
    for one, two in (piece for wire in sketch.wires for piece in pairwise(wire.line)):
        seen = QRectF(one, two).normalized().adjusted(-1, -1, 1, 1)
        behind = [name for name, place in sketch.places.items() if seen.intersects(place.adjusted(2, 2, -2, -2))]
        assert not behind
