"""The standby trainer: when there is one, how a training takes it, and what happens without it."""

import os
import sys
from pathlib import Path

import pytest

from engine import program
from gui.preferences.preferences import Preferences
from gui.workers import standby as module
from gui.workers.standby import Standby
from gui.workers.trainer import Patience
from gui.workers.training_link import TrainingLink
from tests.gui.runs.conftest import FAKE, WAIT, end

WAITS = """
import json, os, runpy, sys
line = sys.stdin.readline()
if line:
    command = json.loads(line)
    log = os.open(command["log"], os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1), os.dup2(log, 2)
    sys.argv = [{fake!r}, *command["arguments"]]
    runpy.run_path({fake!r}, run_name="__main__")
"""


@pytest.fixture
def waiting(trainer, monkeypatch) -> None:
    """Make standby processes run the fake trainer, too."""
    usual = program.command
    waits = (sys.executable, "-c", WAITS.format(fake=str(FAKE)))
    monkeypatch.setattr(program, "command", lambda name: waits if name == "engine.cli.standby" else usual(name))


@pytest.fixture
def settings(document) -> Preferences:
    return Preferences(document)


@pytest.fixture
def standby(waiting, settings, document):
    standby = Standby(settings, document, idle_ms=1)
    yield standby
    standby.close()


@pytest.fixture
def link(standby, qtbot):
    link = TrainingLink(patience=Patience(), standby=standby)
    yield link
    end(link)
    link.deleteLater()


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() if sys.platform == "linux" else os.kill(pid, 0) is None


def test_the_one_that_waits_becomes_the_trainer_and_another_comes_after_the_training(standby, link, saved, qtbot):
    standby.start()
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    pid = standby.pid

    run = link.start(saved.project, saved.path)

    assert link.trainer(run)._process.pid == pid
    assert standby.pid == 0
    qtbot.waitUntil(run.exists, timeout=WAIT)
    qtbot.wait(20)
    assert standby.pid == 0, "none is loaded beside a training"
    link.stop(run)
    qtbot.waitUntil(lambda: not len(link), timeout=WAIT)
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    assert standby.pid != pid


def test_none_is_loaded_beside_a_training_by_an_edit_or_the_setting(standby, link, settings, saved, qtbot):
    run = link.start(saved.project, saved.path)
    for change in (
        standby.put_off,
        lambda: settings.set("keep_trainer", False),
        lambda: settings.set("keep_trainer", True),
    ):
        change()
        qtbot.wait(20)
        assert standby.pid == 0
    link.stop(run)
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)


def test_none_is_loaded_beside_a_training_that_was_found_at_work(standby, link, alone, qtbot):
    standby.start()
    link.follow(alone().path)
    standby.put_off()
    qtbot.wait(20)
    assert standby.pid == 0


def test_its_output_is_in_the_log_of_the_run(standby, link, saved, qtbot):
    standby.start()
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)

    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(lambda: (run / "log.txt").exists() and (run / "log.txt").read_text() == "trains\n", timeout=WAIT)


def test_a_training_starts_without_it(standby, link, saved, qtbot):
    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(run.exists, timeout=WAIT)


def test_one_that_has_died_is_not_missed(standby, link, saved, qtbot):
    standby.start()
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    standby._process.kill()
    standby._process.wait()

    run = link.start(saved.project, saved.path)

    qtbot.waitUntil(run.exists, timeout=WAIT)


def test_an_edit_puts_it_off(settings, waiting, document, qtbot):
    standby = Standby(settings, document, idle_ms=200)
    standby.start()
    for _ in range(10):
        qtbot.wait(40)
        standby.put_off()
    assert standby.pid == 0
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    standby.close()


def test_the_setting_ends_it_and_brings_it_back(standby, settings, qtbot):
    standby.start()
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    pid = standby.pid

    settings.set("keep_trainer", False)
    assert standby.pid == 0
    assert not lives(pid)
    qtbot.wait(30)
    assert standby.pid == 0

    settings.set("keep_trainer", True)
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)


def test_a_small_machine_keeps_none(standby, monkeypatch, qtbot):
    monkeypatch.setattr(module, "memory_gb", lambda: 3.9)
    standby.start()
    qtbot.wait(30)
    assert standby.pid == 0


def test_it_ends_with_the_window(standby, qtbot):
    standby.start()
    qtbot.waitUntil(lambda: standby.pid > 0, timeout=WAIT)
    pid = standby.pid

    standby.close()

    assert not lives(pid)
