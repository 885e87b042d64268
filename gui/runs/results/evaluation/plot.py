"""A small plot: lines, dots or bars between two axes, with a marker that can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui.runs.plots.ticks import linear
from gui.theme import Theme

LEFT, TOP, RIGHT, BOTTOM = 44, 28, 12, 38
TICKS = 5
DOT_PX, MARKER_PX = 2.2, 5.5
Points = Sequence[tuple[float, float]]
Span = tuple[float, float]


class Plot(QWidget):
    """``dragged``: where the marker was dragged to, in the units of the axes. ``save_wanted``: as a picture."""

    dragged = Signal(QPointF)
    released = Signal()
    save_wanted = Signal()

    def __init__(self, theme: Theme, title: str, axes: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.title, self._axes = theme, title, axes
        self._x: Span = (0.0, 1.0)
        self._y: Span = (0.0, 1.0)
        self._lines: Sequence[tuple[str, Points]] = ()
        self._dots: Points = ()
        self._bars: Sequence[tuple[float, float, float]] = ()
        self._diagonal: Span | None = None
        self.marker: tuple[float, float] | None = None
        self.setMinimumSize(220, 210)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_lines(self, lines: Sequence[tuple[str, Points]], diagonal: Span | None = None) -> None:
        """Show lines, each with its colour, between 0 and 1."""
        self._lines, self._diagonal = lines, diagonal
        self.update()

    def show_dots(self, dots: Points, span: Span) -> None:
        """Show dots between equal axes, and their diagonal."""
        self._dots, self._x, self._y, self._diagonal = dots, span, span, span
        self.update()

    def show_bars(
        self, bars: Sequence[tuple[float, float, float]], x: Span, y: Span, diagonal: Span | None = None
    ) -> None:
        """Show bars, each from left to right and up to its height."""
        self._bars, self._x, self._y, self._diagonal = bars, x, y, diagonal
        self.update()

    def move_marker(self, place: tuple[float, float] | None) -> None:
        """Show the marker there, or nowhere."""
        self.marker = place
        self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 250)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.marker is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self._value_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.marker is not None and event.button() is Qt.MouseButton.LeftButton:
            self.released.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Save picture...").triggered.connect(self.save_wanted)
        menu.exec(event.globalPos())
        menu.deleteLater()

    # Painting

    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def _at(self, x: float, y: float) -> QPointF:
        area = self._area()
        across = (x - self._x[0]) / ((self._x[1] - self._x[0]) or 1)
        up = (y - self._y[0]) / ((self._y[1] - self._y[0]) or 1)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def _value_at(self, place: QPointF) -> QPointF:
        area = self._area()
        across = min(1.0, max(0.0, (place.x() - area.left()) / area.width()))
        up = min(1.0, max(0.0, (area.bottom() - place.y()) / area.height()))
        return QPointF(self._x[0] + across * (self._x[1] - self._x[0]), self._y[0] + up * (self._y[1] - self._y[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        painter.setClipRect(self._area().adjusted(-1, -1, 1, 1))
        self._paint_bars(painter)
        self._paint_diagonal(painter)
        self._paint_dots(painter)
        for colour, line in self._lines:
            painter.setPen(QPen(QColor(colour), 1.8))
            painter.drawPolyline(QPolygonF([self._at(x, y) for x, y in line]))
        if self.marker is not None:
            painter.setClipping(False)
            painter.setPen(QPen(QColor(self._theme.tokens.window), 2))
            painter.setBrush(QColor(self._theme.tokens.accent))
            painter.drawEllipse(self._at(*self.marker), MARKER_PX, MARKER_PX)

    def _paint_axes(self, painter: QPainter) -> None:
        tokens, area = self._theme.tokens, self._area()
        painter.setFont(self._theme.font("bold"))
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(2, 0, self.width(), TOP - 6), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(self._theme.font("small"))
        centre, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick in linear(*self._x, TICKS):
            place = self._at(tick.place, self._y[0])
            painter.setPen(QColor(tokens.plot_grid))
            painter.drawLine(QPointF(place.x(), area.top()), place)
            painter.setPen(QColor(tokens.text_dim))
            painter.drawText(QRectF(place.x() - 30, area.bottom() + 3, 60, 15), centre, tick.text)
        for tick in linear(*self._y, TICKS):
            place = self._at(self._x[0], tick.place)
            painter.setPen(QColor(tokens.plot_grid))
            painter.drawLine(place, QPointF(area.right(), place.y()))
            painter.setPen(QColor(tokens.text_dim))
            painter.drawText(QRectF(14, place.y() - 8, LEFT - 19, 16), right, tick.text)
        painter.drawText(QRectF(area.left(), area.bottom() + 19, area.width(), 16), centre, self._axes[0])
        painter.save()
        painter.translate(7, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, -8, area.height(), 16), centre, self._axes[1])
        painter.restore()

    def _paint_bars(self, painter: QPainter) -> None:
        colour = QColor(self._theme.tokens.train)
        colour.setAlphaF(0.55)
        for low, high, value in self._bars:
            rect = QRectF(self._at(low, value), self._at(high, self._y[0])).adjusted(0.5, 0, -0.5, 0)
            painter.fillRect(rect, colour)

    def _paint_diagonal(self, painter: QPainter) -> None:
        if self._diagonal:
            painter.setPen(QPen(QColor(self._theme.tokens.text_faint), 1, Qt.PenStyle.DashLine))
            low, high = self._diagonal
            painter.drawLine(self._at(low, low), self._at(high, high))

    def _paint_dots(self, painter: QPainter) -> None:
        colour = QColor(self._theme.tokens.train)
        colour.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for x, y in self._dots:
            painter.drawEllipse(self._at(x, y), DOT_PX, DOT_PX)
