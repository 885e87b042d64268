"""A view of the scene that pans, zooms, and paints as much as is legible at each zoom."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmapCache, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui.canvas.items.node_item import Detail
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.backdrop import paint_backdrop
from gui.canvas.view.overlay import Overlay
from gui.canvas.view.overview import Overview
from gui.widgets.viewport import replace_viewport

MIN_ZOOM, MAX_ZOOM = 0.04, 4.0  # zoom
FULL_FROM, TITLE_FROM = 0.6, 0.3
CACHE_TO = 1.5
CACHE_DELAY_MS = 160  # after the last zoom step, pictures are cached again
AROUND = 18.0  # left free around a fitted rectangle, in screen pixels
WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)
CACHE_KB = 96 * 1024


class PanZoomView(QGraphicsView):
    """Paints full nodes, or only titles when zoomed out, or the overview when zoomed far out."""

    zoomed = Signal(float)
    view_changed = Signal()  # another part of the scene is visible

    def __init__(self, scene: GraphScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._graph_scene = scene
        self.overlay = Overlay()
        self.overview = Overview(scene)
        self._fitted: tuple[object, QRectF, dict[str, float]] | None = (
            None  # the view's place after a fit, and the arguments of the fit
        )
        self._cache_timer = QTimer(self, singleShot=True, interval=CACHE_DELAY_MS)
        self._cache_timer.timeout.connect(self._cache_pictures)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), CACHE_KB))
        self._set_up()
        self._cache_timer.start()
        scene.addItem(self.overlay)
        scene.graph_shown.connect(self._show_graph)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(scene.routing.hold)
        self.zoomed.connect(scene.routing.hold)
        scene.repainted.connect(self.resetCachedContent)

    def _set_up(self) -> None:
        replace_viewport(self)
        self.setSceneRect(WORLD)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.centerOn(0, 0)

    @property
    def graph_scene(self) -> GraphScene:
        """The scene with its own type."""
        return self._graph_scene

    # Zoom and position

    @property
    def zoom(self) -> float:
        """Screen pixels per scene pixel."""
        return self.transform().m11()

    @property
    def visible_rect(self) -> QRectF:
        """The visible part of the scene."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    @property
    def room(self) -> tuple[float, float]:
        """The size of the viewport for a fitted rectangle, in screen pixels."""
        return max(self.viewport().width() - 2 * AROUND, 40.0), max(self.viewport().height() - 2 * AROUND, 40.0)

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that a place on the viewport (by default its middle) stays where it is."""
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        if abs(zoom - self.zoom) < 1e-9:
            return
        anchor = at if at is not None else QRectF(self.viewport().rect()).center()
        before = self.scene_at(anchor)
        self._graph_scene.set_cached(cached=False)
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._scroll_by(self._view_at(before) - anchor)
        self._show_detail()
        self._cache_timer.start()
        self.zoomed.emit(zoom)
        self.view_changed.emit()

    def show_rect(
        self,
        rect: QRectF,
        *,
        max_zoom: float = 1.0,
        min_zoom: float = MIN_ZOOM,
        fallback_zoom: float = MIN_ZOOM,
        bottom_px: float = 0.0,
    ) -> None:
        """Fit a rectangle of the scene, at ``max_zoom`` at most; ``bottom_px``: pixels to leave free at the bottom.

        If the zoom would be below ``min_zoom``, its upper left part is shown at ``fallback_zoom``.
        """
        if rect.isEmpty():
            rect = QRectF(-200, -150, 400, 300)
        across, down = self.room
        fit = min(across / rect.width(), max(down - bottom_px, 40.0) / rect.height())
        self.set_zoom(min(fit, max_zoom) if fit >= min_zoom else fallback_zoom)
        x, y = rect.center().x(), rect.center().y() + bottom_px / 2 / self.zoom
        visible_part = self.visible_rect
        if fit < min_zoom:
            margin = AROUND / self.zoom
            x = (
                rect.left() + visible_part.width() / 2 - margin
                if rect.width() + 2 * margin > visible_part.width()
                else x
            )
            y = (
                rect.top() + visible_part.height() / 2 - margin
                if rect.height() + 2 * margin > visible_part.height()
                else y
            )
        self.centerOn(x, y)
        self._fitted = (
            self._place,
            QRectF(rect),
            {"max_zoom": max_zoom, "min_zoom": min_zoom, "fallback_zoom": fallback_zoom, "bottom_px": bottom_px},
        )
        self.view_changed.emit()

    @property
    def _place(self) -> object:
        """The zoom and position of the view, to find out whether the user has moved it since."""
        return self.zoom, self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def scroll_to(self, rect: QRectF, margin: float = 40.0) -> None:
        """Scroll as little as possible to show a rectangle of the scene."""
        around = rect.adjusted(-margin, -margin, margin, margin)
        if not self.visible_rect.contains(around):
            if around.width() > self.visible_rect.width() or around.height() > self.visible_rect.height():
                self.centerOn(rect.center())
            else:
                self.ensureVisible(rect, int(margin * self.zoom), int(margin * self.zoom))
            self.view_changed.emit()

    def scene_at(self, at: QPointF) -> QPointF:
        """The place in the scene of a place on the viewport, to a fraction of a pixel."""
        return self.viewportTransform().inverted()[0].map(at)

    def _view_at(self, at: QPointF) -> QPointF:
        return self.viewportTransform().map(at)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._graph_scene.detail is not Detail.NONE:
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._graph_scene.paints.canvas)
        painter.setTransform(self.viewportTransform())
        self.overview.paint(painter, self.visible_rect)
        self.overlay.paint_on(painter)
        painter.end()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_backdrop(painter, QRectF(rect), self.zoom, self._graph_scene.paints)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the last rectangle again, unless the user has moved the view since."""
        super().resizeEvent(event)
        if self._fitted and self._fitted[0] == self._place:
            _, rect, how = self._fitted
            self.show_rect(rect, **how)
        self.view_changed.emit()

    # Within

    def _scroll_by(self, by: QPointF) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + round(by.x()))
        down.setValue(down.value() + round(by.y()))

    def _show_detail(self) -> None:
        zoom = self.zoom
        detail = Detail.FULL if zoom >= FULL_FROM else Detail.TITLE if zoom >= TITLE_FROM else Detail.NONE
        if detail is not self._graph_scene.detail:
            self._graph_scene.set_detail(detail)
            self.viewport().update()

    def _cache_pictures(self) -> None:
        self._graph_scene.set_cached(cached=FULL_FROM <= self.zoom <= CACHE_TO)

    def _show_graph(self) -> None:
        self.overlay = Overlay()
        self._graph_scene.addItem(self.overlay)
        self._show_detail()
        self._cache_timer.start()
