"""Keeps histories of runs up to date with their event files: ten reads a second while a view is visible."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.runs.folder import RunFolder
from engine.runs.tail import Tail
from gui.runs.curve_data.history import SMOOTHING, History
from gui.runs.curve_data.library_loader import PlotLoader

LOOK_MS = 100
IDLE_MS = 1000  # while no curves are visible
PIECE = 256 << 10  # bytes read at a time
ENDED_EVERY = 10  # reads: a finished run may be resumed
BUDGET_S = 0.012  # of each read


class Follower(QObject):
    """Histories by the path of their run, shared by all who follow the run.

    ``advanced`` is emitted once per read for each run with new events; ``restarted`` when its file was replaced.
    """

    advanced = Signal(object)  # the History
    restarted = Signal(object)

    def __init__(self, plot_loader: PlotLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plot_loader = plot_loader
        plot_loader.ready.connect(self.read)
        self._tails: dict[Path, Tail] = {}
        self._histories: dict[Path, History] = {}
        self._follow_counts: dict[Path, int] = {}
        self._watchers: set[object] = set()
        self._looks = 0
        self.smoothing = SMOOTHING
        self._timer = QTimer(self, interval=IDLE_MS)
        self._timer.timeout.connect(self.read)
        self._catch_up_timer = QTimer(self, singleShot=True, interval=0)  # for what one read had no time for
        self._catch_up_timer.timeout.connect(self.read)

    def history(self, run: Path | None) -> History | None:
        """The history of a run that is followed."""
        return self._histories.get(run) if run is not None else None

    def follow(self, run: Path) -> History:
        """Keep a run's history up to date until `unfollow` was called as often as this."""
        if run not in self._histories:
            self._histories[run] = History(run, self.smoothing)
            self._tails[run] = Tail(RunFolder(run).events)
        self._follow_counts[run] = self._follow_counts.get(run, 0) + 1
        if not self._timer.isActive():
            self._timer.start()
        self._catch_up_timer.start()
        return self._histories[run]

    def unfollow(self, run: Path) -> None:
        """Undo one `follow`."""
        left = self._follow_counts.pop(run, 0) - 1
        if left > 0:
            self._follow_counts[run] = left
            return
        self._tails.pop(run, None)
        self._histories.pop(run, None)
        if not self._tails:
            self._timer.stop()

    def set_in_view(self, view: object, *, is_visible: bool) -> None:
        """Tell that a view of curves has become visible, or is no longer."""
        (self._watchers.add if is_visible else self._watchers.discard)(view)
        self._timer.setInterval(LOOK_MS if self._watchers else IDLE_MS)
        if is_visible and self._tails:
            self._catch_up_timer.start()

    def set_smoothing(self, weight: float) -> None:
        """Smooth every loss curve with this weight from now on."""
        self.smoothing = weight
        for history in self._histories.values():
            history.set_smoothing(weight)
            self.advanced.emit(history)

    def close(self) -> None:
        """Stop reading."""
        self._timer.stop()
        self._catch_up_timer.stop()
        self._tails.clear()

    def read(self) -> None:
        """Read new events, as many as the time budget allows."""
        if not self._plot_loader.is_ready:
            self._plot_loader.begin()
            return
        until = time.perf_counter() + BUDGET_S
        is_behind = False
        self._looks += 1
        for run, tail in tuple(self._tails.items()):
            history = self._histories[run]
            if history.finished is None or tail.offset == 0 or self._looks % ENDED_EVERY == 0:
                is_behind |= self._read(history, tail, until)
        if is_behind:
            self._catch_up_timer.start()

    def _read(self, history: History, tail: Tail, until: float) -> bool:
        """Read the new events of one run; returns whether there are more."""
        before = history.revision
        is_behind = True
        while is_behind and (history.revision == before or time.perf_counter() < until):
            offset = tail.offset
            try:
                new_events = tail.read(PIECE)
            except OSError:  # the disk is unavailable for a moment
                is_behind = False
                break
            if new_events.again:
                history.reset()
                self.restarted.emit(history)
            history.add(new_events.events)
            is_behind = tail.offset - offset >= PIECE // 2
        if history.revision != before:
            self.advanced.emit(history)
        return is_behind
