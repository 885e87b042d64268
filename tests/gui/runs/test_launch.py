"""The start of a training: its snapshot, its folder, and what is cleaned up."""

import os
from pathlib import Path

from engine.errors import FileProblem
from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.project import file
from engine.runs.folder import RunFolder
from gui.workers import launch
from gui.workers.launch import Launch, with_absolute_paths
from tests.gui.runs.trainings import WAIT, begin, ended


def test_a_training_is_begun_on_a_snapshot_beside_the_file(link, trainer, saved, qtbot) -> None:
    saved.project.graphs["Net"].nodes["conv1"].params["out_channels"] = 5  # not saved

    run = begin(qtbot, link, saved)

    assert run.parent == saved.path.parent / "runs"
    assert run.name.startswith("net-")
    assert file.read(RunFolder(run).project).graphs["Net"].nodes["conv1"].params["out_channels"] == 5
    assert file.read(saved.path).graphs["Net"].nodes["conv1"].params["out_channels"] == 32
    assert sorted(path.name for path in saved.path.parent.iterdir()) == ["net.loom", "runs"]
    assert [path.name for path in run.parent.iterdir()] == [run.name]
    qtbot.waitUntil(lambda: RunFolder(run).log.read_text() == "trains\n", timeout=WAIT)


def test_an_unsaved_project_is_trained_in_the_users_folder(link, trainer, document, home, qtbot) -> None:
    run = begin(qtbot, link, document)

    assert run.parent == home / "data" / "runs"
    assert run.name.startswith("digits-cnn-")


def test_paths_of_the_data_stay_valid_in_a_snapshot_elsewhere(document, tmp_path) -> None:
    document.do(SetData(Data("Csv", {"path": "tables/a.csv", "target": "y"})))

    moved = with_absolute_paths(document.project, tmp_path)

    assert moved.data.params == {"path": str(tmp_path / "tables/a.csv"), "target": "y"}
    assert document.project.data.params["path"] == "tables/a.csv"


def test_a_folder_that_may_not_be_written_to_sends_the_run_to_the_users(saved, monkeypatch, home) -> None:
    put = file.put

    def refuse(path, data):
        if path.parent == saved.path.parent:
            raise FileProblem(f"Cannot write {path}.")
        put(path, data)

    monkeypatch.setattr(launch.file, "put", refuse)

    assert Launch.prepare(saved.project, saved.path).run.path.parent == home / "data" / "runs"
    assert [path.name for path in saved.path.parent.iterdir()] == ["net.loom"]


def test_what_a_window_left_that_was_closed_too_early_is_put_away_by_the_next_training(link, saved) -> None:
    base, runs = saved.path.parent, saved.path.parent / "runs"
    ready, lost, old = (Launch.prepare(saved.project, saved.path) for _ in range(3))
    RunFolder.create(ready.run.path, lambda folder: [file.write(folder / "project.loom", saved.project),
                                                    (folder / "checkpoints").mkdir()])  # fmt: skip
    ready.log.write_text("trains\n")
    os.utime(lost.log, (0, 0))

    latest = Launch.prepare(saved.project, saved.path)

    assert ready.run.log.read_text() == "trains\n"
    assert {path.name for path in base.iterdir()} == {"net.loom", "runs", old.snapshot.name, latest.snapshot.name}
    assert {path.name for path in runs.iterdir()} == {ready.run.path.name, old.log.name, latest.log.name}


def test_letting_go_of_a_training_that_was_stopped_at_its_beginning_leaves_nothing(link, trainer, saved) -> None:
    run = link.start(saved.project, saved.path)
    process = link.trainer(run)._process
    link.stop(run)
    assert link.trainer(run).phase == "starting"
    link.close()
    process.returncode = None  # the test waits for the process
    process.wait()
    assert [path.name for path in saved.path.parent.iterdir() if path != run.parent] == ["net.loom"]
    assert not list(run.parent.glob(".*.log"))


def test_stopping_before_the_folder_is_there_leaves_nothing(link, trainer, saved, qtbot) -> None:
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)
    link.stop(run)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    if run.exists():  # it was faster: then it was stopped by request, or by force on a busy machine
        assert endings[0].kind in ("stopped", "killed")
        return
    assert endings[0].kind == "stopped"
    assert [path.name for path in saved.path.parent.iterdir()] == ["net.loom"]


def test_a_trainer_that_is_killed_while_it_makes_the_folder_leaves_nothing(link, trainer, saved, qtbot) -> None:
    trainer("stuck")
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)
    qtbot.waitUntil(lambda: bool(list(run.parent.glob(".torchloom-*.tmp/project.loom"))), timeout=WAIT)
    link.stop(run)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "stopped"
    assert [path.name for path in saved.path.parent.iterdir()] == ["net.loom"]


def test_two_trainings_of_one_second_have_folders_of_their_own(link, trainer, saved, qtbot) -> None:
    runs = {link.start(saved.project, saved.path), link.start(saved.project, saved.path)}
    qtbot.waitUntil(lambda: all(run.exists() for run in runs), timeout=WAIT)
    assert len(runs) == 2


def test_a_place_that_cannot_be_written_to_is_reported(link, document, monkeypatch) -> None:
    failures = []
    link.failed.connect(failures.append)

    def refuse(*_):
        raise FileProblem("Cannot write there.")

    monkeypatch.setattr(launch.file, "put", refuse)

    assert link.start(document.project, document.path) is None
    assert failures == ["The training could not be started. Cannot write there."]
    assert not link.resume(Path("/no/such/run"))
    assert "could not be resumed" in failures[1]
