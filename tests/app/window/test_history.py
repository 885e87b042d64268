"""Clicks into the list of steps: the graph, the selection and the actions go back and forth with them."""

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.graph.edits import AddGraph, AddNode, Batch
from engine.graph.model import Graph, Node
from gui.theme import LIGHT
from tests.gui.canvas.in_step import assert_in_step

KEY = Qt.Key


@pytest.fixture
def person(start, worker):
    """At a window that shows the list, after three steps: a layer was bypassed, renamed and moved."""
    worker()
    person = start(None)
    person.press("welcome_close")
    person.context.actions["edit.history"].trigger()
    person.hand.click("fc1")
    person.key(KEY.Key_M)
    person.rename("dense")
    person.canvas.view.setFocus()
    person.hand.drag("dense", person.canvas.scene.nodes["dense"].scene_rect.center() + QPointF(0, 120))
    return person


def rows(person) -> list[str]:
    model = person.window.panels["history"].model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click(person, row: int) -> None:
    """On an entry: 0 is the project as it was opened."""
    view = person.window.panels["history"]
    index = view.model().index(row, 0)
    view.scrollTo(index)
    person.click(view.viewport(), view.visualRect(index).center())
    assert view.currentIndex().row() == row
    assert_in_step(person.canvas)


def state(person) -> tuple:
    actions, history = person.context.actions, person.document.history
    return history.index(), actions["edit.undo"].isEnabled(), actions["edit.redo"].isEnabled(), person.document.modified


def test_every_step_has_its_row(person) -> None:
    assert rows(person) == ["As opened", *(person.document.history.text(place) for place in range(3))]
    assert person.window.panels["history"].currentIndex().row() == 3
    assert state(person) == (3, True, False, True)


def test_a_click_goes_to_an_earlier_and_to_a_later_step(person) -> None:
    end, moved = person.text, person.graph.nodes["dense"].pos
    click(person, 1)
    assert "dense" not in person.graph.nodes
    assert person.graph.nodes["fc1"].bypass
    assert person.graph.nodes["fc1"].pos != moved
    assert state(person) == (1, True, True, True)
    click(person, 3)
    assert person.text == end
    assert state(person) == (3, True, False, True)
    click(person, 2)
    assert person.graph.nodes["dense"].pos != moved
    assert state(person) == (2, True, True, True)


def test_a_click_on_the_first_row_is_the_project_as_it_was_opened(person) -> None:
    end = person.text
    click(person, 0)
    assert "fc1" in person.graph.nodes
    assert not person.graph.nodes["fc1"].bypass
    assert state(person) == (0, False, True, False)
    click(person, 3)
    assert person.text == end


def test_the_selection_goes_with_the_names_it_has(person) -> None:
    assert person.context.selection.nodes == {"dense"}
    click(person, 1)
    assert person.context.selection.nodes == {"fc1"}
    click(person, 3)
    assert person.context.selection.nodes == {"dense"}


def test_what_a_click_takes_away_is_no_longer_selected(person) -> None:
    person.document.do(AddNode("Net", "extra", Node("Tanh", {}, (0.0, 900.0))))
    person.context.selection.select({"extra", "dense"})
    click(person, 3)
    assert person.context.selection.nodes == {"dense"}
    click(person, 4)
    assert "extra" in person.graph.nodes
    assert person.context.selection.nodes == {"dense"}


def test_a_step_after_a_click_back_takes_the_place_of_the_later_ones(person) -> None:
    click(person, 1)
    person.hand.click("fc1")
    person.key(KEY.Key_M)
    assert len(rows(person)) == 3
    assert not person.graph.nodes["fc1"].bypass
    assert state(person) == (2, True, False, True)


def test_what_was_typed_and_not_entered_is_a_step_before_the_click_goes_back(person) -> None:
    person.hand.click("dense")
    field = person.window.panels["inspector"].page.form.rows["out_features"].editor.field
    person.click(field)
    person.key(KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    person.write("77")
    click(person, 2)
    assert person.graph.nodes["dense"].params["out_features"] != 77
    person.context.actions["edit.redo"].trigger()
    person.context.actions["edit.redo"].trigger()
    assert person.graph.nodes["dense"].params["out_features"] == 77


def test_a_click_within_a_block_that_comes_later_leads_out_of_it(person) -> None:
    stem = AddNode("Net", "stem", Node("Block", pos=(0.0, 900.0), graph="Stem"))
    person.document.do(Batch("Add a block", (AddGraph("Stem", Graph({"x": Node("Input")})), stem)))
    person.canvas.reveal("stem.x")
    assert person.canvas.scene.graph_name == "Stem"
    click(person, 0)
    assert person.context.selection.path == ()
    assert person.canvas.scene.graph_name == "Net"
    click(person, 4)
    assert len(person.document.project.graphs) == 2


def test_the_sign_of_the_saved_step_is_of_the_theme_in_force(person) -> None:
    person.context.theme.set("light")
    image = person.window.panels["history"].cleanIcon().pixmap(32, 32).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert {pixel.name() for pixel in pixels if pixel.alpha() == 255} == {LIGHT.text_dim}
