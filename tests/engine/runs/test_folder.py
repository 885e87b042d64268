import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from engine.errors import FileProblem, RunProblem
from engine.project import durable
from engine.runs import index
from engine.runs.desired import Desired, Watch, read_desired, write_desired
from engine.runs.events import (
    Continued,
    EpochDone,
    Event,
    Finished,
    Paused,
    Predictions,
    Resumed,
    Started,
    StepDone,
    encode,
)
from engine.runs.folder import RunFolder, new_name, refuse_used
from engine.runs.index import adopt, adoptions, known_runs, remember
from engine.runs.summary import list_runs, state, summary
from tests.fault import sweep
from tests.project_files import ROOT

STARTED = Started({"torch": "2"}, "cpu", 1, 5, "hash", started_at="2026-11-03T12:00:00+00:00")


def lines(*events: Event) -> bytes:
    return "".join(encode(event) + "\n" for event in events).encode()


def fill(folder: Path) -> None:
    durable.replace(folder / "project.loom", b"{}")
    durable.replace(folder / "events.jsonl", lines(STARTED))
    (folder / "checkpoints" / "0").mkdir(parents=True)


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "runs" / "one", fill)


def more(run: RunFolder, *events: Event) -> None:
    durable.append(run.events, lines(*events))


def test_the_layout_is_the_contracts(run):
    names = ("project", "model", "step", "train", "data", "events", "losses", "desired", "lock", "log", "checkpoints")
    assert " ".join(getattr(run, name).name for name in names) == (
        "project.loom model.py step.py train.py data.json events.jsonl losses.txt desired.json lock log.txt checkpoints"
    )


# Creating a run folder


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
        for each in list_runs(case.root):  # what a crash leaves is no run
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


# The state of a run


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


# The list


def test_runs_are_found_from_each_folder_around_them(tmp_path):
    runs = [RunFolder.create(tmp_path / "runs" / name, fill).path for name in ("one", "two")]
    (tmp_path / "runs" / "empty").mkdir()
    (tmp_path / "runs" / ".torchloom-1.tmp").mkdir()
    fill(tmp_path / "runs" / ".torchloom-1.tmp")
    (tmp_path / "notes.txt").write_text("")
    assert {each.path for each in list_runs(tmp_path)} == set(runs)
    assert {each.path for each in list_runs(tmp_path / "runs")} == set(runs)
    assert [each.path for each in list_runs(runs[0])] == runs[:1]
    assert list_runs(tmp_path / "runs" / "empty") == []
    for nothing in (tmp_path / "notes.txt", tmp_path / "missing"):
        with pytest.raises(RunProblem, match="There is no folder"):
            list_runs(nothing)


def test_the_newest_run_comes_first(tmp_path):
    for name, started_at in (("a", "2026-01-02"), ("b", "2026-01-03"), ("c", "2026-01-01")):
        run = RunFolder.create(tmp_path / name, fill)
        durable.replace(run.events, lines(Started({}, "cpu", 1, 1, "h", started_at=started_at)))
    assert [each.name for each in list_runs(tmp_path)] == ["b", "a", "c"]


def test_without_a_place_the_known_runs_and_those_here_are_listed_once(tmp_path, monkeypatch):
    far = RunFolder.create(tmp_path / "far" / "one", fill).path
    here = RunFolder.create(tmp_path / "here" / "runs" / "two", fill).path
    monkeypatch.chdir(tmp_path / "here")
    assert remember(far)
    assert remember(here)
    assert sorted(each.name for each in list_runs()) == ["one", "two"]


# The index


def test_the_index_drops_deleted_runs_and_keeps_those_on_absent_disks(run, tmp_path):
    unplugged = tmp_path / "stick" / "run"
    for path in (run.path, tmp_path / "runs" / "deleted", unplugged):
        remember(path)
    assert known_runs() == [run.path, unplugged]
    assert [each.state for each in list_runs() if each.path == unplugged] == ["lost"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"runs": 3}',
        b'{"runs": [1, null]}',
        b'{"adopted": {"a": 1}}',
        b'{"adopted": []}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_damaged_index_is_replaced(run, home, damage):
    remember(run.path)
    (home / "data" / "runs.json").write_bytes(damage)
    assert known_runs() == []
    assert remember(run.path)
    assert known_runs() == [run.path]


