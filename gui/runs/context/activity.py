"""Gradient norms of the nodes during training, as levels and marks that the canvas can show."""

import math
from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from gui.runs.context.current_run import CurrentRun
from gui.runs.curve_data.history import History
from gui.state.document import Document
from gui.state.selection import Selection
from gui.workers.training_link import TrainingLink

Mark = Literal["exploding", "vanishing"]

STEPS = 8
MIDDLE = 4.5  # the level of the median; the norm doubles from each level to the next
LOOK_MS = 100  # at most ten updates a second
WRITE_MS = 300  # a selection that is being dragged changes often
MAX_NODES = 64  # whose gradients the trainer is asked to record
LOOKS = 3  # norms in a row that must agree before a node is marked
FAR_ABOVE, FAR_BELOW = 1e3, 1e-4  # times the median
NOTHING = 1e-12


def levels(norms: Mapping[str, float]) -> dict[str, int]:
    """The level of each node, 1 to 8, by the ratio of its norm to the median; 0 without a gradient."""
    usual = _usual(norms)
    return {node: _level(norm, usual) for node, norm in norms.items()}


def mark(norms: list[float], usual: float) -> Mark | None:
    """Whether the latest norms of a node are all far from ``usual``, the median of the graph."""
    latest = norms[-LOOKS:]
    if norms and not math.isfinite(norms[-1]):
        return "exploding"
    if len(latest) < LOOKS or usual <= 0:
        return None
    if min(latest) > FAR_ABOVE * usual:
        return "exploding"
    return "vanishing" if max(latest) < max(FAR_BELOW * usual, NOTHING) else None


class Activity(QObject):
    """Sends gradient levels of the shown run to the canvas, and the selected nodes to the trainer."""

    activity = Signal(object)  # dict of node path to level; empty while no run trains
    marks = Signal(object)  # dict of node path to Mark

    def __init__(
        self,
        document: Document,
        selection: Selection,
        link: TrainingLink,
        current: CurrentRun,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._link, self._current = document, selection, link, current
        self._levels: dict[str, int] = {}
        self._marks: dict[str, Mark] = {}
        self._update_timer = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._update_timer.timeout.connect(self._update)
        self._write_timer = QTimer(self, singleShot=True, interval=WRITE_MS)
        self._write_timer.timeout.connect(self._write)
        current.advanced.connect(self._later)
        current.changed.connect(self._later)
        selection.changed.connect(self._write_timer.start)
        link.appeared.connect(lambda _: self._write_timer.start())

    def norms(self, node: str) -> list[float]:
        """The latest gradient norms of the node with this path, oldest first; at most 64."""
        history = self._current.history if self._current.is_of_project else None
        return list(history.norms.get(node, ())) if history else []

    def _later(self) -> None:
        if not self._update_timer.isActive():
            self._update_timer.start()

    def _update(self) -> None:
        history = self._current.history
        is_live = history is not None and history.state == "running" and self._current.is_training
        is_live = is_live and self._current.is_of_project  # nodes of another project may have the same names
        node_levels = levels(_latest(history)) if history and is_live else {}
        marks = _marks_of(history) if history and is_live else {}
        if node_levels != self._levels:
            self._levels = node_levels
            self.activity.emit(node_levels)
        if marks != self._marks:
            self._marks = marks
            self.marks.emit(marks)

    def _write(self) -> None:
        """Ask the trainer to record the selected nodes, then those that it records already."""
        run, history = self._current.run, self._current.history
        if run is None or history is None or not (self._current.is_training and self._current.is_of_project):
            return
        selected_nodes = tuple(self._selection.node_path(name) for name in sorted(self._selection.nodes))
        others = [node for node in history.norms if node not in selected_nodes] if selected_nodes else []
        self._link.xray(run, (*selected_nodes, *others)[:MAX_NODES])


def _latest(history: History) -> dict[str, float]:
    return {node: norms[-1] for node, norms in history.norms.items() if norms}


def _marks_of(history: History) -> dict[str, Mark]:
    usual = _usual(_latest(history))
    marks = {node: mark(list(norms), usual) for node, norms in history.norms.items()}
    return {node: each for node, each in marks.items() if each}


def _usual(norms: Mapping[str, float]) -> float:
    from statistics import median  # loads a dozen modules, which would delay the start of the window

    finite = [norm for norm in norms.values() if math.isfinite(norm) and norm > 0]
    return median(finite) if finite else 0.0


def _level(norm: float, usual: float) -> int:
    if not math.isfinite(norm):
        return STEPS
    if norm <= 0 or usual <= 0:
        return 0
    return min(STEPS, max(1, math.floor(MIDDLE + math.log2(norm / usual))))
