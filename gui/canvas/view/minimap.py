"""The minimap in the corner: the whole graph, and its visible part."""

from collections import defaultdict

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from gui.canvas.items.style import NoPen, faded
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.view import CanvasView

SIZE = QSize(150, 92)
PAD = 8.0
FAINT = 0.3  # the opacity of the map where it covers something


class Minimap(QWidget):
    """Click or drag to move the view. The picture of the graph is drawn again at most 30 times a second."""

    pointer_left = Signal()

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("minimap")
        self.setAccessibleName("Map of the graph")
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self._is_faint = False
        self._picture: QPixmap | None = None
        self._area = QRectF()
        self._timer = QTimer(self, singleShot=True, interval=33)
        self._timer.timeout.connect(self._refresh)
        self._scene.content_changed.connect(self._schedule)
        self._scene.graph_shown.connect(self._schedule)
        self._scene.selection.changed.connect(self._schedule)
        view.view_changed.connect(self.update)

    @property
    def _scene(self) -> GraphScene:
        return self._view.graph_scene

    def set_faint(self, *, faint: bool) -> None:
        """Make the map translucent, except while the pointer is on it."""
        if faint != self._is_faint:
            self._is_faint = faint
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        p = self._scene.paints
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatio():
            self._picture = self._draw_picture()
        painter = QPainter(self)
        painter.setOpacity(FAINT if self._is_faint and not self.underMouse() else 1.0)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._scene.graph.nodes:
            visible_part = self._transform.mapRect(self._view.visible_rect).intersected(
                QRectF(self.rect()).adjusted(2, 2, -2, -2)
            )
            painter.setPen(QPen(p.accent, 1.0))
            painter.setBrush(faded(p.accent, 0.10))
            painter.drawRoundedRect(visible_part, 2, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._centre_on(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._centre_on(event.position())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()
        self.pointer_left.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._schedule()

    def _schedule(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        if not self._scene.is_complete:
            self._timer.start()
            return
        self._picture = None
        self.update()

    @property
    def _transform(self) -> QTransform:
        """From the scene to the map."""
        room, area = QRectF(self.rect()).adjusted(PAD, PAD, -PAD, -PAD), self._area
        scale = min(room.width() / max(area.width(), 1.0), room.height() / max(area.height(), 1.0))
        middle = room.center()
        return QTransform(
            scale, 0, 0, scale, middle.x() - area.center().x() * scale, middle.y() - area.center().y() * scale
        )

    def _centre_on(self, at: QPointF) -> None:
        self._view.centerOn(self._transform.inverted()[0].map(at))
        self._view.view_changed.emit()

    def _draw_picture(self) -> QPixmap:
        p, ratio = self._scene.paints, self.devicePixelRatio()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        self._area = self._scene.content
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(p.chip_edge)
        painter.setBrush(faded(p.chip.color(), 0.92))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(NoPen)
        painter.setTransform(self._transform)
        groups: dict[int, list[QRectF]] = defaultdict(list)
        for item in self._scene.nodes.values():
            colour = p.accent if item.is_selected else _muted(item.colours.outline.color(), p.dim.color())
            groups[colour.rgb()].append(item.scene_rect)
        for rgb, rects in groups.items():
            painter.setBrush(QColor(rgb))
            painter.drawRects(rects)
        painter.end()
        return picture


def _muted(colour: QColor, towards: QColor) -> QColor:
    """Halfway to another colour, so that the map does not distract."""
    return QColor(
        (colour.red() + towards.red()) // 2,
        (colour.green() + towards.green()) // 2,
        (colour.blue() + towards.blue()) // 2,
    )
