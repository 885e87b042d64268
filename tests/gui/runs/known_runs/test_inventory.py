"""The inventory of runs: which there are, and how they are read and listed."""

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from engine.runs import index
from gui.runs.known_runs.inventory import RunInventory, read
from gui.runs.table.columns import COLUMNS, metric, score
from gui.runs.table.table_model import RunsModel

WAIT = 60_000


@pytest.fixture(autouse=True)
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read all runs before anything else, however slow the machine is."""
    monkeypatch.setattr("gui.runs.known_runs.inventory.BUDGET_S", 60.0)


@pytest.fixture
def inventory(qapp) -> RunInventory:
    run_inventory = RunInventory()
    yield run_inventory
    run_inventory.close()


def copied(real_run: Path, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copytree(real_run, place))


def test_runs_beside_the_project_are_listed_newest_first(inventory, real_run, tmp_path) -> None:
    older, newer = (copied(real_run, tmp_path / "runs" / name) for name in ("a", "b"))
    text = (newer / "events.jsonl").read_text()
    (newer / "events.jsonl").write_text(text.replace('"started_at":"2', '"started_at":"3', 1))

    inventory.start(tmp_path)

    assert [run.path for run in inventory.runs] == [newer, older]
    run = inventory.find(older)
    assert (run.summary.state, run.target_epochs, run.in_project) == ("finished", 4, True)
    assert run.seconds > 0
    assert run.started.parameters == 33_866


def test_other_runs_of_the_index_are_not_in_the_project(inventory, real_run, tmp_path) -> None:
    far = copied(real_run, tmp_path / "elsewhere" / "a")
    index.remember(far)

    inventory.start(tmp_path / "project")

    assert [(run.path, run.in_project) for run in inventory.runs] == [(far, False)]


def test_a_run_that_is_started_elsewhere_appears(inventory, alone, tmp_path, qtbot) -> None:
    inventory.start(tmp_path)
    assert inventory.runs == ()

    with qtbot.waitSignal(inventory.found_alive, timeout=WAIT) as appeared:
        run = alone()

    assert appeared.args == [run.path]
    assert inventory.runs[0].is_alive


def test_a_run_that_dies_is_broken_off(inventory, alone, tmp_path, qtbot) -> None:
    run = alone()
    inventory.start(tmp_path)
    os.kill(alone.process[run.path].pid, signal.SIGKILL)
    alone.process[run.path].wait()

    qtbot.waitUntil(lambda: inventory.runs[0].summary.state == "interrupted", timeout=WAIT)


def test_a_run_that_is_deleted_leaves_the_list(inventory, real_run, tmp_path, qtbot) -> None:
    run = copied(real_run, tmp_path / "runs" / "a")
    inventory.start(tmp_path)
    shutil.rmtree(run)

    qtbot.waitUntil(lambda: inventory.runs == (), timeout=WAIT)


def test_what_is_no_run_is_passed_over(inventory, tmp_path) -> None:
    (tmp_path / "runs" / "empty").mkdir(parents=True)
    (tmp_path / "runs" / "file").write_text("text")
    inventory.start(tmp_path)
    assert inventory.runs == ()
    assert read(tmp_path / "runs" / "empty") is None


# The table


def test_a_row_has_state_metrics_and_times(real_run) -> None:
    run = read(real_run)
    texts = {column.title: column.text(run) for column in COLUMNS}
    assert texts["Run"] == "digits-1"
    assert texts["State"] == "Finished"
    assert texts["Epochs"] == "4"
    assert texts["At best epoch"].endswith("% accuracy")
    assert score(run)[0] == "val_accuracy"
    assert texts["Started"].startswith("today")
    assert texts["Validation loss"] == f"{metric('val_loss').raw(run):.3f}"


def test_rows_that_stay_keep_their_place(real_run, tmp_path, qtbot) -> None:
    runs = [read(copied(real_run, tmp_path / name)) for name in "abc"]
    model = RunsModel()
    model.set_runs(tuple(runs))
    resets = []
    model.modelReset.connect(lambda: resets.append(1))

    model.set_runs((runs[0], runs[2]))
    assert [model.run(row).path.name for row in range(model.rowCount())] == ["a", "c"]
    model.set_runs(tuple(runs))
    assert [model.run(row).path.name for row in range(model.rowCount())] == ["a", "b", "c"]
    changed = replace(runs[1], seconds=99.0)
    with qtbot.waitSignal(model.dataChanged):
        model.set_runs((runs[0], changed, runs[2]))
    assert resets == []
    model.set_runs((runs[2], runs[0]))
    assert resets == [1]


def test_runs_are_read_in_slices_and_listed_together(inventory, real_run, tmp_path, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("gui.runs.known_runs.inventory.BUDGET_S", 0.0)
    runs = {copied(real_run, tmp_path / "runs" / name) for name in ("a", "b", "c")}
    (tmp_path / "runs/b/project.loom").write_text("{}")
    lists = []
    inventory.changed.connect(lambda: lists.append({run.path for run in inventory.runs}))
    inventory.start(tmp_path)
    assert lists == []
    qtbot.waitUntil(lambda: bool(lists))
    assert lists == [runs]
    assert [run.path.name for run in inventory.runs if run.summary.damage] == ["b"]
