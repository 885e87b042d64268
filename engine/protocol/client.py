"""A worker process for Python callers."""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from engine import program
from engine.errors import EngineError
from engine.protocol.answers import Alive, Answer, decode_answer
from engine.protocol.framing import Lines, LineTooLong
from engine.protocol.requests import Request, Shutdown, encode_request
from engine.protocol.text import MessageError

PATIENCE_S = 3.0  # to end after the request, and again after the signal
MAX_KEPT = 10_000  # answers that were not received yet


class WorkerProblem(EngineError):
    """The worker has ended, or does not answer."""

    code = "M020"


class Client:
    """Runs a worker; answers arrive in order, without heartbeats. Use it in one thread, and close it."""

    def __init__(self, command: Sequence[str] = (), *, log: int | IO[bytes] | None = None) -> None:
        environment = os.environ | {"PYTHONPATH": program.python_path()}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command or program.worker(), stdin=pipe, stdout=pipe, stderr=log, env=environment
        )
        self._answers: deque[Answer] = deque(maxlen=MAX_KEPT)
        self._changed = threading.Condition()
        self._ended = False
        self.last_beat = time.monotonic()
        self.strays: deque[str] = deque(maxlen=100)  # lines that are not messages; there should be none
        self._listener = threading.Thread(target=self._listen, name="worker's answers", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """``None`` while it runs; negative when a signal ended it."""
        return self._process.poll()

    def send(self, request: Request) -> None:
        """Send a request. Raises: `WorkerProblem` when the worker has ended."""
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(encode_request(request))
                stdin.flush()
        except (OSError, ValueError) as wrong:
            raise self._end_problem() from wrong

    def receive(self, timeout_s: float = 30.0) -> Answer:
        """The next answer that is not a heartbeat. Raises: `WorkerProblem` when none comes in time, or ever."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._answers or self._ended, timeout_s):
                raise WorkerProblem(
                    f"The analysis worker has not answered for {timeout_s:g} s.", hint="Start it again."
                )
            if not self._answers:
                raise self._end_problem()
            return self._answers.popleft()

    def ask(self, request: Request, timeout_s: float = 30.0) -> Answer:
        """Send a request and wait for its answer; other answers that come first are dropped."""
        self.send(request)
        end = time.monotonic() + timeout_s
        while True:
            answer = self.receive(max(0.0, end - time.monotonic()))
            if getattr(answer, "revision", None) == getattr(request, "revision", ""):
                return answer

    def close(self) -> int:
        """End the worker by request, then by signal, then by force; returns its exit code."""
        with suppress(WorkerProblem):
            self.send(Shutdown())
        if self._process.stdin is not None:
            with suppress(OSError):  # the rest of the buffer has no reader any more
                self._process.stdin.close()
        for end in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(PATIENCE_S)
                break
            except subprocess.TimeoutExpired:
                end()
        code = self._process.wait()
        self._listener.join(PATIENCE_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _end_problem(self) -> WorkerProblem:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE_S)  # its pipes close a moment before it can be reaped
        code = self._process.poll()
        how = "" if code is None else f" with code {code}" if code >= 0 else f" by signal {-code}"
        return WorkerProblem(f"The analysis worker has ended{how}.", hint="Start it again.")

    def _listen(self) -> None:
        lines, stdout = Lines(), self._process.stdout
        while stdout is not None and (piece := os.read(stdout.fileno(), 1 << 16)):
            for line in lines.feed(piece):
                self._receive_line(line)
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _receive_line(self, line: bytes | LineTooLong) -> None:
        try:
            answer = decode_answer(line) if isinstance(line, bytes) else None
        except MessageError:
            answer = None
        with self._changed:
            if answer is None:
                self.strays.append(str(line)[:200])
            elif isinstance(answer, Alive):
                self.last_beat = time.monotonic()
            else:
                self._answers.append(answer)
            self._changed.notify_all()
