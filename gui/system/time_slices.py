"""Work in slices, so that the window stays responsive."""

from collections.abc import Iterator
from time import thread_time

from PySide6.QtCore import QObject, QTimer

SLICE_S = 0.008  # of CPU time; on a busy machine, a slice takes longer
PAUSE_MS = 4  # between two slices: events and paints come first


class TimeSlices(QObject):
    """Runs one generator with short steps at a time; code that needs the result calls `finish`.

    The generator is interrupted only between steps. If a step raises, the work is dropped and the exception propagates.
    """

    def __init__(self, parent: QObject | None = None, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        self._is_at_work = False
        self._timer = QTimer(self, singleShot=True, interval=pause_ms)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self._steps is None

    def start(self, steps: Iterator[object]) -> None:
        """Start with the next turn of the event loop; replaces the former work."""
        self._steps = steps
        self._timer.start()

    def stop(self) -> None:
        """Drop the rest of the work."""
        self._steps = None
        self._timer.stop()

    def finish(self) -> None:
        """Do the rest of the work now; does nothing from within a step of it."""
        if not self._is_at_work:
            while self._steps is not None:
                self._step()
            self._timer.stop()

    def _go_on(self) -> None:
        end = thread_time() + SLICE_S
        while self._steps is not None and not self._is_at_work:
            self._step()
            if thread_time() > end:
                break
        if self._steps is not None:
            self._timer.start()

    def _step(self) -> None:
        """Run one step, which may itself start other work."""
        steps = self._steps
        if steps is None:
            return
        self._is_at_work = True
        is_over = True  # also if the step raises: it would raise again
        try:
            is_over = next(steps, self) is self
        finally:
            self._is_at_work = False
            if is_over and self._steps is steps:
                self._steps = None
