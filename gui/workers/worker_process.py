"""The process of an analysis worker: decodes its answers, watches its heartbeat, and reports its end."""

import time
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine import program
from engine.protocol.answers import Alive, decode_answer
from engine.protocol.framing import MAX_LINE, Lines
from engine.protocol.requests import Request, Shutdown, encode_request
from engine.protocol.text import MessageError

TICK_MS = 1000
SILENT_S = 5.0  # without a heartbeat: not responding
LOST_S = 20.0  # without a heartbeat: killed
LOADING_S = 90.0  # the same before the first answer: torch may be on a slow disk
MAX_STRAYS = 2000  # lines per tick that are not answers
MAX_NOISE = 2 * MAX_LINE  # bytes since the last answer
LOG_LINES = 200
PARTING_MS = 300


class WorkerProcess(QObject):
    """A running worker. ``ended`` is emitted once, with the reason as the end of a sentence."""

    answered = Signal(object)  # the Answer; no heartbeats
    lost = Signal(str)  # an answer was too long to read; the end of a sentence
    stopped_responding = Signal()
    responded_again = Signal()
    ended = Signal(str)

    def __init__(
        self,
        command: Sequence[str],
        parent: QObject | None = None,
        *,
        silent_s: float = SILENT_S,
        lost_s: float = LOST_S,
        tick_ms: int = TICK_MS,
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._silent_s, self._lost_s = silent_s, lost_s
        self._lines = Lines()
        self._strays = self._noise = 0
        self._has_spoken = self._is_silent = self._is_over = False
        self._why = ""
        self.log: deque[str] = deque(maxlen=LOG_LINES)  # the last lines of its stderr
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._tick = QTimer(self, interval=tick_ms)
        self._tick.timeout.connect(self._watch)
        self._last_beat = self._last_tick = time.monotonic()

    @property
    def pid(self) -> int:
        """The process ID; 0 without a process."""
        return int(self._process.processId())

    def start(self) -> None:
        """Start the process; the first answer is `Ready`."""
        self._last_beat = self._last_tick = time.monotonic()
        self._tick.start()
        program, *arguments = self._command
        self._process.start(program, arguments)

    def send(self, request: Request) -> bool:
        """Send a request; returns whether it is short enough."""
        line = encode_request(request)
        if len(line) > MAX_LINE:
            return False
        self._process.write(line)
        return True

    def close(self) -> None:
        """End the worker, by request if it responds; no signal is emitted afterwards."""
        self._is_over = True
        self._tick.stop()
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self.send(Shutdown())
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(PARTING_MS):
            self._process.kill()
            self._process.waitForFinished(1000)

    def _read(self) -> None:
        piece = bytes(self._process.readAllStandardOutput().data())
        self._noise += len(piece)
        for line in self._lines.feed(piece):
            if self._is_over:
                return
            if isinstance(line, bytes):
                self._read_line(line)
            else:
                self._stray()
                self.lost.emit(f"gave {line}")
        if self._noise > MAX_NOISE:
            self._end("flooded the window with output")

    def _read_line(self, line: bytes) -> None:
        try:
            answer = decode_answer(line)
        except MessageError:
            self._stray()
            return
        self._last_beat, self._has_spoken = time.monotonic(), True
        if self._is_silent:
            self._is_silent = False
            self.responded_again.emit()
        if isinstance(answer, Alive):
            self._stray()  # one per tick is within the limit
        else:
            self._noise = 0
            self.answered.emit(answer)

    def _stray(self) -> None:
        self._strays += 1
        if self._strays > MAX_STRAYS:
            self._end("flooded the window with output")

    def _read_log(self) -> None:
        piece = bytes(self._process.readAllStandardError().data())
        self._noise += len(piece)
        if self._noise > MAX_NOISE:
            self._end("flooded its log")
            return
        self.log.extend(piece[-20_000:].decode(errors="replace").splitlines()[-LOG_LINES:])

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._last_tick > 3 * self._tick.interval() / 1000:
            self._last_beat = now  # the window, or the whole machine, was asleep
        self._last_tick, self._strays = now, 0
        silence = now - self._last_beat
        lost = self._lost_s if self._has_spoken else max(self._lost_s, LOADING_S)
        if silence > lost:
            self._end(f"did not respond for {silence:.0f} s")
        elif silence > self._silent_s and self._has_spoken and not self._is_silent:
            self._is_silent = True
            self.stopped_responding.emit()

    def _end(self, why: str) -> None:
        """Kill the worker and report the reason."""
        self._why = self._why or why
        self._process.kill()
        self._over()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._why = f"could not be started: {self._process.errorString()}"
            self._over()

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if status is QProcess.ExitStatus.CrashExit:
            memory = ", perhaps because memory ran out" if code == 9 else ""
            self._why = self._why or f"was ended by signal {code}{memory}"
        else:
            self._why = self._why or f"ended with code {code}"
        self._read_log()
        self._over()

    def _over(self) -> None:
        self._tick.stop()
        if not self._is_over:
            self._is_over = True
            self.ended.emit(self._why)


def _environment() -> QProcessEnvironment:
    """The environment of this process, with the program's folder in ``PYTHONPATH``."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONPATH", program.python_path())
    return environment
