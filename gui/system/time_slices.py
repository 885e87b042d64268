"""Work that is done in slices, so that the window answers in between."""

from collections.abc import Iterator
from time import thread_time

from PySide6.QtCore import QObject, QTimer

SLICE_S = 0.008  # of computing in one go: on a busy machine that takes longer, and so does all else
PAUSE_MS = 4  # between two slices: what is clicked or painted meanwhile comes first


class TimeSlices(QObject):
    """One piece of work at a time, a generator with short steps; what needs its result calls `finish`.

    The generator stops only between two steps. One that raises is dropped, and the fault is reported as any other.
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
        """Do this from the next turn of the event loop on, instead of what was left of the work before."""
        self._steps = steps
        self._timer.start()

    def stop(self) -> None:
        """Drop what is left."""
        self._steps = None
        self._timer.stop()

    def finish(self) -> None:
        """Do all that is left now; from within a step of the work itself this does nothing."""
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
        """One step of what is to be done now, which may itself put other work in its place."""
        steps = self._steps
        if steps is None:
            return
        self._is_at_work = True
        is_over = True  # also when the step fails: it would fail again
        try:
            is_over = next(steps, self) is self
        finally:
            self._is_at_work = False
            if is_over and self._steps is steps:
                self._steps = None
