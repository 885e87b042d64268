"""Gestures on very many nodes: their cost grows linearly, not quadratically."""

import pytest

from engine.graph.compose import duplicate, paste, remove
from engine.graph.fragment import fragment_of
from engine.graph.model import Project
from engine.project import file
from tests.calls import calls
from tests.gestures import chain

SMALL, LARGE = 100, 300


def long(count: int) -> Project:
    return chain(*["ReLU"] * count)


def pasted(project: Project) -> object:
    return paste(project, "Net", fragment_of(project, "Net", list(project.graphs["Net"].nodes)))


def duplicated(project: Project) -> object:
    return duplicate(project, "Net", list(project.graphs["Net"].nodes))


def removed(project: Project) -> object:
    return remove(project, "Net", list(project.graphs["Net"].nodes))


@pytest.mark.parametrize("gesture", [pasted, duplicated, removed])
def test_thrice_the_nodes_take_about_thrice_the_work(gesture) -> None:
    counts: list[list[int]] = []
    for count in (SMALL, LARGE):
        project = long(count)
        before = file.dump(project)
        results: list = []
        forth = [calls(lambda project=project, results=results: results.append(gesture(project)))]
        forth.append(calls(lambda project=project, results=results: results.append(results[0].apply(project))))
        back = calls(lambda project=project, results=results: results[1].apply(project))
        assert file.dump(project) == before
        counts.append([*forth, back])
    for small, large in zip(*counts, strict=True):
        assert large < 1.5 * LARGE / SMALL * small


def test_undoing_a_removal_adds_every_node_at_the_end() -> None:
    """Inserting a node before others moves all of these."""
    project = long(LARGE)
    back = removed(project).apply(project)
    added = [edit for edit in back.edits if hasattr(edit, "node")]
    assert [edit.index for edit in added] == list(range(len(added)))
