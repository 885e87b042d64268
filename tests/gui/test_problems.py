"""The list of problems: what is wrong, where it is, and what fixes it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.check.diagnostics import Diagnostic, Fix
from engine.graph.compose import make_block
from engine.graph.edits import AddNode, SetData, SetParam, SetTraining
from engine.graph.model import Data, Node, Training
from engine.protocol.answers import Analysed
from gui.actions.actions import Actions
from gui.problems.checks import checks, untrained
from gui.problems.problems_panel import ProblemsPanel
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def panel(document, selection, results, theme: Theme, actions: Actions, qtbot: QtBot) -> ProblemsPanel:
    return in_front(ProblemsPanel(document, selection, results, theme, actions), qtbot, 330, 400)


def add_problems(document: Document, panel: ProblemsPanel, qtbot: QtBot) -> None:
    """Two errors and a warning."""
    document.do(SetParam("Net", "conv1", "out_channels", 0))
    document.do(SetParam("Net", "head", "out_featurse", 3))
    document.do(AddNode("Net", "lost", Node("ReLU")))
    qtbot.waitUntil(lambda: len(panel.problems) == 3)


def lines_of(panel: ProblemsPanel) -> list[str]:
    return [line.text.text() for line in panel.checks if line.isVisible()]


def test_problems_come_worst_first_with_their_fixes(panel, document, qtbot) -> None:
    add_problems(document, panel, qtbot)
    cards = [card for card in panel.cards if card.isVisible()]
    assert [card.problem.code for card in cards] == ["P002", "P001", "G008"]
    assert panel.count.text() == "2 errors, 1 to finish"
    assert cards[1].accessibleName().startswith("error P001 at head: head has no parameter out_featurse.")
    assert cards[1].fix.text() == "Remove out_featurse"


def test_a_click_selects_the_node(panel, document, selection, qtbot) -> None:
    add_problems(document, panel, qtbot)
    with qtbot.waitSignal(panel.revealed) as revealed:
        QTest.mouseClick(panel.cards[1], Qt.MouseButton.LeftButton)
    assert selection.nodes == {"head"}
    assert revealed.args[0].code == "P001"


def test_a_fix_is_one_undo_step(panel, document, qtbot) -> None:
    add_problems(document, panel, qtbot)
    steps = document.history.count()
    QTest.mouseClick(panel.cards[1].fix, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.problems) == 2)
    assert document.history.count() == steps + 1
    assert document.history.undoText() == "Remove out_featurse"
    document.history.undo()
    qtbot.waitUntil(lambda: len(panel.problems) == 3)


def test_the_key_goes_through_all_problems(panel, document, selection, actions, qtbot) -> None:
    add_problems(document, panel, qtbot)
    visited = []
    for _ in range(4):
        actions["graph.next_problem"].trigger()
        visited.append(*selection.nodes)
    assert visited == ["conv1", "head", "lost", "conv1"]
    assert panel.cards[0].property("current") is True
    assert panel.cards[1].property("current") is False


def test_the_place_is_kept_when_a_problem_goes(panel, document, selection, qtbot) -> None:
    add_problems(document, panel, qtbot)
    panel.go_to_next()
    panel.go_to_next()
    assert selection.nodes == {"head"}
    document.do(SetParam("Net", "conv1", "out_channels", 8))
    qtbot.waitUntil(lambda: len(panel.problems) == 2)
    panel.go_to_next()
    assert selection.nodes == {"lost"}


def test_keys_move_and_choose_within_the_list(panel, document, selection, qtbot) -> None:
    add_problems(document, panel, qtbot)
    panel.cards[0].setFocus()
    QTest.keyClick(panel.cards[0], Qt.Key.Key_Down)
    assert panel.cards[1].hasFocus()
    QTest.keyClick(panel.cards[1], Qt.Key.Key_Return)
    assert selection.nodes == {"head"}


def test_a_problem_inside_a_block_opens_the_block(panel, document, selection, qtbot) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1", "act1"], "Stem"))
    document.do(SetParam("Stem", "conv1", "out_channels", 0))
    qtbot.waitUntil(lambda: len(panel.problems) == 1)
    panel.go_to_next()
    assert (selection.graph, selection.nodes) == ("Stem", {"conv1"})


def test_a_training_problem_shows_the_training(panel, document, selection, qtbot) -> None:
    selection.select(("conv1",))
    document.do(SetTraining(Training(epochs=0)))
    qtbot.waitUntil(lambda: len(panel.problems) == 1)
    panel.go_to_next()
    assert not selection.nodes


def test_a_data_problem_is_revealed(panel, document, qtbot) -> None:
    document.do(SetData(Data("Csv", {"target": "y"})))
    qtbot.waitUntil(lambda: bool(panel.problems))
    with qtbot.waitSignal(panel.revealed) as revealed:
        panel.go_to_next()
    assert revealed.args[0].code == "D108"


def test_passed_checks_are_listed_when_results_are_there(panel, document, results, qtbot) -> None:
    assert lines_of(panel) == ["11 nodes, 10 wires", "shapes are being worked out …"]
    nodes = {"conv1": {"outputs": {}, "parameters": 320, "macs": 0}}
    results.take(Analysed(1, (), nodes, 320, 0, "a\nb\n", {}), document.revision)
    qtbot.waitUntil(lambda: len(lines_of(panel)) == 4)
    assert lines_of(panel) == [
        "11 nodes, 10 wires",
        "shapes agree on every wire",
        "every parameter gets a gradient",
        "model.py is written: 2 lines",
    ]
    assert panel.count.text() == "none"


def test_a_layer_that_feeds_no_loss_is_named(document, results) -> None:
    document.do(AddNode("Net", "extra", Node("Linear", {"out_features": 3})))
    nodes = {name: {"outputs": {}, "parameters": 9, "macs": 0} for name in ("conv1", "extra")}
    results.take(Analysed(1, (), nodes, 18, 0), document.revision)
    assert list(untrained(document.project, results)) == ["extra"]


def test_many_problems_stay_a_short_list(panel, document, results, qtbot) -> None:
    many = tuple(Diagnostic("S001", "error", f"wrong {at}", node="fc1", graph="Net") for at in range(500))
    results.take(Analysed(1, many, {}, 0, 0), document.revision)
    qtbot.waitUntil(lambda: len(panel.problems) == 500)
    assert len(panel.cards) == 60
    assert panel._more.text() == "and 440 more"
    for _ in range(70):
        panel.go_to_next()
    assert panel._current == 69


def test_after_a_fix_the_keyboard_is_on_no_other_button(panel, document, qtbot) -> None:
    add_problems(document, panel, qtbot)
    panel.cards[1].fix.setFocus()
    QTest.keyClick(panel.cards[1].fix, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(panel.problems) == 2)
    assert panel.hasFocus()


@pytest.mark.parametrize("width", [200, 236, 330])
def test_a_card_stays_within_its_list_whatever_its_text(panel, document, results, qtbot, width) -> None:
    edit = SetParam("Net", "head", "out_features", 3)
    long = Diagnostic(
        "S010", "warning", "A_name_without_a_place_to_break_it_that_is_long gets 64 scores.", "Set it to 3.",
        node="head_of_the_whole_network", port="input", graph="Net",
        fix=Fix("Set out_features of head_of_the_whole_network to 3", edit),
    )  # fmt: skip
    many = tuple(replace(long, message=f"{long.message} {at}") for at in range(9))
    results.take(Analysed(1, many, {}, 0, 0), document.revision)
    panel.resize(width, 300)
    qtbot.waitUntil(lambda: len(panel.cards) == 9 and panel.area.viewport().width() <= width)
    panel.area.widget().layout().activate()
    for card in panel.cards:
        assert card.geometry().right() < panel.area.viewport().width()
        assert card.fix.mapTo(card, card.fix.rect().topRight()).x() < card.width()
    QTest.mouseClick(panel.cards[0].fix, Qt.MouseButton.LeftButton)
    assert document.project.graphs["Net"].nodes["head"].params["out_features"] == 3


def test_a_panel_of_one_line_shows_the_worst_problem_or_the_passed_checks(panel, document, results, qtbot) -> None:
    panel.resize(1280, 35)
    results.take(Analysed(1, (), {}, 0, 0, "a = 1\n", {}, {}), document.revision)
    panel.refresh()
    assert not panel.area.isVisible()
    lines = [line for line in panel.head.checks if line.isVisible()]
    assert [line.text.text() for line in lines] == texts_of_checks(document, results)
    assert all(line.width() >= line.sizeHint().width() for line in lines)  # nothing is cut

    add_problems(document, panel, qtbot)

    assert panel.head.line.text() == panel.problems[0].message
    assert not any(line.isVisible() for line in panel.head.checks)
    QTest.mouseClick(panel.head.fix, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.problems) == 2)


def test_the_list_asks_for_room_on_request_and_gives_it_back(panel, document, actions, qtbot) -> None:
    panel.resize(1280, 35)
    add_problems(document, panel, qtbot)
    assert not panel.is_open  # an edit without Train or F8 opens nothing
    with qtbot.waitSignal(panel.open_changed) as signal:
        actions["graph.next_problem"].trigger()
    assert signal.args == [True]
    with qtbot.waitSignal(panel.open_changed) as signal:
        while document.history.canUndo():
            document.history.undo()
    assert signal.args == [False]


def texts_of_checks(document: Document, results: AnalysisResults) -> list[str]:
    return [check.text for check in checks(document.project, results)]
