import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from engine.errors import FileProblem, RunProblem
from engine.project import durable
from engine.runs.events import Continued, EpochDone, Event, Finished, Paused, Predictions, Resumed, StepDone
from engine.runs.folder import RunFolder, new_name, refuse_used
from engine.runs.summary import list_runs, state, summary
from tests.engine.runs.run_folders import STARTED, fill, lines
from tests.fault import sweep
from tests.project_files import ROOT


def more(run: RunFolder, *events: Event) -> None:
    durable.append(run.events, lines(*events))


def test_the_layout_is_the_contracts(run):
    names = ("project", "model", "step", "train", "data", "events", "losses", "desired", "lock", "log", "checkpoints")
    assert " ".join(getattr(run, name).name for name in names) == (
        "project.loom model.py step.py train.py data.json events.jsonl losses.txt desired.json lock log.txt checkpoints"
    )


def test_a_run_folder_appears_complete_or_not_at_all_whatever_fails(tmp_path):
    numbers = count()

    def prepare():
        root = tmp_path / str(next(numbers))
        root.mkdir()
        return root

    for case in sweep(prepare, lambda root: RunFolder.create(root / "runs" / "one", fill)):
        run = RunFolder(case.root / "runs" / "one")
        assert run.is_run or not run.path.exists(), case
        assert case.error is not None or run.is_run, case
        if isinstance(case.error, FileProblem):
            assert "Cannot make" in case.error.message
            assert "runs/one" in case.error.message
        for each in list_runs(case.root):  # what a crash leaves is not a run
            assert each.path == run.path, case


def test_a_place_with_something_in_it_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    for place in (run.path, tmp_path / "file"):
        with pytest.raises(RunProblem, match=f"{place.name} is (not empty|a file)"):
            refuse_used(place)
        with pytest.raises(RunProblem, match=f"{place.name} is (not empty|a file)"):
            RunFolder.create(place, fill)
    assert (tmp_path / "file").read_text() == "mine"
    for place in (tmp_path / "empty", tmp_path / "new" / "deep"):
        refuse_used(place)
        assert RunFolder.create(place, fill).is_run


def test_the_default_name_has_project_and_time(tmp_path):
    assert re.fullmatch(r"digits-\d{8}-\d{6}", new_name(tmp_path, "digits").name)
    assert new_name(tmp_path, "digits").parent == tmp_path


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a b/c", "a-b-c-2"),
        ("../../etc/passwd", "etc-passwd-2"),
        ("", "run-2"),
        ("...", "run-2"),
        ("r\u00e9seau", "r\u00e9seau-2"),
        ("con\0\n", "con-2"),
        ("\U0001f642" * 9, "run-2"),
    ],
)
def test_any_project_name_makes_a_folder_name(tmp_path, name, begins):
    names = RunFolder.create(new_name(tmp_path, name), fill)
    assert names.path.name.startswith(begins)
    assert names.path.parent == tmp_path


def test_a_long_project_name_fits(tmp_path):
    assert len(new_name(tmp_path, "\u00e9" * 999).name.encode()) < 255


def test_two_runs_that_start_in_one_second_get_two_folders(tmp_path):
    place = new_name(tmp_path, "digits")
    for _ in range(2):
        refuse_used(place)  # both find it free
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: RunFolder.create(place, fill, or_next=True).path.name, range(8)))
    assert sorted(names) == [place.name, *(f"{place.name}-{number}" for number in range(2, 9))]
    assert new_name(tmp_path, "digits").name not in names


def test_what_is_no_run_is_reported(tmp_path):
    with pytest.raises(RunProblem, match="There is no run in"):
        RunFolder.open(tmp_path)
    with pytest.raises(RunProblem, match="There is no folder"):
        RunFolder.open(tmp_path / "missing")


@pytest.mark.parametrize(
    ("events", "dead", "alive"),
    [
        ([], "interrupted", "running"),
        ([Paused(3)], "interrupted", "paused"),
        ([Paused(3), Continued(3)], "interrupted", "running"),
        ([Finished("completed", 2, {}, {})], "finished", "running"),
        ([Finished("stopped", 2, {}, {})], "stopped", "running"),
        ([Finished("failed", 2, {}, {})], "failed", "running"),
        ([Finished("completed", 2, {}, {}), Resumed(9)], "interrupted", "running"),
        ([Paused(3), Resumed(3)], "interrupted", "running"),
        ([Finished("stopped", 1, {}, {}), Resumed(9), Finished("completed", 2, {}, {})], "finished", "running"),
        ([Finished("completed", 2, {}, {}), StepDone(1, (1.0,), 0.1, 0.1, 1.0)], "finished", "running"),
    ],
)
def test_the_state_of_a_run_follows_from_its_last_events_and_its_lock(run, events, dead, alive):
    more(run, *events)
    assert state(run.path) == dead
    with run.hold():
        assert state(run.path) == alive
    assert state(run.path) == dead


def test_a_run_without_its_files_is_lost(run):
    run.project.unlink()
    assert state(run.path) == "lost"
    assert state(run.path / "missing") == "lost"


TRAINER = """
import sys
from pathlib import Path
from engine.runs.folder import RunFolder
lock = RunFolder(Path(sys.argv[1])).hold()
print("holding", flush=True)
sys.stdin.read()
"""


def test_a_killed_trainer_is_noticed_at_once(run):
    with subprocess.Popen(
        [sys.executable, "-c", TRAINER, str(run.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as trainer:
        assert trainer.stdout.readline() == "holding\n"
        assert state(run.path) == "running"
        with pytest.raises(RunProblem, match="is being trained already"):
            run.hold()
        trainer.kill()
        trainer.wait(10)
        assert state(run.path) == "interrupted"
        run.hold().release()


def test_metrics_come_from_the_end_of_a_long_file(run):
    step = StepDone(1, (1.0,), 0.1, 0.1, 1.0)
    more(run, EpochDone(1, {"val_loss": 0.9}, 1.0), *[step] * 20_000, EpochDone(2, {"val_loss": 0.7}, 1.0), step)
    result = summary(run.path)
    assert (result.state, result.epochs, result.metrics, result.best) == ("interrupted", 2, {"val_loss": 0.7}, {})
    assert result.started_at == STARTED.started_at

    big = Predictions(tuple(range(30_000)), (), ())
    more(run, big, Finished("completed", 3, {"val_loss": 0.6}, {"val_loss": 0.5}, 2))
    result = summary(run.path)
    assert (result.state, result.epochs, result.metrics) == ("finished", 3, {"val_loss": 0.6})
    assert (result.best, result.best_epoch) == ({"val_loss": 0.5}, 2)


def test_a_partial_or_damaged_last_line_is_no_end(run):
    more(run, EpochDone(1, {"val_loss": 0.9}, 1.0))
    with run.events.open("ab") as file:
        file.write(b'\0\0\n{"event":"Finished","reason":"completed"')
    result = summary(run.path)
    assert (result.state, result.epochs) == ("interrupted", 1)
