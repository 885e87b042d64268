"""Requests to the trainer while it runs: by ``desired.json``, and by signals."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from engine.runs.desired import Desired, Watch


class Control:
    """The requests to a run. The first Ctrl+C asks to stop; the second ends at once."""

    def __init__(self, desired: Path) -> None:
        self._watch = Watch(desired)
        self.signal: int | None = None

    def look(self) -> Desired:
        """The present request; a signal overrides the file."""
        desired = self._watch.look()
        return Desired("stop", desired.xray) if self.signal is not None else desired

    @property
    def is_interrupted(self) -> bool:
        """Whether Ctrl+C was pressed."""
        return self.signal == signal.SIGINT

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Handle Ctrl+C and requests to terminate, if this is the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kinds = (signal.SIGINT, signal.SIGTERM)
        before = {kind: signal.signal(kind, self._on_signal) for kind in kinds}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = number
