"""The window's connection to trainings: real processes that respond, hang, fall silent, refuse and die."""

import os
import signal
import sys

import pytest

from engine.project import durable
from engine.runs.desired import read_desired
from engine.runs.events import Finished, Paused, encode
from engine.runs.folder import RunFolder
from engine.runs.summary import state, summary
from engine.runs.tail import read_events
from gui.workers.ending import Ending, ending, refusal
from gui.workers.lock_holder import holder
from gui.workers.trainer import Patience, Trainer
from gui.workers.training_link import TrainingLink
from tests.gui.runs.trainings import WAIT, begin, ended
from tests.sweeping import sweep


def test_pause_continue_and_stop_have_their_effect(link, trainer, saved, qtbot) -> None:
    endings = ended(qtbot, link)
    run = begin(qtbot, link, saved)

    link.pause(run)
    qtbot.waitUntil(lambda: state(run) == "paused", timeout=WAIT)
    assert link.trainer(run).request == "pause"

    link.unpause(run)
    qtbot.waitUntil(lambda: state(run) == "running", timeout=WAIT)

    link.stop(run)
    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "stopped"
    assert "kept" in endings[0].text
    assert state(run) == "stopped"
    assert len(link) == 0
    assert not link._timer.isActive()


def test_a_request_before_the_folder_exists_is_kept(link, trainer, saved, qtbot) -> None:
    run = link.start(saved.project, saved.path)
    link.pause(run)

    qtbot.waitUntil(lambda: run.exists() and state(run) == "paused", timeout=WAIT)


def test_a_deaf_training_is_ended_by_force_and_can_be_resumed(link, trainer, saved, qtbot) -> None:
    trainer("deaf")
    endings = ended(qtbot, link)
    run = begin(qtbot, link, saved)

    link.stop(run)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "killed"
    assert "did not stop by itself" in endings[0].text
    assert state(run) == "interrupted"


def test_a_training_that_falls_silent_is_reported(link, trainer, saved, qtbot) -> None:
    trainer("mute")
    changed = []
    link.changed.connect(changed.append)

    run = begin(qtbot, link, saved)
    qtbot.waitUntil(lambda: link.trainer(run).is_silent, timeout=WAIT)

    assert changed == [run]


def test_a_paused_training_is_not_called_silent(link, trainer, saved, qtbot) -> None:
    run = begin(qtbot, link, saved)
    link.pause(run)
    qtbot.waitUntil(lambda: state(run) == "paused", timeout=WAIT)
    looks = []
    trainer_of_run = link.trainer(run)
    look = trainer_of_run.poll
    trainer_of_run.poll = lambda: (looks.append(trainer_of_run.is_silent), look())

    qtbot.waitUntil(lambda: len(looks) > 8, timeout=WAIT)

    assert not any(looks)


def test_a_training_with_long_steps_is_not_called_silent(saved, trainer, qtbot) -> None:
    trainer("well", step_s=1.0)
    link = TrainingLink(patience=Patience(silent_s=1.5))
    run = begin(qtbot, link, saved)
    trainer_of_run = link.trainer(run)
    qtbot.waitUntil(lambda: trainer_of_run._longest_s > 0.5, timeout=WAIT)
    assert not trainer_of_run.is_silent
    trainer_of_run._process.kill()
    trainer_of_run._process.wait()
    link.close()


def test_a_refusal_names_the_node_and_leaves_nothing(link, trainer, saved, qtbot) -> None:
    trainer("refuse")
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0] == Ending("refused", "Linear wants 7 features, gets 64. Set in_features.", "head.input")
    assert not run.exists()
    assert [path.name for path in saved.path.parent.iterdir()] == ["net.loom"]


def test_a_lack_of_memory_is_reported_as_such(link, trainer, saved, qtbot) -> None:
    trainer("short")
    endings = ended(qtbot, link)
    link.start(saved.project, saved.path)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "out of memory"


def test_a_fault_is_reported_with_the_last_line_of_the_log(link, trainer, saved, qtbot) -> None:
    trainer("fault")
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "error"
    assert "ZeroDivisionError: a fault of our own" in endings[0].text
    assert "Traceback" in RunFolder(run).log.read_text()


def test_a_killed_training_is_reported_and_resumes(link, trainer, saved, qtbot) -> None:
    endings = ended(qtbot, link)
    run = begin(qtbot, link, saved)
    qtbot.waitUntil(lambda: summary(run).epochs > 0, timeout=WAIT)
    os.kill(link.trainer(run)._process.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind in ("killed", "out of memory")
    assert state(run) == "interrupted"

    with qtbot.waitSignal(link.appeared, timeout=WAIT):
        assert link.resume(run, epochs=2)
    qtbot.waitUntil(lambda: len(endings) == 2, timeout=WAIT)
    assert endings[1] == Ending("done", "Finished 2 epochs.")
    assert summary(run).epochs == 2
    assert RunFolder(run).log.read_text() == "trains\ntrains\n"


def test_a_run_whose_folder_vanishes_is_lost(link, trainer, saved, qtbot) -> None:
    endings = ended(qtbot, link)
    run = begin(qtbot, link, saved)
    sweep(run)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "lost"
    assert str(run) in endings[0].text


def test_a_run_whose_folder_vanishes_before_it_was_seen_is_lost_as_well(link, trainer, saved, qtbot) -> None:
    trainer("swept")
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0] == Ending("lost", f"The run folder {run} has vanished.")
    assert [path.name for path in saved.path.parent.iterdir()] == ["net.loom"]


