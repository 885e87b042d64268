"""What is known of the project: at once by the rules, then by the worker."""

from copy import deepcopy

import pytest
from pytestqt.qtbot import QtBot

from engine.check.diagnostics import Diagnostic
from engine.check.rules import instant, trainable
from engine.graph.edits import MoveNodes, RemoveWire, SetParam
from engine.graph.model import Project
from engine.protocol.answers import Analysed
from gui.state.analysis_results import Facts, Owner
from gui.state.document import Document


def answer(*problems: Diagnostic, **more) -> Analysed:
    nodes = {
        "conv1": {
            "outputs": {"output": ["N", 32, 8, 8]},
            "elements": {"output": "float"},
            "parameters": 320,
            "macs": 18432,
            "derived": {"in_channels": 1},
        }
    }
    return Analysed(1, problems, nodes, 320, 18432, **more)


SHAPE = Diagnostic("S001", "error", "Linear wants 512, gets 2048.", node="fc1", graph="Net")


@pytest.fixture
def facts(document: Document) -> Facts:
    return Facts(document, document)


def test_a_broken_wire_is_told_at_once(document: Document, facts: Facts, qtbot: QtBot) -> None:
    facts.take(answer(), document.revision)
    assert not facts.problems

    with qtbot.waitSignal(facts.changed):
        document.do(RemoveWire("Net", document.project.graphs["Net"].wires[0]))

    assert [each.code for each in facts.problems] == ["G005"]  # at the gap alone
    assert facts.stale


def test_totals_are_partial_while_a_layer_has_no_shape(document: Document, facts: Facts) -> None:
    facts.take(answer(), document.revision)
    assert facts.is_partial  # of all layers only conv1 is known
    whole = answer()
    layers = [name for name, node in document.project.graphs["Net"].nodes.items() if node.kind != "Input"]
    facts.take(Analysed(1, (), dict.fromkeys(layers, whole.nodes["conv1"]), 320, 18432), document.revision)
    assert not facts.is_partial


def test_a_move_changes_no_fact(document: Document, facts: Facts) -> None:
    facts.take(answer(), document.revision)

    document.do(MoveNodes("Net", {"conv1": (5.0, 5.0)}))

    assert not facts.stale
    facts.take(answer(SHAPE), document.revision - 1)  # from before the move, and as good
    assert facts.problems == (SHAPE,)
    assert not facts.stale


def test_an_answer_older_than_what_is_shown_is_dropped(document: Document, facts: Facts) -> None:
    facts.take(answer(SHAPE), document.revision)

    facts.take(answer(), document.revision - 1)

    assert facts.problems == (SHAPE,)


def test_shapes_and_figures_are_taken_over(document: Document, facts: Facts) -> None:
    facts.take(answer(), document.revision)

    wire = next(wire for wire in document.project.graphs["Net"].wires if wire.source.node == "conv1")
    assert facts.value(wire) == (("N", 32, 8, 8), "float")
    assert facts.nodes["conv1"].derived == {"in_channels": 1}
    assert facts.parameters == 320
    assert not facts.stale


def test_the_worker_s_problems_stay_until_it_answers_again(document: Document, facts: Facts, qtbot: QtBot) -> None:
    facts.take(answer(SHAPE), document.revision)

    with qtbot.waitSignal(facts.changed):
        document.do(SetParam("Net", "fc1", "out_features", 0))

    assert [each.code for each in facts.problems] == ["P002", "S001"]
    assert facts.about("Net", "fc1") == list(facts.problems)
    facts.take(answer(), document.revision)
    assert facts.problems == ()


def test_an_answer_that_comes_late_does_not_hide_what_the_rules_say_now(
    document: Document, facts: Facts, qtbot
) -> None:
    before = document.revision
    with qtbot.waitSignal(facts.changed):
        document.do(SetParam("Net", "fc1", "out_features", 0))

    facts.take(answer(SHAPE), before)

    assert [each.code for each in facts.problems] == ["P002", "S001"]
    assert facts.stale


def test_another_project_starts_from_nothing(document: Document, facts: Facts) -> None:
    facts.take(answer(SHAPE), document.revision)

    document.load(document.project)

    assert facts.nodes == {}
    assert facts.problems == ()
    assert facts.stale


def test_a_line_belongs_to_a_node_of_the_class_around_it(document: Document, facts: Facts) -> None:
    source = "x\n\n\nclass Stem(nn.Module):\n    a\n\n\nclass Net(nn.Module):\n    b\n\n\ndef losses():\n    c\n"

    facts.take(answer(source=source, lines={5: "conv1", 9: "stem", 13: "loss"}), document.revision)

    assert facts.lines == {5: Owner("Stem", "conv1"), 9: Owner("Net", "stem"), 13: Owner("Net", "loss")}


def broken(document: Document) -> None:
    project = deepcopy(document.project)
    del project.graphs["Net"].wires[0]
    document.load(project)


@pytest.mark.parametrize("asks", [lambda facts: facts.errors, lambda facts: facts.ask(), None])
def test_another_project_is_judged_in_a_turn_of_its_own_or_when_needed(document, facts, qtbot, asks) -> None:
    broken(document)
    assert facts.problems == ()
    if asks:
        asks(facts)
    else:
        qtbot.waitUntil(lambda: bool(facts.problems))
    assert [each.code for each in facts.problems] == ["G005"]


def test_an_answer_that_comes_first_is_told_beside_the_rules(document, facts) -> None:
    broken(document)
    document.do(SetParam("Net", "conv1", "out_channels", 8))
    facts.take(answer(SHAPE), document.revision - 1)
    assert [each.code for each in facts.problems] == ["G005", "S001"]


@pytest.mark.parametrize("turns", range(0, 14, 2))
@pytest.mark.parametrize("then", ["edit", "undo", "load", "answer", "nothing"])
def test_what_comes_while_a_large_project_is_judged_is_judged_too(document, facts, qtbot, monkeypatch, turns, then):
    monkeypatch.setattr("gui.state.analysis_results.MOST_AT_ONCE", 0)
    monkeypatch.setattr("gui.system.time_slices.SLICE_S", 0.0)
    document.do(RemoveWire("Net", document.project.graphs["Net"].wires[0]))
    facts._judge_by_size()
    for _ in range(turns):
        facts._turns._step()
    told = ()
    match then:
        case "edit":
            document.do(SetParam("Net", "conv1", "out_channels", 0))
        case "undo":
            document.history.undo()
        case "load":
            document.load(Project())
        case "answer":
            facts.take(answer(SHAPE), document.revision - 1)
            told = (SHAPE,)
    qtbot.waitUntil(lambda: facts._turns.is_done and not facts._soon.isActive())
    assert facts.problems == (*instant(document.project), *trainable(document.project), *told)
