"""Analysis results of the project: at once by the rules, then by the worker."""

from copy import deepcopy

import pytest
from pytestqt.qtbot import QtBot

from engine.check.diagnostics import Diagnostic
from engine.check.rules import instant_problems, training_problems
from engine.graph.edits import MoveNodes, RemoveWire, SetParam
from engine.graph.model import Project
from engine.protocol.answers import Analysed
from gui.state.analysis_results import AnalysisResults, Owner
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
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


def test_a_broken_wire_is_a_problem_at_once(document: Document, results: AnalysisResults, qtbot: QtBot) -> None:
    results.take(answer(), document.revision)
    assert not results.problems

    with qtbot.waitSignal(results.changed):
        document.do(RemoveWire("Net", document.project.graphs["Net"].wires[0]))

    assert [each.code for each in results.problems] == ["G005"]  # only at the gap
    assert results.stale


def test_totals_are_partial_while_a_layer_has_no_shape(document: Document, results: AnalysisResults) -> None:
    results.take(answer(), document.revision)
    assert results.is_partial  # only conv1 has results
    whole = answer()
    layers = [name for name, node in document.project.graphs["Net"].nodes.items() if node.kind != "Input"]
    results.take(Analysed(1, (), dict.fromkeys(layers, whole.nodes["conv1"]), 320, 18432), document.revision)
    assert not results.is_partial


def test_a_move_changes_no_fact(document: Document, results: AnalysisResults) -> None:
    results.take(answer(), document.revision)

    document.do(MoveNodes("Net", {"conv1": (5.0, 5.0)}))

    assert not results.stale
    results.take(answer(SHAPE), document.revision - 1)  # from before the move, and still valid
    assert results.problems == (SHAPE,)
    assert not results.stale


def test_an_answer_older_than_what_is_shown_is_dropped(document: Document, results: AnalysisResults) -> None:
    results.take(answer(SHAPE), document.revision)

    results.take(answer(), document.revision - 1)

    assert results.problems == (SHAPE,)


def test_shapes_and_totals_are_taken_over(document: Document, results: AnalysisResults) -> None:
    results.take(answer(), document.revision)

    wire = next(wire for wire in document.project.graphs["Net"].wires if wire.source.node == "conv1")
    assert results.value(wire) == (("N", 32, 8, 8), "float")
    assert results.nodes["conv1"].derived == {"in_channels": 1}
    assert results.parameters == 320
    assert not results.stale


def test_the_worker_s_problems_stay_until_it_answers_again(
    document: Document, results: AnalysisResults, qtbot: QtBot
) -> None:
    results.take(answer(SHAPE), document.revision)

    with qtbot.waitSignal(results.changed):
        document.do(SetParam("Net", "fc1", "out_features", 0))

    assert [each.code for each in results.problems] == ["P002", "S001"]
    assert results.problems_of("Net", "fc1") == list(results.problems)
    results.take(answer(), document.revision)
    assert results.problems == ()


def test_an_answer_that_comes_late_does_not_hide_what_the_rules_say_now(
    document: Document, results: AnalysisResults, qtbot
) -> None:
    before = document.revision
    with qtbot.waitSignal(results.changed):
        document.do(SetParam("Net", "fc1", "out_features", 0))

    results.take(answer(SHAPE), before)

    assert [each.code for each in results.problems] == ["P002", "S001"]
    assert results.stale


def test_another_project_starts_from_nothing(document: Document, results: AnalysisResults) -> None:
    results.take(answer(SHAPE), document.revision)

    document.load(document.project)

    assert results.nodes == {}
    assert results.problems == ()
    assert results.stale


def test_a_line_belongs_to_a_node_of_the_class_around_it(document: Document, results: AnalysisResults) -> None:
    source = "x\n\n\nclass Stem(nn.Module):\n    a\n\n\nclass Net(nn.Module):\n    b\n\n\ndef losses():\n    c\n"

    results.take(answer(source=source, lines={5: "conv1", 9: "stem", 13: "loss"}), document.revision)

    assert results.lines == {5: Owner("Stem", "conv1"), 9: Owner("Net", "stem"), 13: Owner("Net", "loss")}


def broken(document: Document) -> None:
    project = deepcopy(document.project)
    del project.graphs["Net"].wires[0]
    document.load(project)


@pytest.mark.parametrize("asks", [lambda results: results.errors, lambda results: results.ask(), None])
def test_another_project_is_checked_in_a_later_event_or_when_needed(document, results, qtbot, asks) -> None:
    broken(document)
    assert results.problems == ()
    if asks:
        asks(results)
    else:
        qtbot.waitUntil(lambda: bool(results.problems))
    assert [each.code for each in results.problems] == ["G005"]


def test_an_answer_that_comes_first_is_shown_beside_the_rules(document, results) -> None:
    broken(document)
    document.do(SetParam("Net", "conv1", "out_channels", 8))
    results.take(answer(SHAPE), document.revision - 1)
    assert [each.code for each in results.problems] == ["G005", "S001"]


@pytest.mark.parametrize("turns", range(0, 14, 2))
@pytest.mark.parametrize("then", ["edit", "undo", "load", "answer", "nothing"])
def test_changes_during_the_check_of_a_large_project_are_checked_too(
    document, results, qtbot, monkeypatch, turns, then
):
    monkeypatch.setattr("gui.state.analysis_results.MAX_AT_ONCE", 0)
    monkeypatch.setattr("gui.system.time_slices.SLICE_S", 0.0)
    document.do(RemoveWire("Net", document.project.graphs["Net"].wires[0]))
    results._check_soon()
    for _ in range(turns):
        results._slices._step()
    problems = ()
    match then:
        case "edit":
            document.do(SetParam("Net", "conv1", "out_channels", 0))
        case "undo":
            document.history.undo()
        case "load":
            document.load(Project())
        case "answer":
            results.take(answer(SHAPE), document.revision - 1)
            problems = (SHAPE,)
    qtbot.waitUntil(lambda: results._slices.is_done and not results._check_timer.isActive())
    assert results.problems == (*instant_problems(document.project), *training_problems(document.project), *problems)
