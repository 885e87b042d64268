"""The run that the live panel shows, and the gradients of its nodes on the canvas."""

import shutil
from pathlib import Path

import pytest

from engine.project import file
from engine.project.templates import template
from engine.runs.desired import read_desired
from gui.runs.context.activity import levels, mark
from tests.fault import shut

WAIT = 60_000


@pytest.fixture(autouse=True)
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read all runs before anything else, however slow the machine is."""
    monkeypatch.setattr("gui.runs.known_runs.inventory.BUDGET_S", 60.0)


def copied(real_run: Path, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copytree(real_run, place))


def test_a_started_training_is_shown(context, trainer, qtbot) -> None:
    runs = context.runs
    run = runs.link.start(context.document.project, context.document.path)
    assert runs.current.run == run
    with qtbot.waitSignal(runs.current.advanced, timeout=WAIT):
        pass
    assert runs.current.history.started is not None


def test_the_last_run_of_the_project_is_shown_when_it_is_opened(context, real_run) -> None:
    folder = context.document.path.parent / "runs"
    copied(real_run, folder / "other-1")
    mine = copied(real_run, folder / "net-20260101-101010")

    context.runs.start(context.document)

    assert context.runs.current.run == mine


def test_a_training_that_is_found_at_work_is_shown_and_steered(context, alone, qtbot) -> None:
    run = alone()
    context.runs.start(context.document)

    assert context.runs.current.run == run.path
    assert context.runs.link.trainer(run.path) is not None
    context.runs.link.pause(run.path)
    assert read_desired(run.desired).state == "pause"


def test_a_chosen_run_stays_in_sight(context, real_run, alone, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    context.runs.current.show_run(run)
    alone()
    context.runs.start(context.document)
    assert context.runs.current.run == run


def test_another_project_lets_go_of_a_run_that_is_over(context, real_run) -> None:
    context.runs.current.show_run(real_run)
    context.document.load(file.parse(template("digits-cnn").text(), "digits-cnn"))
    assert context.runs.current.run is None


def test_a_folder_of_runs_that_may_not_be_looked_into_lists_none_until_it_may(context, real_run, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    inventory = context.runs.inventory
    context.runs.start(context.document)
    assert inventory.find(run)
    with shut(context.document.path.parent):
        inventory.refresh()
        qtbot.waitUntil(lambda: inventory.find(run) is None, timeout=WAIT)
    inventory.refresh()
    qtbot.waitUntil(lambda: inventory.find(run) is not None, timeout=WAIT)


def test_a_run_that_vanishes_is_let_go_of(context, real_run, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    context.runs.start(context.document)
    assert context.runs.current.run == run
    shutil.rmtree(run)
    qtbot.waitUntil(lambda: context.runs.current.run is None, timeout=WAIT)


def test_levels_are_steps_of_two_around_the_median() -> None:
    node_levels = levels(
        {"a": 1.0, "b": 2.0, "c": 4.0, "d": 0.5, "e": 1.0, "f": 0.0, "g": 1e9, "h": float("nan"), "i": 1e-9}
    )
    assert node_levels == {"a": 4, "b": 5, "c": 6, "d": 3, "e": 4, "f": 0, "g": 8, "h": 8, "i": 1}
    assert levels({}) == {}
    assert levels({"a": 0.0}) == {"a": 0}


def test_a_mark_is_believed_when_it_stays() -> None:
    assert mark([1.0, 1.0, 1e9], 1.0) is None
    assert mark([1e9, 1e9, 1e9], 1.0) == "exploding"
    assert mark([1.0, float("inf")], 1.0) == "exploding"
    assert mark([1.0, 1e-9, 1e-9, 1e-9], 1.0) == "vanishing"
    assert mark([], 1.0) is None


def test_the_canvas_shows_gradients_until_the_training_ends(context, trainer, qtbot) -> None:
    runs, activities = context.runs, []
    runs.activity.activity.connect(activities.append)
    run = runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(activities), timeout=WAIT)
    assert activities[0] == {"conv1": 3, "fc1": 4, "head": 5}
    assert runs.activity.norms("fc1")[-1] == 2.0

    runs.link.stop(run)
    qtbot.waitUntil(lambda: activities[-1] == {}, timeout=WAIT)


def test_selected_nodes_are_looked_at_first(context, trainer, qtbot) -> None:
    runs = context.runs
    run = runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(runs.activity.norms("head")), timeout=WAIT)

    context.selection.select(["head"])

    qtbot.waitUntil(lambda: read_desired(run / "desired.json").xray == ("head", "conv1", "fc1"), timeout=WAIT)
    context.selection.clear()
    qtbot.waitUntil(lambda: read_desired(run / "desired.json").xray == (), timeout=WAIT)
