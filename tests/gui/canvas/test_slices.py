"""Edits and gestures while a scene, a layout or a paste is only half done in its time slices."""

from collections.abc import Callable
from itertools import count
from random import Random

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.graph.edits import AddNode
from engine.graph.model import Node, Project
from gui.canvas.canvas import Canvas
from gui.theme import Theme
from tests.gui.canvas.in_step import (
    assert_in_step,
    canvas_with_panels,
    goes_back_and_forth,
    spaced_out,
    text,
    turn_until,
)
from tests.gui.canvas.random_user import RandomUser


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw whatever differs, lay out any graph, and paste anything, in slices of one step each."""
    monkeypatch.setattr("gui.canvas.editing.graph_commands.LONG", 0)
    monkeypatch.setattr("gui.canvas.scene.sync.MAX_AT_ONCE", 0)
    monkeypatch.setattr("gui.canvas.editing.arranger.MAX_ANIMATED", 0)
    monkeypatch.setattr("gui.system.time_slices.SLICE_S", 0.0)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("seed", range(6))
def test_gestures_while_the_scene_is_being_drawn_go_back_and_forth(canvas, hand, document, selection, full, seed):
    document.load(spaced_out())
    chance, half_drawn = Random(seed), 0
    start, user, acts = text(document), RandomUser(canvas, hand, chance), []
    for number in range(400 if full else 80):
        acts.append(user.act())
        half_drawn += not canvas.scene.is_complete
        if chance.random() < 0.3:
            QApplication.processEvents()
        if number % 9 == 8:
            assert_in_step(canvas)
    assert half_drawn > 4
    selection.open(())
    goes_back_and_forth(document, start, QApplication.processEvents)
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("seed", range(12))
def test_changes_between_two_slices_lose_nothing(theme, actions, qapp, seed) -> None:
    chance = Random(seed)
    with canvas_with_panels(theme, actions, qapp, full=True) as canvas:
        acts = interruptions(canvas, theme, chance)
        for _ in range(60):
            chance.choice(acts)()
            for _ in range(chance.choice((0, 0, 1, 4))):
                qapp.processEvents()
        canvas.arranger.finish()
        turn_until(qapp, lambda: canvas.scene.is_complete)
        assert_in_step(canvas)
        assert all(item._paints is canvas.scene.paints for item in canvas.scene.nodes.values())


def interruptions(canvas: Canvas, theme: Theme, chance: Random) -> list[Callable[[], object]]:
    """What a user may do at any time."""
    document, selection = canvas.scene.document, canvas.scene.selection
    numbers = count()

    def add() -> None:
        node = Node(chance.choice(("Linear", "ReLU")), {}, (chance.uniform(0, 900), chance.uniform(0, 900)))
        document.do(AddNode(selection.graph, f"new{next(numbers)}", node))

    def select() -> None:
        selection.select(chance.sample(sorted(selection.shown_graph.nodes), len(selection.shown_graph.nodes) // 2))

    return [
        add,
        add,
        select,
        document.history.undo,
        document.history.redo,
        lambda: document.load(chance.choice((spaced_out, Project))()),
        lambda: theme.set(chance.choice(("light", "dark"))),
        lambda: selection.dive("stem"),
        selection.up,
        canvas.scene.follow_results,
        canvas.fit,
        canvas.arrange,
    ]


@pytest.fixture
def half_arranged(canvas, document, in_slices) -> dict[str, tuple[float, float]]:
    """A layout in progress; gives the places after it."""
    document.load(spaced_out())
    canvas.arrange()
    canvas.arranger.finish()
    places = {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    document.history.undo()
    canvas.scene.finish()
    canvas.arrange()
    for _ in range(3):
        canvas.arranger._turns._step()
    assert not canvas.arranger._turns.is_done
    assert places != {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    return places


def test_a_layout_is_finished_between_events(canvas, half_arranged, qapp) -> None:
    turn_until(qapp, lambda: canvas.arranger._turns.is_done and canvas.scene.is_complete)
    assert half_arranged == {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    assert_in_step(canvas)


def test_undo_during_a_layout_takes_it_back(canvas, document, half_arranged, qapp) -> None:
    before = text(document)
    document.history.undo()
    assert text(document) == before
    document.history.redo()
    turn_until(qapp, lambda: canvas.scene.is_complete)
    assert half_arranged == {name: node.pos for name, node in canvas.scene.graph.nodes.items()}


def test_an_edit_during_a_layout_is_a_step_after_it(canvas, document, half_arranged) -> None:
    steps = document.history.index()
    document.do(AddNode("Net", "new", Node("ReLU")))
    assert document.history.index() == steps + 2
    assert half_arranged.items() <= {name: node.pos for name, node in canvas.scene.graph.nodes.items()}.items()
    assert_in_step(canvas)


@pytest.mark.usefixtures("half_arranged")
def test_a_step_chosen_from_the_list_ends_a_layout_in_progress(canvas, document) -> None:
    document.do(AddNode("Net", "new", Node("ReLU")))
    canvas.arrange()
    before, index = text(document), document.history.index()
    document.history.setIndex(index - 1)  # as the list does
    document.history.setIndex(index)
    assert text(document) == before
    assert canvas.arranger._turns.is_done


@pytest.mark.usefixtures("half_arranged")
@pytest.mark.parametrize("leave", ["dive", "load", "save"])
def test_a_graph_is_arranged_before_it_is_left_or_saved(canvas, document, selection, half_arranged, leave) -> None:
    project = document.project
    match leave:
        case "dive":
            selection.dive("stem")
        case "load":
            document.load(Project())
        case "save":
            document.settle()
    assert half_arranged == {name: node.pos for name, node in project.graphs["Net"].nodes.items()}
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("then", ["nothing", "undo", "edit", "paste", "dive", "load"])
def test_a_paste_in_progress_is_finished_before_anything_else(canvas, document, selection, qapp, then) -> None:
    document.load(spaced_out())
    project, before = document.project, len(document.project.graphs["Net"].nodes)
    selection.select(["conv1", "conv2"])
    canvas.commands.copy()
    canvas.commands.paste(QPointF(900, 900))
    assert len(project.graphs["Net"].nodes) == before
    more = {"nothing": 2, "undo": 0, "edit": 3, "paste": 4, "dive": 2, "load": 2}[then]
    match then:
        case "undo":
            document.history.undo()
        case "edit":
            document.do(AddNode("Net", "new", Node("ReLU")))
        case "paste":
            canvas.commands.paste(QPointF(0, 900))
        case "dive":
            selection.dive("stem")
        case "load":
            document.load(Project())
    turn_until(qapp, lambda: canvas.commands._sliced.is_done and canvas.scene.is_complete)
    assert len(project.graphs["Net"].nodes) == before + more
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("again", [False, True])
def test_another_graph_is_painted_when_it_is_whole(canvas, document, qapp, again) -> None:
    viewport = canvas.view.viewport()
    document.load(spaced_out())
    assert not viewport.updatesEnabled()
    if again:
        qapp.processEvents()
        document.load(spaced_out())
    turn_until(qapp, lambda: canvas.scene.is_complete)
    assert viewport.updatesEnabled()
    document.do(AddNode("Net", "new", Node("ReLU")))
    assert viewport.updatesEnabled()
