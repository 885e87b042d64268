"""The place under the pointer, shared by charts that stand beside each other."""

from PySide6.QtCore import QObject, Signal


class Crosshair(QObject):
    """``place`` is in epochs; ``None`` while the pointer is on no chart."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: float | None = None

    def move(self, place: float | None) -> None:
        """The pointer is there now."""
        if place != self.place:
            self.place = place
            self.moved.emit()
