"""The phases in the training form: a card each, every change one undo step, by real clicks and keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from engine.graph.compose import rename
from engine.graph.edits import SetTraining
from engine.graph.model import Clip, End, Graph, Node, Part, Phase, Project, SchedulePart, Training, Wire
from engine.graph.off import OFF
from gui.inspector.training.training_form import TrainingForm
from gui.inspector.training.training_params import LAST_EPOCH
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front

LEFT = Qt.MouseButton.LeftButton


def two_networks() -> Project:
    """Two networks with a loss each."""
    nodes = {
        "image": Node("Input", {"field": "image"}),
        "gen": Node("Linear", {"out_features": 4}),
        "disc": Node("Linear", {"out_features": 1}),
        "real_loss": Node("MSELoss"),
        "fool_loss": Node("MSELoss"),
    }
    wires = [
        Wire(End("image", "output"), End("gen", "input")),
        Wire(End("gen", "output"), End("disc", "input")),
        Wire(End("disc", "output"), End("fool_loss", "input")),
        Wire(End("gen", "output"), End("real_loss", "input")),
    ]
    return Project(graphs={"Net": Graph(nodes, wires)})


@pytest.fixture
def form(document: Document, theme: Theme, qtbot: QtBot) -> TrainingForm:
    document.load(two_networks())
    return in_front(TrainingForm(document, theme), qtbot, 300, 2600)


@pytest.fixture
def two(form: TrainingForm, document: Document) -> TrainingForm:
    phases = (Phase("critic", ("real_loss",), ("disc",)), Phase("generator", ("fool_loss",), ("gen",)))
    document.do(SetTraining(Training(phases=phases)))
    for card in form.phases.cards:
        click(card.head)
    document.history.clear()
    return form


def click(button: QPushButton | QToolButton) -> None:
    QTest.mouseClick(button, LEFT)


def enter(part, name: str, text: str) -> None:
    line = part.rows[name].editor.field
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClick(line, Qt.Key.Key_Return)


def choose(combo, text: str) -> None:
    at = combo.findText(text)
    assert at >= 0, [combo.itemText(each) for each in range(combo.count())]
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def phases(document: Document) -> tuple[Phase, ...]:
    return document.project.training.phases


def test_without_phases_there_is_one_button(form, document):
    assert form.phases.cards == []
    assert form.phases.add.text() == "Divide into phases"
    assert phases(document) == ()


def test_the_first_phase_takes_every_loss_and_changes_nothing_else(form, document):
    click(form.phases.add)
    assert phases(document) == (Phase("phase1", ("real_loss", "fool_loss")),)
    assert form.phases.cards[0].head.isChecked(), "it is open, to be configured"
    assert document.history.count() == 1
    click(form.phases.add)
    assert phases(document)[1] == Phase("phase2")
    document.history.undo()
    document.history.undo()
    assert phases(document) == ()
    assert form.phases.cards == []


def test_cards_are_moved_and_removed(two, document):
    click(two.phases.cards[0].buttons.down)
    assert [phase.name for phase in phases(document)] == ["generator", "critic"]
    assert [card.head.text() for card in two.phases.cards] == ["generator", "critic"]
    assert not two.phases.cards[0].buttons.up.isEnabled()
    assert not two.phases.cards[1].buttons.down.isEnabled()
    click(two.phases.cards[1].buttons.up)
    assert [phase.name for phase in phases(document)] == ["critic", "generator"]
    click(two.phases.cards[0].buttons.remove)
    assert [phase.name for phase in phases(document)] == ["generator"]
    assert document.history.count() == 3


def test_an_open_card_stays_open_when_another_is_removed(two):
    click(two.phases.cards[0].head)
    click(two.phases.cards[0].buttons.remove)
    assert two.phases.cards[0].head.isChecked()


def test_each_count_is_one_step(two, document):
    card = two.phases.cards[0]
    for name, text in (("times", "5"), ("every", "2"), ("accumulate", "4")):
        enter(card.counts, name, text)
    phase = phases(document)[0]
    assert (phase.times, phase.every, phase.accumulate) == (5, 2, 4)
    assert document.history.count() == 3
    assert document.history.undoText() == "Set accumulate of critic"


def test_epochs_are_open_at_both_ends(two, document):
    card = two.phases.cards[0]
    enter(card.counts, "first_epoch", "3")
    assert phases(document)[0].epochs == (3, LAST_EPOCH)
    enter(card.counts, "last_epoch", "9")
    assert phases(document)[0].epochs == (3, 9)
    enter(card.counts, "first_epoch", "")
    assert phases(document)[0].epochs == (1, 9)
    enter(card.counts, "last_epoch", "")
    assert phases(document)[0].epochs is None
    assert document.history.count() == 4


def test_losses_and_weights_are_chosen_from_the_graph(two, document):
    card = two.phases.cards[0]
    choose(card.losses.add, "fool_loss")
    assert phases(document)[0].losses == ("real_loss", "fool_loss")
    click(card.losses.lines["real_loss"].remove)
    assert phases(document)[0].losses == ("fool_loss",)
    choose(card.learns.add, "gen")
    assert phases(document)[0].learns == ("disc", "gen")
    for name in ("disc", "gen"):
        click(card.learns.lines[name].remove)
    assert phases(document)[0].learns is None, "none is named: all that the losses reach"
    assert card.learns.none.isVisible()
    assert document.history.count() == 5


def test_a_renamed_loss_is_offered_by_its_new_name(two, document):
    document.do(rename(document.project, "Net", "real_loss", "score"))
    assert list(two.phases.cards[0].losses.lines) == ["score"]
    options = [two.phases.cards[1].losses.add.itemText(at) for at in range(two.phases.cards[1].losses.add.count())]
    assert options == ["score"]


def test_a_name_that_is_not_in_the_graph_is_marked(two, document):
    training = document.project.training
    document.do(SetTraining(replace(training, phases=(replace(training.phases[0], losses=("gone",)),))))
    assert two.phases.cards[0].losses.lines["gone"].label.toolTip() == "gone is not in the main graph"


def test_a_phase_has_its_own_optimizer_and_schedule_or_the_common_ones(two, document):
    card = two.phases.cards[0]
    assert card.optimizer.combo.currentText() == card.schedule.combo.currentText() == "as above"
    choose(card.optimizer.combo, "SGD")
    enter(card.optimizer.form, "lr", "0.5")
    assert phases(document)[0].optimizer == Part("SGD", {"lr": 0.5})
    choose(card.schedule.combo, "CosineAnnealingLR")
    assert isinstance(phases(document)[0].schedule, SchedulePart)
    assert card.interval.isVisible()
    choose(card.schedule.combo, "as above")
    choose(card.optimizer.combo, "as above")
    assert phases(document)[0] == Phase("critic", ("real_loss",), ("disc",))
    assert document.history.count() == 5


def test_the_optimizers_of_a_phase_say_what_its_schedule_sets_of_them(two, document):
    card = two.phases.cards[0]
    choose(card.optimizer.combo, "SGD")
    click(card.other_optimizers.add)
    rows = card.optimizer.form.rows["lr"], card.other_optimizers.cards[0].optimizer.form.rows["lr"]
    document.do(SetTraining(replace(document.project.training, schedule=SchedulePart("OneCycleLR"))))
    says = "No effect: OneCycleLR sets it, up to max_lr = 0.01"
    assert [row.note.text() for row in rows] == [says, says]  # of the training's schedule, which it has too
    choose(card.schedule.combo, "none")
    assert not any(row.note.isVisible() for row in rows)


def test_a_phase_has_its_own_clipping_and_penalties_or_the_common_ones(two, document):
    card = two.phases.cards[0]
    choose(card.clip.rows["clip"].editor.combo, "value")
    enter(card.clip, "at", "0.01")
    enter(card.penalties, "l1", "0.25")
    enter(card.penalties, "l2", "0")
    phase = phases(document)[0]
    assert (phase.clip, phase.l1, phase.l2) == (Clip("value", 0.01), 0.25, 0.0)
    enter(card.penalties, "l1", "")
    enter(card.penalties, "l2", "")
    choose(card.clip.rows["clip"].editor.combo, "as above")
    assert phases(document)[0] == Phase("critic", ("real_loss",), ("disc",))
    assert document.history.count() == 7


def test_a_phase_can_do_without_a_schedule_and_clipping(two, document):
    card = two.phases.cards[0]
    choose(card.schedule.combo, "none")
    choose(card.clip.rows["clip"].editor.combo, "none")
    assert (phases(document)[0].schedule, phases(document)[0].clip) == (OFF, OFF)
    assert (card.schedule.combo.currentText(), card.clip.rows["clip"].editor.combo.currentText()) == ("none", "none")
    assert not card.interval.isVisible()
    choose(card.schedule.combo, "StepLR")
    choose(card.clip.rows["clip"].editor.combo, "norm")
    assert (phases(document)[0].schedule, phases(document)[0].clip) == (SchedulePart("StepLR"), Clip())
    choose(card.schedule.combo, "as above")
    choose(card.clip.rows["clip"].editor.combo, "as above")
    assert phases(document)[0] == Phase("critic", ("real_loss",), ("disc",))
    assert document.history.count() == 6


@pytest.mark.parametrize("name", ["generator", "3d", "class", "two words", ""])
def test_a_bad_name_is_refused_with_the_reason(two, document, name):
    card = two.phases.cards[0]
    enter(card.name, "name", name)
    assert phases(document)[0].name == "critic"
    if name:
        assert card.name.rows["name"].problem.isVisible()


def test_a_good_name_is_one_step(two, document):
    enter(two.phases.cards[0].name, "name", "judge")
    assert phases(document)[0].name == "judge"
    assert document.history.undoText() == "Rename critic to judge"
    assert two.phases.cards[0].head.text() == "judge"


def test_the_dot_has_the_colour_of_the_losses_on_the_canvas(two, theme):
    for at, card in enumerate(two.phases.cards):
        assert card.dot.colour == theme.tokens.phases[at]
        assert card.dot.grab().toImage().pixelColor(6, 6).name() == theme.tokens.phases[at]


def test_a_long_name_does_not_widen_the_form(two, document):
    training = document.project.training
    document.do(SetTraining(replace(training, phases=(replace(training.phases[0], name="p" * 60),))))
    assert two.minimumSizeHint().width() <= 288 - 2 * 12  # what the narrowest inspector leaves
