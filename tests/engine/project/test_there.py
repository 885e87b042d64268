"""Files in an unreadable folder count as missing, and nothing that belongs to them is dropped."""

from pathlib import Path

from engine.project.existence import is_file, is_folder, is_there, nearest_folder
from engine.runs import index
from engine.runs.folder import RunFolder
from engine.runs.summary import state
from tests.fault import shut


def test_files_and_folders_exist_as_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert (is_there(file), is_file(file), is_folder(file)) == (True, True, False)
    assert (is_there(tmp_path), is_file(tmp_path), is_folder(tmp_path)) == (True, False, True)
    assert not is_there(tmp_path / "none")


def test_the_nearest_folder_is_the_closest_one_that_exists(tmp_path: Path) -> None:
    assert nearest_folder(tmp_path) == tmp_path
    assert nearest_folder(tmp_path / "gone" / "deeper") == tmp_path


def test_nothing_exists_in_an_unreadable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with shut(tmp_path):
        assert not is_there(tmp_path / "file")
        assert not is_file(tmp_path / "file")
        assert not is_folder(tmp_path / "file")
    assert not is_there(loop)
    assert not is_there(tmp_path / "a\0b")


def test_a_run_in_an_unreadable_folder_was_not_removed_and_stays_known(home: Path, tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "runs" / "net-1", lambda folder: (folder / "project.loom").touch())
    index.remember(run.path)
    with shut(tmp_path / "runs"):
        assert not run.is_run
        assert not run.has_vanished
        assert state(run.path) == "lost"
        assert run.path in index.known_runs()
    (run.path / "lock").touch()
    assert not run.has_vanished
    (run.path / "project.loom").unlink()
    assert run.has_vanished  # the lock was made while the rest was swept away
    run.lock.unlink()
    run.path.rmdir()
    assert run.has_vanished
    assert run.path not in index.known_runs()
