"""A chart of curves over epochs, steps or time, drawn by pyqtgraph and reduced to what its pixels can show."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.runs.curve_data.curve import Curve, Points
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.curve_item import CurveItem
from gui.runs.plots.line import Line, Marks
from gui.runs.plots.overlay import Overlay
from gui.runs.plots.scale import Unit
from gui.runs.plots.visible_range import Part, Range, fitting
from gui.theme import Theme

LEFT_PX, BOTTOM_PX = 52, 20
TOP_PX, RIGHT_PX = 6, 10
SMOOTH_PX, RAW_PX = 2.0, 1.0
RAW_ALPHA = 0.5
SMOOTH_EVERY_PX = 3  # between two points of a smooth curve
_BEHIND, _IN_FRONT = 1, 2
_GRID = -1000  # z value: behind the curves, which pyqtgraph would draw it over


class Chart(QWidget):
    """Shows lines and marks: `set_lines` replaces them, `refresh` draws what was added to their curves.

    The wheel zooms at the pointer, dragging pans, a double click shows everything again. pyqtgraph must be loaded.
    """

    def __init__(self, theme: Theme, crosshair: Crosshair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._crosshair = theme, crosshair
        self.lines: tuple[Line, ...] = ()
        self.is_log = self.is_percent = False
        self.unit: Unit = "epoch"
        self._extent = 1.0
        self._zoom_range: tuple[float, float] | None = None
        self.range: Range | None = None
        self._drawn_states: dict[int, object] = {}  # the state that each item was drawn in, by its number
        self._items: list[tuple[CurveItem, CurveItem]] = []  # the raw and the smooth curve of each line
        self._build()
        self.overlay = Overlay(self, theme, crosshair, self._view.viewport())
        theme.changed.connect(self._restyle)
        crosshair.moved.connect(self.overlay.follow)
        self._restyle()

    # Content

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Replace the lines."""
        self.lines = tuple(lines)
        while len(self._items) < len(lines):
            self._items.append(self._new_pair())
        for place, (raw, smooth) in enumerate(self._items):
            for item in (raw, smooth):
                item.setVisible(place < len(lines))
        self._drawn_states.clear()
        self._set_pens()
        self.refresh()

    def set_marks(self, marks: Marks) -> None:
        """Replace the marks."""
        self.overlay.set_marks(marks)

    def set_extent(self, extent: float) -> None:
        """Set the length of the x axis, which covers epochs to come so that it does not move."""
        self._extent = max(1e-3, extent)

    def set_unit(self, unit: Unit) -> None:
        """Set the unit of the x axis; this undoes a zoom."""
        if unit != self.unit:
            self.unit, self._zoom_range = unit, None
            self._crosshair.move(None)  # its position is in the former unit
            self._drawn_states.clear()

    def set_log(self, *, is_log: bool) -> None:
        """Make the y axis logarithmic or linear."""
        self.is_log = is_log
        self._drawn_states.clear()
        self.refresh()

    def show_all(self) -> None:
        """Undo a zoom."""
        self._zoom_range = None
        self.refresh()

    def refresh(self) -> None:
        """Draw what has changed, if the chart is visible."""
        if not self.isVisible() or self._box.width() < 8:
            return
        self._fit()
        width = max(8, round(self._box.width() * self.devicePixelRatioF()))
        for place, line in enumerate(self.lines):
            raw, smooth = self._items[place]
            self._draw(2 * place, raw, line, line.raw(), width, is_raw=True)
            self._draw(2 * place + 1, smooth, line, line.of(), width, is_raw=False)
        self.overlay.update()

    # Geometry, for the overlay

    @property
    def area(self) -> QRectF:
        """The rectangle of the curves, in pixels of the overlay."""
        return QRectF(self._box.sceneBoundingRect())

    def to_px(self, x: float, y: float) -> QPointF:
        """A point of a curve in pixels of the overlay."""
        import math

        area, visible = self.area, self.range
        if visible is None:
            return area.bottomLeft()
        value = math.log10(max(y, 1e-300)) if self.is_log else y
        across = (x - visible.x[0]) / (visible.x[1] - visible.x[0])
        up = (value - visible.y[0]) / (visible.y[1] - visible.y[0])
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def to_place(self, x_px: float) -> float:
        """The x value at a column of pixels of the overlay."""
        area, visible = self.area, self.range
        if visible is None or area.width() <= 0:
            return 0.0
        return visible.x[0] + (x_px - area.left()) / area.width() * (visible.x[1] - visible.x[0])

    def paint(self, painter: QPainter) -> None:
        """Paint curves, axes and marks as shown, with the painter of another device."""
        place = self._view.rect()
        self._view.render(painter, QRectF(place), place)
        self.overlay.paint(painter)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.overlay.setGeometry(self._view.viewport().rect())
        self._drawn_states.clear()
        self.refresh()

    def showEvent(self, event: Any) -> None:  # noqa: ANN401 (Qt's)
        super().showEvent(event)
        self.overlay.setGeometry(self._view.viewport().rect())
        self._set_pens()
        self.refresh()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            at = event.position()
            inside = self.area.adjusted(-4, -8, 4, 8).contains(at)
            self._crosshair.move(self.to_place(at.x()) if inside and not event.buttons() else None)
        elif event.type() is QEvent.Type.Leave:
            self._crosshair.move(None)
        elif event.type() is QEvent.Type.MouseButtonDblClick:
            self.show_all()
            return True
        return super().eventFilter(target, event)

    # Construction

    def _build(self) -> None:
        import pyqtgraph as pg

        self._view = pg.GraphicsView(useOpenGL=False)
        self._view.setObjectName("chart_view")
        self._view.setAntialiasing(False)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot = pg.PlotItem(enableMenu=False)
        self._plot.hideButtons()
        self._plot.layout.setContentsMargins(0, TOP_PX, RIGHT_PX, 0)
        self._view.setCentralItem(self._plot)
        self._box = self._plot.getViewBox()
        self._box.setMouseEnabled(x=True, y=False)
        self._box.setDefaultPadding(0)
        self._box.disableAutoRange()
        self._box.sigRangeChangedManually.connect(self._keep_zoom)
        self._left, self._bottom = self._plot.getAxis("left"), self._plot.getAxis("bottom")
        self._left.setWidth(LEFT_PX)
        self._bottom.setHeight(BOTTOM_PX)
        for axis in (self._left, self._bottom):
            axis.setStyle(tickLength=0, maxTickLevel=0, showValues=False)  # the overlay paints the texts
        self._left.setGrid(255)
        self._left.setZValue(_GRID)
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)

    def _new_pair(self) -> tuple[CurveItem, CurveItem]:
        raw, smooth = CurveItem(smooth=False), CurveItem(smooth=True)
        for item, depth in ((raw, _BEHIND), (smooth, _IN_FRONT)):
            item.setZValue(depth)
            item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
            self._box.addItem(item, ignoreBounds=True)
        return raw, smooth

    def _restyle(self) -> None:
        tokens = self._theme.tokens
        self._view.setBackground(tokens.window)
        for axis in (self._left, self._bottom):
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(QPen(QColor(tokens.plot_grid), 1))
        self._set_pens()
        self.refresh()

    def _set_pens(self) -> None:
        for (raw, smooth), line in zip(self._items, self.lines, strict=False):
            faint = QColor(line.colour)
            faint.setAlphaF(RAW_ALPHA)
            raw.set_pen(QPen(faint, 0))  # 0: one pixel at any scale
            pen = QPen(QColor(line.colour), SMOOTH_PX * self.devicePixelRatioF())
            pen.setCosmetic(True)  # its width is in the pixels of the screen
            pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)  # round joins cost a third more and look the same
            if line.dashed:
                pen.setDashPattern([3, 2.5])
            smooth.set_pen(pen)

    # Drawing

    def _keep_zoom(self, *_: object) -> None:
        (left, right), _y = self._box.viewRange()
        left, right = max(0.0, left), min(self._extent, right)
        self._zoom_range = (left, right) if 0 < right - left < 0.98 * self._extent else None
        self.refresh()

    def _fit(self) -> None:
        x = self._zoom_range or (0.0, self._extent)
        smooth_parts = [self._part(line, curve, x) for line in self.lines if (curve := line.of())]
        raw_parts = [self._part(line, curve, x) for line in self.lines if (curve := line.raw())]
        size = (self._box.width(), self._box.height())
        visible = fitting(smooth_parts, raw_parts, x, size, log=self.is_log, percent=self.is_percent, unit=self.unit)
        if visible == self.range:
            return
        self.range = visible
        self._drawn_states.clear()
        self._box.setRange(xRange=visible.x, yRange=visible.y, padding=0, disableAutoRange=True)
        self._box.updateMatrix()  # else the next paint does it: too late for a wheel event
        self._left.setTicks([[tuple(tick) for tick in visible.y_ticks]])
        self._bottom.setTicks([])

    def _part(self, line: Line, curve: Curve, x: tuple[float, float]) -> Part:
        scale = line.scale()
        return Part(curve, scale.epoch(x[0]), scale.epoch(x[1]))

    def _draw(
        self,
        place: int,
        item: CurveItem,
        line: Line,
        curve: Curve | None,
        width: int,
        *,
        is_raw: bool,
    ) -> None:
        state = (id(curve), len(curve) if curve else 0, curve.last if curve else None, width)
        if self.range is None or self._drawn_states.get(place) == state:
            return
        self._drawn_states[place] = state
        if not curve:
            item.clear()
            return
        smooth_px = round(self._box.width() / SMOOTH_EVERY_PX)
        _, left, right = self._part(line, curve, self.range.x)
        points = curve.envelope(left, right, width) if is_raw else curve.thinned(left, right, smooth_px)
        item.set_points(self._scaled(points._replace(x=line.scale().at(points.x))))

    def _scaled(self, points: Points) -> Points:
        if not self.is_log:
            return points
        import numpy as np

        with np.errstate(divide="ignore", invalid="ignore"):
            return Points(points.x, np.log10(np.maximum(points.y, 1e-12)), points.in_pairs)
