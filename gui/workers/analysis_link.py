"""The window's connection to the analysis worker: sends the project after changes, and takes the results."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from engine import program
from engine.graph.edits import Edit
from engine.graph.model import Project
from engine.protocol.answers import (
    Analysed,
    Answer,
    Failed,
    Ready,
    Stale,
)
from engine.protocol.requests import Analyse
from gui.state.analysis_results import AnalysisResults, matters
from gui.state.document import Document
from gui.workers.analysis_questions import Question, Request
from gui.workers.data_files import DataFiles
from gui.workers.worker_process import WorkerProcess

A = TypeVar("A")
State = Literal["off", "starting", "ready", "silent", "resting"]
"""``silent``: no heartbeat. ``resting``: it ended so often on this project that it is not restarted before an edit."""

DEBOUNCE_MS = 30
RESTART_MS = 200
MAX_ENDS = 3  # within `ENDS_S`, or over one revision
ENDS_S = 60.0
MAX_ASKED = 64
MAX_DROPPED = 3  # analyses in a row that the worker dropped for a newer request although there is none
TOO_LONG = Failed(None, "The project is too large for the analysis.", "Shorten its texts and parameters.")


class _PendingQuestion(NamedTuple):
    """A question that has not been sent."""

    kind: type[object]
    request: Callable[[int, Project, str], Request]
    take: Callable[[Answer], object]


class AnalysisLink(QObject):
    """Keeps a worker running and analyses the project after each edit that matters; the newest revision wins.

    ``message`` carries a sentence for the status bar when the worker ends, hangs or comes back. ``files``: those of the
    data; when they change, the project is analysed again.
    """

    message = Signal(str)
    state_changed = Signal()

    def __init__(
        self, document: Document, results: AnalysisResults, parent: QObject | None = None, command: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self._document, self._results, self._command = document, results, command or program.worker()
        self._worker: WorkerProcess | None = None
        self.state: State = "off"
        self.versions: dict[str, str] = {}
        self._serial = 0
        self._analysing: tuple[int, int] | None = None  # the request's number, the document's revision
        self._is_dirty = True
        self._dropped = 0
        self._callbacks: dict[
            int, Callable[[Answer], object]
        ] = {}  # the receivers of answers, by the number of the request
        self._waiting: deque[_PendingQuestion] = deque(maxlen=MAX_ASKED)
        self._ends: deque[float] = deque(maxlen=MAX_ENDS)
        self._analysis_timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._analysis_timer.timeout.connect(self._analyse)
        self._restart_timer = QTimer(self, singleShot=True, interval=RESTART_MS)
        self._restart_timer.timeout.connect(self.start)
        self.files = DataFiles(document, self._base, self)
        self.files.changed.connect(self.refresh)
        results.retry_wanted.connect(self.refresh)
        document.edited.connect(self._follow)
        document.replaced.connect(self.refresh)
        document.path_changed.connect(self.refresh)  # relative paths of the data start from the file

    @property
    def log(self) -> list[str]:
        """The last lines that the worker wrote to its log."""
        return list(self._worker.log) if self._worker else []

    @property
    def pid(self) -> int:
        """The worker's process ID; 0 without one."""
        return self._worker.pid if self._worker else 0

    def start(self) -> None:
        """Start the worker if none runs; it needs some seconds to load torch."""
        if self._worker is not None:
            return
        self._worker = worker = self._make()
        worker.answered.connect(self._take)
        worker.lost.connect(self._lost)
        worker.stopped_responding.connect(self._stopped_responding)
        worker.responded_again.connect(self._responded_again)
        worker.ended.connect(self._ended)
        self._set_state("starting")
        self._is_dirty = True
        worker.start()
        self._flush()

    def close(self) -> None:
        """End the worker; no question is sent or answered afterwards."""
        self._analysis_timer.stop()
        self._restart_timer.stop()
        self._callbacks.clear()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        self._set_state("off")

    def refresh(self) -> None:
        """Analyse the project again, after a short delay."""
        self._is_dirty = True
        self._wake()
        if not self._analysis_timer.isActive():
            self._analysis_timer.start()

    def ask(self, question: Question[A], callback: Callable[[A | Failed], object]) -> None:
        """Ask about the project as it is; ``callback`` gets the answer, or `Failed`."""
        if question.newest:
            others = [each for each in self._waiting if each.kind is not question.kind]
            self._waiting = deque(others, maxlen=MAX_ASKED)
        self._waiting.append(_PendingQuestion(question.kind, question.request, partial(question.take, callback)))
        self._flush()

    def _make(self) -> WorkerProcess:
        return WorkerProcess(self._command, self)

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self.refresh()

    def _wake(self) -> None:
        """Restart a resting worker: an edit may have removed what crashed it."""
        if self.state == "resting":
            self._ends.clear()
            self.start()

    def _analyse(self) -> None:
        if self._worker is None or self._analysing is not None or not self._is_dirty:
            return
        self.files.check()  # so that samples read from them are read again, too
        self._serial += 1
        self._analysing, self._is_dirty = (self._serial, self._document.revision), False
        if not self._worker.send(Analyse(self._serial, self._document.project, self._base(), training=True)):
            self._end_analysis(TOO_LONG)

    def _flush(self) -> None:
        while self._worker is not None and self._waiting:
            waiting = self._waiting.popleft()
            self._serial += 1
            self._callbacks[self._serial] = waiting.take
            if not self._worker.send(waiting.request(self._serial, self._document.project, self._base())):
                del self._callbacks[self._serial]
                waiting.take(TOO_LONG)
        if self._worker is not None and not self._analysis_timer.isActive():
            self._analysis_timer.start()

    def _base(self) -> str:
        path = self._document.path
        return str(path.parent.resolve() if path else Path.cwd())

    def _take(self, answer: Answer) -> None:
        match answer:
            case Ready(versions=versions):
                self.versions = versions
                self._set_state("ready")
                return
            case Stale(revision):
                self._callbacks.pop(revision, None)
            case Failed(revision=None):
                self._fail_all(answer)  # it cannot be known which request failed
                return
        number = getattr(answer, "revision", None)
        if self._analysing is not None and number == self._analysing[0]:
            self._end_analysis(answer)
        elif number in self._callbacks:
            self._callbacks.pop(number)(answer)

    def _lost(self, why: str) -> None:
        """Fail all requests: one answer was too long to read, and its number is unknown."""
        self._fail_all(Failed(None, f"The analysis worker {why}.", "Make the project smaller.", fault=True))

    def _fail_all(self, answer: Failed) -> None:
        if self._analysing is not None:
            self._end_analysis(answer)
        lost, self._callbacks = self._callbacks, {}
        for take in lost.values():
            take(answer)

    def _end_analysis(self, answer: Answer) -> None:
        """Take the answer of the analysis, and analyse again if the project has changed meanwhile."""
        revision = self._analysing[1] if self._analysing else self._document.revision
        self._analysing = None
        match answer:
            case Analysed():
                self._results.take(answer, revision)
            case Stale() if self._dropped < MAX_DROPPED:
                self._is_dirty, self._dropped = True, self._dropped + 1
                self._analysis_timer.start()
                return
            case Failed(message=message, hint=hint):
                self._fail(f"The network could not be analysed. {message} {hint}".strip(), revision)
            case _:
                self._fail("The network could not be analysed: the worker gave no answer.", revision)
        self._dropped = 0
        self._analysis_timer.start()

    def _fail(self, sentence: str, revision: int) -> None:
        self._results.fail(sentence, revision)
        self.message.emit(sentence)

    def _stopped_responding(self) -> None:
        self._set_state("silent")
        self.message.emit("The analysis worker is not responding. Your work is safe; shapes come when it does.")

    def _responded_again(self) -> None:
        self._set_state("ready")
        self.message.emit("The analysis worker responds again.")

    def _ended(self, why: str) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
            worker.deleteLater()
        self._analysing = None
        sentence = f"The analysis worker {why}."
        lost, self._callbacks = self._callbacks, {}
        for take in lost.values():
            take(Failed(None, sentence, "It is started again; ask once more.", fault=True))
        now = time.monotonic()
        self._ends.append(now)
        if len(self._ends) == MAX_ENDS and now - self._ends[0] < ENDS_S:
            self._set_state("resting")
            self._results.fail(sentence, self._document.revision)
            self.message.emit(
                f"{sentence} It did so {MAX_ENDS} times, so it waits for your next edit. Your work is safe."
            )
        else:
            self._set_state("starting")
            self.message.emit(f"{sentence} It is started again; your work is safe.")
            self._restart_timer.start()

    def _set_state(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit()