def test_a_run_that_goes_with_all_the_others_is_lost_as_well(link, trainer, saved, qtbot) -> None:
    trainer("refuse")
    endings = ended(qtbot, link)
    run = link.start(saved.project, saved.path)
    sweep(run.parent)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert (endings[0].kind, str(run) in endings[0].text) == ("lost", True)


def test_a_training_that_was_found_is_followed_paused_and_stopped(link, alone, qtbot) -> None:
    endings = ended(qtbot, link)
    run = alone()

    with qtbot.waitSignal(link.appeared, timeout=WAIT):
        assert link.follow(run.path)
    link.pause(run.path)
    qtbot.waitUntil(lambda: state(run.path) == "paused", timeout=WAIT)
    link.stop(run.path)
    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "stopped"


def test_nothing_at_work_is_nothing_to_follow(link, tmp_path, real_run) -> None:
    assert not link.follow(tmp_path / "none")
    assert not link.follow(real_run)
    assert len(link) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell who holds a lock")
def test_a_deaf_training_that_was_found_is_ended_by_force(link, alone, trainer, qtbot) -> None:
    trainer("deaf")
    endings = ended(qtbot, link)
    run = alone()
    assert holder(run.lock) == alone.process[run.path].pid

    link.follow(run.path)
    link.stop(run.path)

    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "killed"


def test_a_training_outlives_the_window(trainer, saved, qtbot) -> None:
    first = TrainingLink()
    run = begin(qtbot, first, saved)
    process = first.trainer(run)._process
    qtbot.waitUntil(lambda: RunFolder(run).is_alive, timeout=WAIT)  # it takes the lock just after the folder appears
    first.close()
    assert RunFolder(run).is_alive

    second = TrainingLink()
    endings = ended(qtbot, second)
    assert second.follow(run)
    second.stop(run)
    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)
    assert endings[0].kind == "stopped"
    second.close()
    process.returncode = None
    process.wait()


def test_an_xray_keeps_the_requests_of_others(link, trainer, saved, qtbot) -> None:
    run = begin(qtbot, link, saved)
    link.pause(run)

    link.xray(run, ("conv1", "head"))

    desired = read_desired(RunFolder(run).desired)
    assert (desired.state, desired.xray) == ("pause", ("conv1", "head"))
    link.xray(run, ())
    assert read_desired(RunFolder(run).desired).xray == ()


def test_a_refusal_without_words_has_its_code() -> None:
    assert refusal("", 3, was_stopped=False).text == "The trainer ended with code 3: it wrote nothing."
    assert refusal("", -9, was_stopped=False).kind == "killed"
    how = refusal("torchloom: conv1: The data is gone. Put it back.\n", 1, was_stopped=False)
    assert (how.kind, how.node, how.text) == ("refused", "conv1", "The data is gone. Put it back.")


def test_endings_are_read_from_the_run_folder(alone, qtbot) -> None:
    run = alone()
    alone.process[run.path].kill()
    alone.process[run.path].wait()

    assert ending(run, None).kind == "killed"
    assert ending(run, 130).kind == "stopped"
    assert "another program has changed it" in ending(run, 0).text
    assert ending(RunFolder(run.path / "none"), 0).kind == "lost"


def test_a_trainer_that_has_ended_is_not_looked_at(alone) -> None:
    run = alone()
    trainer_of_run = Trainer(run)
    trainer_of_run.release()
    trainer_of_run.poll()
    assert trainer_of_run.phase == "ended"


def test_the_real_trainer_pauses_goes_on_and_stops(link, saved, qtbot) -> None:
    link._patience = Patience(asks_s=30.0)
    endings = ended(qtbot, link)
    run = begin(qtbot, link, saved)

    link.pause(run)
    qtbot.waitUntil(lambda: state(run) == "paused", timeout=WAIT)
    link.unpause(run)
    qtbot.waitUntil(lambda: state(run) == "running", timeout=WAIT)
    link.stop(run)
    qtbot.waitUntil(lambda: bool(endings), timeout=WAIT)

    assert endings[0].kind == "stopped"
    kinds = [type(event) for event in read_events(RunFolder(run).events)]
    assert kinds[-1] is Finished
    assert Paused in kinds


def test_an_end_before_the_last_epoch_has_a_reason(alone) -> None:
    run = alone()
    alone.process[run.path].kill()
    alone.process[run.path].wait()
    note = "Stopped early: val_loss was no better for 5 epochs."
    durable.Appender(run.events).write(encode(Finished("completed", 7, {}, {}, note=note)).encode() + b"\n")

    assert ending(run, 0) == Ending("done", f"Finished 7 epochs. {note}")
