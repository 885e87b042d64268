"""Random edits and gestures with a scene: it shows the graph after each, and after undo and redo of all."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.graph.edits import RenameNode
from gui.state.document import Document
from gui.state.selection import Selection
from tests.gui.canvas.in_step import assert_in_step, canvas_with_panels, goes_back_and_forth, spaced_out, text
from tests.gui.canvas.random_user import RandomUser
from tests.strategies import edits


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_edits_are_shown_and_go_back_and_forth(theme, actions, qapp, full, data) -> None:
    with canvas_with_panels(theme, actions, qapp, full) as canvas:
        document, selection = canvas.scene.document, canvas.scene.selection
        start = text(document)

        def look() -> None:
            qapp.processEvents()  # problems, forms, the tree
            assert_in_step(canvas)

        for _ in range(data.draw(st.integers(3, 12))):
            _act(data, document, selection)
            look()
        goes_back_and_forth(document, start, look)


@pytest.mark.parametrize(("port", "ends"), [("x", ("conv2.output", "stem.a")), ("y", ("stem.a", "out.input"))])
def test_a_port_renamed_within_a_block_renames_it_where_the_block_is_shown(canvas, document, port, ends) -> None:
    document.load(spaced_out())
    document.do(RenameNode("Stem", port, "a"))
    assert_in_step(canvas)
    assert ends in {(str(wire.source), str(wire.target)) for wire in canvas.scene.wires}
    document.history.undo()
    assert_in_step(canvas)


def _act(data: st.DataObject, document: Document, selection: Selection) -> None:
    """One random edit, or a step back, forth, into a block, out of it; or another selection."""
    match data.draw(st.sampled_from(("edit",) * 6 + ("undo", "redo", "dive", "up", "select"))):
        case "undo":
            document.history.undo()
        case "redo":
            document.history.redo()
        case "dive":
            selection.dive("stem")
        case "up":
            selection.up()
        case "select":
            selection.select(data.draw(st.sets(st.sampled_from([*selection.shown_graph.nodes, "ghost"]))))
        case _:
            document.do(data.draw(edits(document.project)))


@pytest.mark.parametrize("seed", range(4))
def test_random_gestures_are_shown_and_go_back_and_forth(canvas, hand, document, selection, full, seed) -> None:
    document.load(spaced_out())
    chance = Random(seed)
    start, user, acts = text(document), RandomUser(canvas, hand, chance), []
    for _ in range(1000 if full else 150):
        acts.append(user.act())
        assert not canvas.view.gesture, acts
        assert_in_step(canvas)
    assert document.history.count() > 10
    selection.open(())
    goes_back_and_forth(document, start, lambda: assert_in_step(canvas))
