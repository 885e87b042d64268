"""The x value under the pointer, shared by charts that are side by side."""

from PySide6.QtCore import QObject, Signal


class Crosshair(QObject):
    """``place`` is in the unit of the axis; ``None`` while the pointer is on no chart."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: float | None = None

    def move(self, place: float | None) -> None:
        """Set the x value under the pointer."""
        if place != self.place:
            self.place = place
            self.moved.emit()
