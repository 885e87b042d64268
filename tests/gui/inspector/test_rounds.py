"""The rounds of a loop, chosen on the page of a block's use."""

import pytest

from engine.graph.compose import make_block
from engine.graph.loops import LoopSettings
from gui.inspector.rounds_section import (
    A_NUMBER_OF_TIMES,
    CALLED,
    CARRIED,
    ENTRY,
    LAST,
    ONCE,
    OVER,
    SAME,
    STACKED,
    RoundsSection,
)
from tests.gui.canvas.hand import Steps
from tests.gui.inspector.inspector_fields import settle


@pytest.fixture
def rounds(inspector, document, selection) -> RoundsSection:
    """The section for a block use with one input and one output, which is called once."""
    document.do(make_block(document.project, "Net", ("conv1", "bn1", "act1"), "Stem"))
    selection.select(("stem",))
    return inspector.node.rounds


def pick(form, name: str, word: str) -> None:
    combo = form.rows[name].editor.combo
    combo.setCurrentText(word)
    combo.activated.emit(combo.currentIndex())


def test_a_use_becomes_a_loop_and_a_block_again(rounds, document, inspector, qtbot) -> None:
    def choose(form: str, name: str, word: str) -> None:
        pick(getattr(rounds, form), name, word)
        settle(qtbot, inspector)

    node = document.project.graphs["Net"].nodes["stem"]
    port_in, port_out = (next(iter(document.project.graphs["Stem"].of_kind(kind))) for kind in ("Input", "Output"))
    assert not rounds.section.isChecked()
    steps = Steps(document)
    choose("form", CALLED.name, OVER)
    assert steps.is_one()
    assert (node.kind, node.loop) == ("Loop", LoopSettings(over=((port_in, 1),), collect=(port_out,)))
    choose("ports", port_in, ENTRY.format(2))
    assert node.loop.over == ((port_in, 2),)
    choose("ports", port_out, LAST)
    assert node.loop.collect == ()
    choose("form", CALLED.name, A_NUMBER_OF_TIMES)
    choose("ports", port_in, CARRIED.format(port_out))
    assert node.loop == LoopSettings(count=3, carry=((port_in, port_out),))
    assert rounds.count.isVisibleTo(rounds)
    choose("ports", port_in, SAME)
    choose("ports", port_out, STACKED)
    assert node.loop == LoopSettings(count=3, collect=(port_out,))
    choose("form", CALLED.name, ONCE)
    assert (node.kind, node.loop) == ("Block", None)
