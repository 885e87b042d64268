"""The training settings: forms from declarations, each change one undo step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.check.rules import instant_problems
from engine.graph.edits import AddNode, SetData, SetTraining
from engine.graph.model import Best, Clip, Data, EarlyStop, Node, OtherOptimizer, Part, Split, Training
from engine.project.file import from_json, to_json
from engine.protocol.answers import DevicesFound
from gui.forms.value_text import format_value
from gui.inspector.training.training_form import TrainingForm
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front


@pytest.fixture
def form(document: Document, theme: Theme, qtbot: QtBot) -> TrainingForm:
    return in_front(TrainingForm(document, theme), qtbot, 300, 1400)


def enter(part, name: str, text: str) -> None:
    line = part.rows[name].editor.field
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def choose(combo, text: str) -> None:
    at = combo.findText(text)
    assert at >= 0, [combo.itemText(each) for each in range(combo.count())]
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def flip(part, name: str) -> None:
    QTest.mouseClick(part.rows[name].editor.switch, Qt.MouseButton.LeftButton)


def test_each_change_is_one_undo_step(form: TrainingForm, document: Document) -> None:
    before = document.project.training
    enter(form.run, "epochs", "35")
    enter(form.run, "batch_size", "128")
    enter(form.run, "seed", "7")
    assert document.history.count() == 3
    training = document.project.training
    assert (training.epochs, training.batch_size, training.seed) == (35, 128, 7)
    for _ in range(3):
        document.history.undo()
    assert document.project.training == before
    assert form.run.rows["epochs"].editor.field.text() == "20"


def test_typing_is_one_step_when_it_ends(form, document) -> None:
    line = form.run.rows["epochs"].editor.field
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "123")
    assert document.history.count() == 0
    form.run.rows["seed"].editor.field.setFocus()
    assert document.project.training.epochs == 123
    assert document.history.count() == 1


def test_leaving_a_field_unchanged_is_no_step(form, document) -> None:
    enter(form.run, "epochs", "20")
    assert document.history.count() == 0


@pytest.mark.parametrize("name", ["epochs", "batch_size", "seed", "threads", "l1", "l2", "at", "patience", "min_delta"])
@pytest.mark.parametrize("text", ["9007199254740993", "1e300", "inf", "nan", "-", "3 5", "-1"])
def test_a_typed_value_is_refused_with_the_reason_or_fits_in_a_file(form, document, name, text) -> None:
    document.do(SetTraining(Training(clip=Clip(), early_stop=EarlyStop())))
    part = next(each for each in (form.run, form.details, form.clip, form.stop) if name in each.rows)
    before, row = document.project, part.rows[name]
    row.editor.field.setFocus()
    row.editor.field.selectAll()
    QTest.keyClicks(row.editor.field, text)
    problem = row.problem.text()
    QTest.keyClick(row.editor.field, Qt.Key.Key_Return)
    training = document.project.training
    assert from_json(to_json(document.project)).training == training
    if document.history.count() == 1:  # the setting is as it was
        assert problem.startswith(name), problem
        assert row.editor.field.text() == format_value(row.param, getattr(before.training, name, row.param.default))


def test_another_optimizer_keeps_compatible_values(form, document) -> None:
    enter(form.optimizer.form, "lr", "0.005")
    choose(form.optimizer.combo, "SGD")
    assert document.project.training.optimizer == Part("SGD", {"lr": 0.005})
    assert set(form.optimizer.form.rows) == {param.name for param in OPTIMIZERS["SGD"].params}
    enter(form.optimizer.form, "momentum", "0.9")
    flip(form.optimizer.form, "nesterov")
    assert document.project.training.optimizer.params == {"lr": 0.005, "momentum": 0.9, "nesterov": True}
    document.history.undo()
    document.history.undo()
    document.history.undo()
    assert document.project.training.optimizer.kind == "AdamW"
    assert form.optimizer.combo.currentText() == "AdamW"


def test_every_optimizer_and_schedule_has_a_form(form, document) -> None:
    for kind, declared in OPTIMIZERS.items():
        choose(form.optimizer.combo, kind) if form.optimizer.combo.currentText() != kind else None
        assert set(form.optimizer.form.rows) == {param.name for param in declared.params}
    for kind, declared in SCHEDULES.items():
        choose(form.schedule.combo, kind)
        assert set(form.schedule.form.rows) == {param.name for param in declared.params}


def test_schedules_come_and_go(form, document) -> None:
    choose(form.schedule.combo, "none")
    assert document.project.training.schedule is None
    assert not form.interval.isVisible()
    choose(form.schedule.combo, "StepLR")
    choose(form.interval.rows["every"].editor.combo, "epoch")
    schedule = document.project.training.schedule
    assert (schedule.kind, schedule.every) == ("StepLR", "epoch")
    enter(form.schedule.form, "step_size", "4")
    assert document.project.training.schedule.params == {"step_size": 4}


def test_an_optimizer_is_added_for_some_weights(form, document) -> None:
    before = document.project.training
    form.other_optimizers.add.click()
    form.other_optimizers.add.click()
    first, second = form.other_optimizers.cards
    choose(second.optimizer.combo, "SGD")
    enter(second.optimizer.form, "momentum", "0.5")
    assert not second.nodes.isHidden()
    assert first.nodes.isHidden()
    second.nodes.add.activated.emit(second.nodes.add.findText("head"))
    others = document.project.training.other_optimizers
    assert others == (OtherOptimizer("Muon"), OtherOptimizer("SGD", {"momentum": 0.5}, of=("head",)))
    choose(first.of.rows["for"].editor.combo, "nodes")
    assert document.project.training.other_optimizers[0].of == ()
    document.history.undo()
    first.remove.click()
    (card,) = form.other_optimizers.cards
    assert card.optimizer.combo.currentText() == "SGD"
    assert document.project.training.other_optimizers == others[1:]
    for _ in range(document.history.count()):
        document.history.undo()
    assert document.project.training == before
    assert form.other_optimizers.cards == []


def test_schedules_follow_each_other(form, document) -> None:
    choose(form.schedule.combo, "none")
    assert not form.later_schedules.isVisible()
    choose(form.schedule.combo, "LinearLR")
    form.later_schedules.add.click()
    form.later_schedules.add.click()
    enter(form.later_schedules.length, "steps", "50")
    middle, last = form.later_schedules.cards
    assert not middle.length.isHidden()
    assert last.length.isHidden()
    enter(middle.length, "epochs", "3")
    choose(last.schedule.combo, "ExponentialLR")
    schedule = document.project.training.schedule
    assert [(part.kind, part.steps, part.epochs) for part in schedule.parts] == [
        ("LinearLR", 50, None), ("CosineAnnealingLR", None, 3), ("ExponentialLR", None, None),
    ]  # fmt: skip
    assert from_json(to_json(document.project)).training == document.project.training
    choose(form.schedule.combo, "ConstantLR")
    assert document.project.training.schedule.then == schedule.then
    last.remove.click()
    assert [part.epochs for part in document.project.training.schedule.parts] == [None, None]


def test_weights_are_averaged(form, document) -> None:
    choose(form.average.combo, "SWA")
    enter(form.average.form, "first", "3")
    assert document.project.training.average == Part("SWA", {"first": 3})
    choose(form.average.combo, "none")
    assert document.project.training.average is None


def test_early_stop(form, document) -> None:
    assert not form.stop.rows["patience"].editor.isVisible()
    flip(form.stop, "early_stop")
    assert document.project.training.early_stop == EarlyStop("val_loss", 5, 0.0)
    enter(form.stop, "patience", "9")
    choose(form.stop.rows["watch"].editor.combo, "val_accuracy")
    assert document.project.training.early_stop == EarlyStop("val_accuracy", 9, 0.0)
    flip(form.stop, "early_stop")
    assert document.project.training.early_stop is None


def test_without_held_out_samples_the_training_loss_is_watched(form, document) -> None:
    document.do(SetData(Data("Digits", split=Split(validation=0.0))))
    flip(form.stop, "early_stop")
    assert document.project.training.early_stop.watch == "train_loss"
    assert not [each for each in instant_problems(document.project) if each.code == "T005"]


def test_new_metrics_can_be_watched(form, document) -> None:
    document.do(AddNode("Net", "f1", Node("F1Score")))
    choose(form.best.rows["best"].editor.combo, "val_f1")
    assert document.project.training.best == Best("val_f1")
    choose(form.best.rows["best"].editor.combo, "default")
    assert document.project.training.best == Best(None)


def test_clipping_and_penalties(form, document) -> None:
    choose(form.clip.rows["clip"].editor.combo, "norm")
    assert document.project.training.clip == Clip("norm", 1.0)
    enter(form.clip, "at", "0.5")
    assert document.project.training.clip == Clip("norm", 0.5)
    choose(form.clip.rows["clip"].editor.combo, "off")
    assert document.project.training.clip is None
    enter(form.details, "l2", "1e-4")
    enter(form.details, "threads", "2")
    flip(form.details, "drop_last")
    training = document.project.training
    assert (training.l2, training.threads, training.drop_last) == (1e-4, 2, True)


def test_reset_restores_the_default(form, document) -> None:
    enter(form.run, "epochs", "35")
    QTest.mouseClick(form.run.rows["epochs"].reset, Qt.MouseButton.LeftButton)
    assert document.project.training.epochs == Training().epochs


def test_tab_visits_the_reset_button_before_its_field(form, document) -> None:
    rows = form.run.rows | form.optimizer.form.rows
    for name in ("batch_size", "lr"):
        row = rows[name]
        assert "reset" not in vars(row)
        enter(form.run if name in form.run.rows else form.optimizer.form, name, "3")
        assert row.reset.isVisible()
        row.reset.setFocus()
        QTest.keyClick(row.reset, Qt.Key.Key_Tab)
        assert row.editor.field.hasFocus()
        QTest.keyClick(row.editor.field, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
        assert row.reset.hasFocus()


def test_devices_are_offered_by_name(form, document) -> None:
    form._offer_devices(DevicesFound(1, [{"name": "cpu", "text": "processor"}, {"name": "cuda:0", "text": "H100"}]))
    choose(form.run.rows["device"].editor.combo, "cuda:0 – H100")
    assert document.project.training.device == "cuda:0"


def test_an_invalid_setting_is_explained_beside_it(form, document) -> None:
    enter(form.run, "epochs", "0")
    row = form.run.rows["epochs"]
    assert row.problem.isVisible()
    assert row.problem.text() == "epochs must be 1 to 10000000, got 0"
    assert [each.code for each in instant_problems(document.project)] == ["T002"]


def test_a_change_from_elsewhere_is_shown(form, document) -> None:
    document.do(SetTraining(Training(epochs=77)))
    assert form.run.rows["epochs"].editor.field.text() == "77"
    assert form.schedule.combo.currentText() == "none"


def test_what_the_schedule_sets_of_the_optimizer_is_greyed_with_the_reason(form, document) -> None:
    choose(form.schedule.combo, "StepLR")
    assert not form.optimizer.form.rows["lr"].note.isVisible()
    choose(form.schedule.combo, "OneCycleLR")
    lr = form.optimizer.form.rows["lr"]
    assert lr.note.isVisible()
    assert lr.note.text() == "No effect: OneCycleLR sets it, up to max_lr = 0.01"
    assert lr.editor.field.property("idle")
    assert "OneCycleLR" in lr.editor.field.accessibleDescription()
    betas = form.optimizer.form.rows["betas"]
    assert betas.note.text() == "OneCycleLR sets the first of them, from 0.95 to 0.85 and back"
    assert not betas.editor.field.property("idle")  # the second one has an effect

    enter(form.schedule.form, "max_lr", "0.5")
    assert lr.note.text().endswith("max_lr = 0.5")
    flip(form.schedule.form, "cycle_momentum")
    assert not form.optimizer.form.rows["betas"].note.isVisible()
    assert form.schedule.form.rows["base_momentum"].note.text() == "No effect: cycle_momentum is off"

    enter(form.optimizer.form, "lr", "3")  # it can be typed nevertheless, for a training without the schedule
    assert [each.code for each in instant_problems(document.project) if each.severity == "warning"][-1] == "T011"
    choose(form.schedule.combo, "none")
    assert not form.optimizer.form.rows["lr"].note.isVisible()
    assert not form.optimizer.form.rows["lr"].editor.field.property("idle")


def test_further_optimizers_say_what_the_schedule_sets_of_them(form, document) -> None:
    form.other_optimizers.add.click()
    (card,) = form.other_optimizers.cards
    choose(card.optimizer.combo, "SGD")
    flip(card.optimizer.form, "nesterov")
    assert not card.optimizer.form.rows["lr"].note.isVisible()
    choose(form.schedule.combo, "OneCycleLR")
    assert card.optimizer.form.rows["lr"].note.text() == "No effect: OneCycleLR sets it, up to max_lr = 0.01"
    choose(form.schedule.combo, "none")
    assert not card.optimizer.form.rows["lr"].note.isVisible()


def test_later_schedules_say_what_moves_them_and_what_has_no_effect(form, document) -> None:
    choose(form.schedule.combo, "none")
    choose(form.schedule.combo, "LinearLR")
    form.later_schedules.add.click()
    (card,) = form.later_schedules.cards
    choose(card.interval.rows["every"].editor.combo, "step")
    schedule = document.project.training.schedule
    assert [part.every for part in schedule.parts] == [None, "step"]
    assert from_json(to_json(document.project)).training.schedule == schedule
    assert form.interval.rows["every"].editor.combo.currentText() == "default"
    document.history.undo()
    assert card.interval.rows["every"].editor.combo.currentText() == "default"

    choose(card.schedule.combo, "ReduceLROnPlateau")
    enter(card.schedule.form, "patience", "18")
    assert card.schedule.form.rows["patience"].note.text() == "No effect: training ends after epoch 20"
    enter(card.schedule.form, "patience", "10")
    assert not card.schedule.form.rows["patience"].note.isVisible()


def test_schedules_that_move_at_different_times_are_mended_by_one_click(form, document) -> None:
    choose(form.schedule.combo, "LinearLR")
    form.later_schedules.add.click()
    choose(form.interval.rows["every"].editor.combo, "step")
    (card,) = form.later_schedules.cards
    choose(card.interval.rows["every"].editor.combo, "epoch")
    (problem,) = [each for each in instant_problems(document.project) if each.code == "T029"]
    document.do(problem.fix.edit)
    assert [part.every for part in document.project.training.schedule.parts] == ["step", "step"]
    assert card.interval.rows["every"].editor.combo.currentText() == "step"
    assert "T029" not in [each.code for each in instant_problems(document.project)]


def test_a_patience_longer_than_the_training_is_explained(form, document) -> None:
    flip(form.stop, "early_stop")
    assert not form.stop.rows["patience"].note.isVisible()
    enter(form.run, "epochs", "6")
    assert form.stop.rows["patience"].note.text() == "No effect: training ends after epoch 6"
    assert form.stop.rows["patience"].note.isVisible()
    enter(form.stop, "patience", "4")
    assert not form.stop.rows["patience"].note.isVisible()
