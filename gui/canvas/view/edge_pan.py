"""Panning while a gesture holds the pointer near the border of the view."""

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtWidgets import QWidget

EDGE_PX = 28  # nearer to the border than this, a gesture pans
STEP_MS = 16


class EdgePan(QTimer):
    """Times out for each step of panning, from `start_at` until `stop`."""

    def __init__(self, area: QWidget, parent: QObject) -> None:
        super().__init__(parent, interval=STEP_MS)
        self._area = area

    def start_at(self, at: QPointF) -> None:
        """Start if the pointer is near the border of the area."""
        if not self.isActive() and not self.step(at).isNull():
            self.start()

    def step(self, at: QPointF) -> QPointF:
        """How far to pan for a pointer at a place on the area, in pixels; zero away from the border."""
        return QPointF(_step(at.x(), self._area.width()), _step(at.y(), self._area.height()))


def _step(at: float, size: int) -> float:
    if at < EDGE_PX:
        return -min(EDGE_PX - at, EDGE_PX) / 2
    return min(at - (size - EDGE_PX), EDGE_PX) / 2 if at > size - EDGE_PX else 0.0
