"""The analysis worker: reads requests from stdin, answers on stdout, and survives errors of any request.

``python -m engine.runtime.worker``
"""

import faulthandler
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from engine.protocol.answers import Alive, Answer, Failed, Ready, Stale, encode_answer
from engine.protocol.framing import MAX_LINE, Lines, LineTooLong
from engine.protocol.inbox import Inbox
from engine.protocol.requests import Request, Shutdown, decode_request
from engine.protocol.text import MessageError

BEAT_S = 1.0


class Handler(Protocol):
    """Answers requests, as `engine.runtime.handlers.RequestHandler` does, which loads torch."""

    def versions(self) -> dict[str, str]:
        """The versions that the answers are computed with."""
        ...

    def answer(self, request: Request) -> Answer:
        """The answer to one request."""
        ...


class Outlet:
    """Writes answers as whole lines, from any thread; the process ends when its reader has ended."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def put(self, answer: Answer) -> None:
        """Write one answer, or an error instead of one that is too long."""
        line = encode_answer(answer)
        data = memoryview(line if len(line) <= MAX_LINE else encode_answer(_too_long(answer, len(line))))
        with self._lock:
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                os._exit(0)  # the window has gone, and nobody is left to report to


class Worker:
    """Takes requests one by one. The handler is made last, since it loads torch."""

    def __init__(self, source: int, outlet: Outlet) -> None:
        self._source = source
        self._outlet = outlet
        self._inbox = Inbox()
        self._busy: int | None = None
        self._started = time.monotonic()

    def run(self, make_handler: Callable[[], Handler]) -> int:
        """Work until a request to end, or until stdin ends; earlier requests are answered."""
        for work in (self._listen, self._beat):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()
        handler = make_handler()
        self._outlet.put(Ready(os.getpid(), handler.versions()))
        while not isinstance(request := self._inbox.take(), Shutdown):
            self._busy = request.revision
            self._outlet.put(self._answer(handler, request))
            self._busy = None
        return 0

    def _answer(self, handler: Handler, request: Request) -> Answer:
        revision = getattr(request, "revision", None)
        try:
            return handler.answer(request)
        except Exception as wrong:  # noqa: BLE001 (an error in one request must not end the others)
            log(f"request {type(request).__name__} {revision} failed\n{traceback.format_exc()}")
            return Failed(revision, f"The worker has a fault: {type(wrong).__name__}: {wrong}", fault=True)

    def _listen(self) -> None:
        lines = Lines()
        while piece := _read(self._source):
            for line in lines.feed(piece):
                self._receive(line)
        self._inbox.put(Shutdown())

    def _receive(self, line: bytes | LineTooLong) -> None:
        if isinstance(line, LineTooLong):
            self._outlet.put(Failed(None, f"That is not a request: {line}."))
            return
        try:
            request = decode_request(line)
        except MessageError as wrong:
            self._outlet.put(Failed(wrong.revision, f"That is not a request: {str(wrong).rstrip('.')}."))
        except Exception as wrong:  # noqa: BLE001 (a line must never end the listener)
            log(f"a line could not be read\n{traceback.format_exc()}")
            self._outlet.put(Failed(None, f"That is not a request: {type(wrong).__name__}.", fault=True))
        else:
            for old in self._inbox.put(request):
                self._outlet.put(Stale(getattr(old, "revision", 0)))

    def _beat(self) -> None:
        while True:
            self._outlet.put(Alive(round(time.monotonic() - self._started, 3), self._busy))
            time.sleep(BEAT_S)


def _too_long(answer: Answer, size: int) -> Failed:
    log(f"the answer {type(answer).__name__} has {size:,} bytes")
    message = f"The answer would have {size // 2**20:,} MiB, and at most {MAX_LINE // 2**20} are read."
    return Failed(getattr(answer, "revision", None), message, "Make the network or the request smaller.")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""


def log(text: str) -> None:
    """Write to stderr, which the parent process keeps."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _private_streams() -> tuple[int, int]:
    """Descriptors of the real stdin and stdout; 0 and 1 then lead to nothing and to stderr.

    A stray ``print``, in Python or in a library's C code, then cannot mix with the answers.
    """
    source, outlet = os.dup(0), os.dup(1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return source, outlet


def main() -> int:
    """Serve until a request to end."""
    source, outlet = _private_streams()
    sys.stdout = sys.stderr
    faulthandler.enable()

    def make_handler() -> Handler:
        from engine.runtime.handlers import RequestHandler

        return RequestHandler()

    return Worker(source, Outlet(outlet)).run(make_handler)


if __name__ == "__main__":
    sys.exit(main())
