"""Training longer: the dialog, the command of the trainer, and the progress until it starts."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.graph.model import SchedulePart
from engine.project import file as files
from engine.runs.events import Problem
from engine.runs.folder import RunFolder
from engine.runs.label import Label, write_label
from engine.runs.summary import summary
from gui.runs.commands.train_longer_dialog import LongerTraining, TrainLongerDialog
from gui.runs.context.progress import Progress
from gui.state.notices import Notice
from gui.workers.ending import ending

WAIT = 60_000


def finished(context, qtbot) -> Path:
    """A run of the fake trainer that has reached its end."""
    link, project = context.runs.link, context.document.project
    project.training = replace(project.training, epochs=2)
    with qtbot.waitSignal(link.ended, timeout=WAIT):
        run = link.start(context.document.project, context.document.path)
    assert summary(run).state == "finished"
    return run


def scheduled(run: Path, schedule: SchedulePart | None) -> None:
    """Give the run's project a schedule, as if it had been trained with it."""
    project = files.read(RunFolder(run).project)
    project.training = replace(project.training, schedule=schedule)
    files.write(RunFolder(run).project, project)


@pytest.fixture
def open_dialog(qtbot) -> Callable[[str], TrainLongerDialog]:
    def dialog_for(schedule: str) -> TrainLongerDialog:
        new_dialog = TrainLongerDialog("first", 20, schedule)
        qtbot.addWidget(new_dialog)
        new_dialog.show()
        qtbot.waitExposed(new_dialog)
        return new_dialog

    return dialog_for


def test_a_run_without_a_schedule_over_all_of_it_is_only_asked_for_its_epochs(open_dialog) -> None:
    dialog = open_dialog("")
    QTest.keyClicks(dialog.epochs, "50")  # replaces the selected text
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == TrainLongerDialog.DialogCode.Accepted
    assert dialog.answer == LongerTraining(50)


def test_the_schedule_begins_again_unless_it_is_to_be_stretched(open_dialog) -> None:
    dialog = open_dialog("OneCycleLR")
    assert dialog.answer == LongerTraining(40, "restart")
    QTest.mouseClick(dialog.ways["stretch"], Qt.MouseButton.LeftButton, pos=QPoint(12, 8))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert dialog.answer == LongerTraining(40, "stretch")
    assert dialog.result() == TrainLongerDialog.DialogCode.Accepted


def test_going_back_leaves_the_run_as_it_is(open_dialog) -> None:
    dialog = open_dialog("OneCycleLR")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == TrainLongerDialog.DialogCode.Rejected


@pytest.mark.parametrize(
    ("schedule", "named_schedule"),
    [
        (None, ""),
        (SchedulePart("OneCycleLR", {"max_lr": 0.1}), "OneCycleLR"),
        (SchedulePart("CosineAnnealingLR", {"T_max": 9}), ""),
        (SchedulePart("StepLR", {"step_size": 2}), ""),
        (SchedulePart("Unheard", {}), ""),
    ],
)
def test_the_question_names_a_schedule_that_covers_the_whole_run(
    schedule, named_schedule, training_actions, context, trainer, answers, qtbot
) -> None:
    run = finished(context, qtbot)
    scheduled(run, schedule)
    assert not training_actions.resume(run)
    assert answers.questions[-1] == (run.name, summary(run).epochs, named_schedule)


def test_the_question_calls_a_run_by_the_name_that_it_was_given(
    training_actions, context, trainer, answers, qtbot
) -> None:
    run = finished(context, qtbot)
    write_label(run, Label("more filters"))
    assert not training_actions.resume(run)
    assert answers.questions[-1][0] == "more filters"


def test_a_trainer_is_started_with_the_way_of_the_schedule(
    training_actions, context, trainer, answers, monkeypatch, qtbot
) -> None:
    run = finished(context, qtbot)
    commands: list[list[str]] = []

    def spawn(arguments: list[str], _log: Path) -> None:
        commands.append(arguments)
        raise OSError(5, "not now")

    monkeypatch.setattr("gui.workers.training_link.spawn", spawn)
    answers.epochs = LongerTraining(9, "stretch")
    assert not training_actions.resume(run)
    assert commands == [["resume", str(run), "--epochs", "9", "--schedule", "stretch"]]


def test_a_run_that_is_resumed_starts_and_does_not_finish(training_actions, context, trainer, answers, qtbot) -> None:
    runs = context.runs
    run = finished(context, qtbot)
    runs.current.show_run(run)
    qtbot.waitUntil(lambda: runs.follower.history(run).finished is not None, timeout=WAIT)
    progress = Progress(runs.link, runs.current, runs.follower, runs.project_runs)
    texts: list[str] = []
    progress.changed.connect(lambda text, _: texts.append(text))
    lock = RunFolder(run).hold()  # as a trainer does before it reads its data
    try:
        answers.epochs = LongerTraining(summary(run).epochs + 2)
        assert runs.link.follow(run)
        runs.link.trainer(run).poll()
        progress._update()
        assert texts[-1] == "starting..."
        assert context.actions["train.stop"].isEnabled()
    finally:
        lock.release()
    qtbot.waitUntil(lambda: runs.link.trainer(run) is None, timeout=WAIT)
    assert "finishing..." not in texts


def test_a_warning_of_a_training_at_work_is_shown_once_and_is_no_end(training_actions, context, trainer, qtbot) -> None:
    put: list[Notice] = []
    context.notices.show = put.append
    link, follower = context.runs.link, context.runs.follower
    run = finished(context, qtbot)
    context.runs.current.show_run(run)
    qtbot.waitUntil(lambda: follower.history(run) is not None, timeout=WAIT)
    history = follower.history(run)
    history.problems.append(
        Problem("R011", "warning", "The checkpoint 9 is damaged. The one of step 5 is used instead.")
    )
    training_actions._show_warnings(history)
    assert put == []  # the run is over, as the list shows
    lock = RunFolder(run).hold()
    try:
        assert link.follow(run)
        training_actions._show_warnings(history)
        training_actions._show_warnings(history)
    finally:
        lock.release()
    assert [notice.tone for notice in put] == ["info"]
    assert "The one of step 5 is used instead." in put[0].text
    qtbot.waitUntil(lambda: link.trainer(run) is None, timeout=WAIT)


def test_how_a_training_failed_is_not_read_from_its_warnings(context, trainer, tmp_path, qtbot) -> None:
    run = finished(context, qtbot)
    folder = RunFolder(Path(shutil.copytree(run, tmp_path / "copy")))
    lines = [
        {"event": "Problem", "t_s": 9.0, "code": "R031", "severity": "error", "message": "It is nan."},
        {"event": "Problem", "t_s": 9.0, "code": "R011", "severity": "warning", "message": "An older one."},
        {"event": "Finished", "t_s": 9.0, "reason": "failed", "epochs": 1, "metrics": {}, "best": {}},
    ]
    with folder.events.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    assert ending(folder, 1).text == "It is nan."