def test_the_index_has_the_runs_of_a_project_from_before_it_was_saved(run, tmp_path):
    project, deleted = tmp_path / "mine.loom", tmp_path / "runs" / "deleted"
    assert adopt(project, [deleted, run.path])
    assert adopt(project, [run.path])
    assert adopt(tmp_path / "empty.loom", [deleted])
    assert adoptions() == {str(project): [run.path]}
    assert remember(run.path)
    assert adoptions() == {str(project): [run.path]}
    assert known_runs() == [run.path]


def test_the_index_moves_the_runs_of_a_project_that_is_saved(run, tmp_path):
    other = tmp_path / "runs" / "other"
    other.mkdir()
    assert adopt("untitled:1", [run.path])
    assert adoptions() == {"untitled:1": [run.path]}
    assert adopt(tmp_path / "mine.loom", [other], before="untitled:1")
    assert adoptions() == {str(tmp_path / "mine.loom"): [run.path, other]}


def test_the_index_is_bounded_and_holds_each_run_once(tmp_path, monkeypatch):
    monkeypatch.setattr(index, "_MOST", 3)
    paths = [tmp_path / str(number) for number in range(5)]
    for path in paths:
        path.mkdir()
    for path in (*paths, paths[3]):
        remember(path)
    assert known_runs() == [paths[2], paths[4], paths[3]]


def test_runs_that_start_at_once_are_all_remembered(tmp_path):
    paths = [tmp_path / str(number) for number in range(8)]
    for path in paths:
        path.mkdir()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(remember, paths))
    assert set(known_runs()) == set(paths)


def test_an_index_that_cannot_be_written_stops_nothing(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TORCHLOOM_HOME", str(tmp_path / "file"))
    assert remember(run.path) is False
    assert known_runs() == []


def test_a_relative_run_is_remembered_where_it_is(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    remember(Path("runs/one"))
    assert known_runs() == [run.path]


# Requests


def test_a_request_survives_its_file(run):
    assert read_desired(run.desired) == Desired()
    write_desired(run.desired, Desired("pause", ("stem.conv1",)))
    assert read_desired(run.desired) == Desired("pause", ("stem.conv1",))
    assert b'"version":1' in run.desired.read_bytes()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"state": "fly"}', b'{"xray": 3}', b"[]", b"\xff", b"[" * 100_000])
def test_a_request_that_cannot_be_read_is_reported_and_changes_nothing(run, damage):
    watch = Watch(run.desired)
    write_desired(run.desired, Desired("pause"))
    assert watch.look().state == "pause"
    run.desired.write_bytes(damage)
    assert watch.look().state == "pause"
    with pytest.raises(RunProblem, match=r"desired\.json cannot be read"):
        read_desired(run.desired)
    write_desired(run.desired, Desired("stop"))
    assert watch.look().state == "stop"


def test_fields_of_a_newer_version_are_skipped(run):
    run.desired.write_text('{"version": 2, "state": "stop", "xray": ["a"], "speed": 3}')
    assert read_desired(run.desired) == Desired("stop", ("a",), 2)


def test_watching_reads_only_what_has_changed(run, monkeypatch):
    watch = Watch(run.desired)
    reads = []
    real = read_desired

    def counting(path):
        reads.append(path)
        return real(path)

    monkeypatch.setattr("engine.runs.desired.read_desired", counting)
    for _ in range(100):
        assert watch.look() == Desired()
    write_desired(run.desired, Desired("stop"))
    for _ in range(100):
        assert watch.look().state == "stop"
    assert len(reads) == 2
    run.desired.unlink()
    assert watch.look() == Desired()


def test_two_requests_of_equal_length_in_one_moment_are_distinguished(run):
    watch = Watch(run.desired)
    for node in "abcdefgh":
        write_desired(run.desired, Desired("run", (node,)))
        assert watch.look().xray == (node,)
