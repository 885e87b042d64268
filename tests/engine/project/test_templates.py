"""The graphs of the templates: nothing overlaps, nothing is wrong, and a note explains each."""

from itertools import combinations
from pathlib import Path

import pytest

from engine.check.diagnostics import errors
from engine.check.rules import graph_problems
from engine.graph.model import USUAL_SIZE
from engine.project import file
from engine.project.templates import templates
from tests.route_pictures import Picture, covered_chips, on_one_line, through_nodes

FOLDER = Path(__file__).parents[3] / "resources" / "templates"
PROJECTS = {each.name: file.parse(each.text(), each.name) for each in templates()}


def apart(one, other) -> bool:
    """Whether two rectangles (x, y, width, height) have no point in common."""
    return (
        one[0] + one[2] <= other[0]
        or other[0] + other[2] <= one[0]
        or one[1] + one[3] <= other[1]
        or other[1] + other[3] <= one[1]
    )


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_no_two_things_overlap(project):
    for graph in project.graphs.values():
        boxes = [(*node.pos, *USUAL_SIZE) for node in graph.nodes.values()] + [note.rect for note in graph.notes]
        assert all(apart(one, other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_nothing_is_wrong_and_a_note_explains_what_to_look_for(project):
    assert errors(graph_problems(project)) == ()
    assert len(project.graphs[project.main].notes[0].text) > 30


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_wires_keep_clear_of_nodes_and_of_each_other_and_chips_have_room(project):
    for graph in project.graphs.values():
        picture = Picture(graph, project).as_drawn()
        routes, chips = picture.routes(), picture.chips()
        assert through_nodes(picture, routes) == []
        assert on_one_line(routes) == []
        assert covered_chips(picture, chips) == []
        assert not any(wire.points for wire in graph.wires)  # their routes need no help


def test_every_name_is_listed_once():
    names = [each.name for each in templates()]
    assert sorted(names) == sorted(path.stem for path in FOLDER.glob("*.loom"))
    assert all(PROJECTS[each.name].name == each.name for each in templates())
