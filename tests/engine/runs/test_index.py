"""Which runs are listed, and the index that remembers them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import RunProblem
from engine.project import durable
from engine.runs import index
from engine.runs.events import Started
from engine.runs.folder import RunFolder
from engine.runs.index import adopt, adoptions, known_runs, remember
from engine.runs.summary import list_runs
from tests.engine.runs.run_folders import fill, lines


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
