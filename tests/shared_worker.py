"""One real analysis worker for many tests: starting one loads torch, which takes longer than most requests."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from engine import program
from engine.protocol.answers import Answer, Ready
from engine.protocol.requests import Request
from gui.workers.analysis_link import AnalysisLink
from gui.workers.worker_process import WorkerProcess


class SharedWorker:
    """Runs the worker, and another one if it has ended; each window talks to it in a `Session`."""

    def __init__(self) -> None:
        self.newest = 0  # the highest number of a request so far; the worker drops what is older
        self._start()

    def serve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let every window of a test use this worker."""

        def new_session(link: AnalysisLink) -> Session:
            if self.process is None:
                self._start()
            return Session(self, self.process, link)

        monkeypatch.setattr(AnalysisLink, "_make", new_session)

    def _start(self) -> None:
        self.ready: Ready | None = None
        self.process: WorkerProcess | None = WorkerProcess(program.worker())
        self.process.answered.connect(self._take)
        self.process.ended.connect(self._ended)
        self.process.start()

    def close(self) -> None:
        if self.process is not None:
            self.process.close()

    def _take(self, answer: Answer) -> None:
        if isinstance(answer, Ready):
            self.ready = answer

    def _ended(self) -> None:
        self.process = self.ready = None


class Session(QObject):
    """What a `WorkerProcess` is to an analysis link. The worker outlives it, and its numbers of requests go on."""

    answered = Signal(object)
    lost = Signal(str)
    stopped_responding = Signal()
    responded_again = Signal()
    ended = Signal(str)

    def __init__(self, shared: SharedWorker, process: WorkerProcess, parent: QObject) -> None:
        super().__init__(parent)
        self._shared, self._process = shared, process
        self._before = shared.newest
        self._is_over = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> list[str]:
        return list(self._process.log)

    def start(self) -> None:
        self._process.answered.connect(self._take)
        for name in ("lost", "stopped_responding", "responded_again", "ended"):
            getattr(self._process, name).connect(getattr(self, name))
        if self._shared.ready is not None:
            QTimer.singleShot(0, self, lambda: self._take(self._shared.ready))

    def send(self, request: Request) -> bool:
        number = request.revision + self._before
        self._shared.newest = max(self._shared.newest, number)
        return self._process.send(replace(request, revision=number))

    def close(self) -> None:
        """Receive nothing any more; answers to earlier requests are dropped."""
        if not self._is_over:
            self._is_over = True
            self._process.disconnect(self)

    def _take(self, answer: Answer | None) -> None:
        number = getattr(answer, "revision", None)
        if self._is_over or (number is not None and number <= self._before):
            return
        self.answered.emit(answer if number is None else replace(answer, revision=number - self._before))
