"""Runs for tests: made by a trainer without torch, or once by the real one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from engine import program
from engine.project import file
from engine.project.templates import template
from engine.runs.folder import RunFolder
from gui.actions.actions import Actions
from gui.context.context import Context
from gui.files.open_file import Files
from gui.preferences.preferences import Preferences
from gui.runs.commands.run_questions import RunQuestions
from gui.runs.commands.training_actions import TrainingActions
from gui.runs.context.run_context import assemble_runs
from gui.runs.curve_data.library_loader import PlotLoader
from gui.state.analysis_results import AnalysisResults
from gui.state.block_libraries import BlockLibraries
from gui.state.document import Document
from gui.state.notices import Notices
from gui.state.selection import Selection
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink
from gui.workers.trainer import Patience
from gui.workers.training_link import TrainingLink
from tests.project_files import ROOT

FAKE = Path(__file__).parent / "fake_trainer.py"
WAIT = 60_000


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the trainer by the fake one; ``mode`` selects its behaviour."""

    def be(mode: str = "well", step_s: float = 0.02) -> None:
        monkeypatch.setenv("TRAINER", mode)
        monkeypatch.setenv("STEPS_S", str(step_s))
        monkeypatch.setattr(program, "command", lambda _: (sys.executable, str(FAKE)))

    be()
    return be


@pytest.fixture
def saved(document: Document, tmp_path: Path) -> Document:
    """The digits CNN in a file of its own folder, with 500 short epochs to train."""
    project = document.project
    project.training = replace(project.training, epochs=500)
    path = tmp_path / "net.loom"
    file.write(path, project)
    document.load(project, path)
    return document


@pytest.fixture
def link(qtbot: QtBot) -> Iterator[TrainingLink]:
    """A link with short time limits; ends trainings that a test has left running."""
    link = TrainingLink(patience=Patience(silent_s=0.4, asks_s=0.5, terminates_s=0.3))
    yield link
    end(link)
    link.deleteLater()


def end(link: TrainingLink) -> None:
    for run in link:
        trainer = link.trainer(run)
        if trainer is not None and trainer._process is not None:
            trainer._process.kill()
            trainer._process.wait()
    link.close()


class Answers:
    """Answers questions as set by the test."""

    def __init__(self) -> None:
        self.again, self.sure, self.for_good, self.epochs = None, True, True, None
        self.tag: str | None = None
        self.place: Path | None = None
        self.questions: list[object] = []

    def train_again(self, running):
        self.questions.append(running)
        return self.again

    def delete(self, names):
        self.questions.append(names)
        return self.sure

    def delete_for_good(self, names):
        self.questions.append(names)
        return self.for_good

    def new_tag(self):
        return self.tag

    def picture(self, proposal):
        self.questions.append(proposal)
        return self.place

    def more_epochs(self, name, done, schedule):
        self.questions.append((name, done, schedule))
        return self.epochs


@pytest.fixture
def answers() -> RunQuestions:
    return Answers()


@pytest.fixture
def context(saved: Document, selection: Selection, actions: Actions, theme: Theme, qtbot: QtBot) -> Iterator[Context]:
    """The context that panels about runs share, for the document."""
    results, notices = AnalysisResults(saved, saved), Notices(saved)
    analysis = AnalysisLink(saved, results, saved)
    preferences = Preferences(saved)
    runs = assemble_runs(saved, selection, analysis, preferences, saved)
    runs.link._patience = Patience(silent_s=2.0, asks_s=1.0, terminates_s=0.5)
    runs.plot_loader.wait()
    yield Context(
        document=saved,
        selection=selection,
        results=results,
        analysis=analysis,
        actions=actions,
        preferences=preferences,
        notices=notices,
        files=Files(saved, preferences, notices, None, saved),
        theme=theme,
        libraries=BlockLibraries(saved, preferences, saved),
        make_runs=lambda: runs,
    )
    end(runs.link)
    runs.close()
    analysis.close()


@pytest.fixture
def training_actions(context, answers) -> TrainingActions:
    return TrainingActions(context, context.runs, answers, context.document)


@pytest.fixture
def loaded(qapp) -> PlotLoader:
    plot_loader = PlotLoader()
    plot_loader.wait()
    return plot_loader


@pytest.fixture
def alone(trainer, saved, tmp_path):
    """Start a training outside of the window; it is ended after the test."""
    started = []

    def start(name: str = "net-20260101-101010", folder: Path | None = None) -> RunFolder:
        run = RunFolder((folder or tmp_path / "runs") / name)
        process = subprocess.Popen(
            [sys.executable, str(FAKE), "train", str(saved.path), "--run", str(run.path)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
        )
        started.append(process)
        until = time.monotonic() + WAIT / 1000
        while not (run.is_run and run.is_alive):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)
        run_process[run.path] = process
        return run

    run_process: dict[Path, subprocess.Popen] = {}
    start.process = run_process
    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def delete_later(qapp) -> Iterator[None]:
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def real_run(shared_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the digits CNN by the command line."""
    folder = tmp_path_factory.mktemp("real")
    project, run = folder / "digits.loom", folder / "runs" / "digits-1"
    project.write_text(template("digits-cnn").text())
    words = ("train", project, "--run", run, "--epochs", "4", "--threads", "1")
    subprocess.run([sys.executable, "-m", "engine", *words], check=True, capture_output=True, timeout=480, cwd=ROOT)
    return run
