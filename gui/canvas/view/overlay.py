"""What a gesture draws above the graph: one item with a paint function."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

Paint = Callable[[QPainter], None]


class Overlay(QGraphicsItem):
    """Only the rectangle that changes is painted again."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._paint: Paint | None = None
        self.setZValue(10)

    def boundingRect(self) -> QRectF:
        return self._rect

    def draw(self, rect: QRectF, paint: Paint) -> None:
        """Replace what is drawn."""
        self.prepareGeometryChange()
        self._rect, self._paint = rect, paint
        self.update()

    def clear(self) -> None:
        """Remove what is drawn."""
        if self._paint is not None:
            self.prepareGeometryChange()
            self._rect, self._paint = QRectF(), None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        self.paint_on(painter)

    def paint_on(self, painter: QPainter) -> None:
        """Paint with a painter in scene coordinates."""
        if self._paint is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
