"""The queue of requests, in which the newest analysis replaces older ones."""

import threading
from collections import deque

from engine.protocol.requests import (
    Analyse,
    Ask,
    CellSamples,
    DataSummary,
    DescribeRun,
    Evaluate,
    ExportPreview,
    Request,
    Samples,
    Shutdown,
)

MAX_WAITING = 256
REPLACED = (Analyse, Samples, DataSummary, ExportPreview, DescribeRun, Ask, Evaluate, CellSamples)
"""Kinds of which only the newest counts."""


class Inbox:
    """Passes requests from one thread to another, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Request] = deque()
        self._changed = threading.Condition()
        self._newest: dict[type, int] = {}

    def put(self, request: Request) -> list[Request]:
        """Add a request; returns those that are dropped: older ones of its kind, or the request itself."""
        with self._changed:
            dropped = self._outdated(request)
            if request not in dropped:
                for old in dropped:
                    self._waiting.remove(old)
                self._waiting.append(request)
                self._changed.notify()
            return dropped

    def _outdated(self, request: Request) -> list[Request]:
        if isinstance(request, Shutdown):
            return []
        if isinstance(request, REPLACED):
            kind = type(request)
            if request.revision < self._newest.get(kind, 0):
                return [request]
            self._newest[kind] = request.revision
            return [old for old in self._waiting if isinstance(old, kind)]
        return [request] if len(self._waiting) >= MAX_WAITING else []

    def take(self) -> Request:
        """The next request; waits for one."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            return self._waiting.popleft()
