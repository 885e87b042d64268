"""The whole window, as the program makes it, with its real workers; closed in order when a test is over."""

import faulthandler
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from PySide6.QtCore import QEvent, QObject, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import program
from gui.shell.app import App
from gui.workers import standby
from gui.workers.analysis_link import AnalysisLink
from gui.workers.worker_process import WorkerProcess
from tests.app.window.life import Life
from tests.app.window.person import WAIT, Person
from tests.project_files import ROOT
from tests.windows import turn_on, watch_qt, windows_gone

HERE = Path(__file__).parent
FAKE_TRAINER = ROOT / "tests" / "gui" / "runs" / "fake_trainer.py"
FAKE_WORKER = ROOT / "tests" / "gui" / "workers" / "fake_worker.py"


def pytest_configure(config: pytest.Config) -> None:
    turn_on(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    watch_qt(items, HERE)


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    """Gives the process back what the program takes for itself: its names, hooks, signals and log."""
    for module in (sys, threading):
        monkeypatch.setattr(module, "excepthook", module.excepthook)
    files: list[IO[str]] = []
    monkeypatch.setattr(faulthandler, "enable", lambda file=sys.stderr: files.append(file))  # the tests' own goes on
    names = qapp.applicationName(), qapp.applicationDisplayName(), qapp.desktopFileName()
    hooks = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    messages = qInstallMessageHandler(None)
    logging.getLogger("qt").addFilter(_is_of_us)
    yield
    logging.getLogger("qt").removeFilter(_is_of_us)
    qInstallMessageHandler(messages)
    for handler in {*root.handlers} - {*handlers}:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    for number, hook in hooks.items():
        signal.signal(number, hook)
    for put_back, name in zip(
        (qapp.setApplicationName, qapp.setApplicationDisplayName, qapp.setDesktopFileName), names, strict=True
    ):
        put_back(name)
    for file in files:
        file.close()


def _is_of_us(record: logging.LogRecord) -> bool:
    """Not what the screen that is none has to say."""
    return "This plugin does not support" not in record.getMessage()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has the next window work with the fake worker, of a mode, and with other patience; without a mode, with none.

    Without this fixture and ``asked_worker``, the program starts its own.
    """

    def be(mode: str = "", **patience: float) -> None:
        if not mode:
            monkeypatch.setattr(AnalysisLink, "start", lambda _: None)
        command = (sys.executable, str(FAKE_WORKER), mode)
        monkeypatch.setattr(AnalysisLink, "_make", lambda link: WorkerProcess(command, link, **patience))

    return be


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings are done by the fake, which is quick."""
    monkeypatch.setenv("STEPS_S", "0.02")
    monkeypatch.setattr(program, "command", lambda _: (sys.executable, str(FAKE_TRAINER)))


@pytest.fixture
def asked_worker(real_worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of the test share the session's real worker, which they only ask."""
    real_worker.serve(monkeypatch)


@pytest.fixture(autouse=True)
def no_standby(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window of a test keeps a trainer ready, whose loading of torch would slow down the next test."""
    monkeypatch.setattr(standby, "LEAST_GB", float("inf"))


@pytest.fixture(autouse=True)
def no_window_stays(qapp: QApplication) -> Iterator[None]:
    with windows_gone():
        yield


@pytest.fixture
def start(as_before: None, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[Path | None], Person]]:
    """Starts the program on a file, or on nothing, and gives it to a person; what was drawn is dropped at the end."""
    there = [*qapp.children()]
    apps: list[App] = []

    def started(file: Path | None = None) -> Person:
        app = App(qapp, file)
        apps.append(app)
        qtbot.waitUntil(lambda: app.is_ready, timeout=WAIT)
        app.frame.resize(1600, 1000)
        app.frame.activateWindow()
        qtbot.waitUntil(app.frame.isActiveWindow, timeout=WAIT)
        return Person(app, qtbot)

    yield started
    for app in apps:
        _end(app)
    apps.clear()
    ours = [child for child in qapp.children() if type(child).__module__.startswith("gui.")]  # not the style, for one
    _delete([child for child in ours if child not in there])


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., Life]]:
    """Opens a project in another window, in a process of its own, that plays the script of a seed, or none.

    ``steps``: so many of the script, once it is asked to play.
    """
    lives: list[Life] = []

    def begin_life(path: Path, seed: int | None, steps: int | None = None) -> Life:
        log = tmp_path / f"log-{len(lives)}.jsonl"
        lives.append(Life.begin(path, log, *(str(word) for word in (seed, steps) if word is not None)))
        return lives[-1]

    yield begin_life
    for each in lives:
        each.process.kill()
        each.process.wait()


def _end(app: App) -> None:
    link = app.context.runs.link
    for run in link:
        process = link.trainer(run)._process
        if process is not None:
            process.kill()
            process.wait()
    app.context.document.history.setClean()
    app.frame.close()
    _delete([app.frame])


def _delete(objects: list[QObject]) -> None:
    for each in objects:
        each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
