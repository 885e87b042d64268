"""Which part of each graph the canvas shows: fitted at first, and later as the user left it."""

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer

from gui.canvas.view.minimap_corner import MapCorner
from gui.canvas.view.pan_zoom import MIN_ZOOM
from gui.canvas.view.view import CanvasView

WHOLE_FROM = 0.6  # the least zoom at which a graph that is opened is shown whole
READABLE = 0.75  # the zoom at which the beginning of a larger graph is shown


class GraphViews(QObject):
    """Fits graphs into the view, and remembers the zoom and the centre of each by its path."""

    def __init__(self, view: CanvasView, corner: MapCorner, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._scene, self._corner = view, view.graph_scene, corner
        self._saved: dict[tuple[str, ...], tuple[float, QPointF]] = {}
        self._path = self._scene.selection.path
        self._has_started = False
        self._scene.document.replaced.connect(self._forget)
        self._scene.graph_shown.connect(self._restore)
        view.view_changed.connect(self._save)

    def start(self) -> None:
        """Fit the graph when the canvas is shown for the first time."""
        if not self._has_started:
            self._has_started = True
            QTimer.singleShot(0, self, self.fit_readable)

    def fit_readable(self) -> None:
        """Fit the whole graph, or as much of its beginning as fits at a readable size."""
        self.fit(self._scene.content, readable=True)

    def fit_arranged(self) -> None:
        """The same for a graph whose nodes are still moving to their new places."""
        self.fit(self._scene.resting_content, readable=True)

    def fit(self, rect: QRectF, *, readable: bool = False) -> None:
        """Fit a rectangle, above the widgets that float over items at the bottom of the canvas.

        ``readable``: of a rectangle that would be too small, show the beginning.
        """
        min_zoom, fallback_zoom = (WHOLE_FROM, READABLE) if readable else (MIN_ZOOM, MIN_ZOOM)
        self._view.show_rect(rect, min_zoom=min_zoom, fallback_zoom=fallback_zoom)
        self._corner.settle()
        if self._view.visible_rect.contains(rect) and (bottom_px := self._corner.covered_height()):
            self._view.show_rect(rect, min_zoom=min_zoom, fallback_zoom=fallback_zoom, bottom_px=bottom_px)
            self._corner.settle()

    def _restore(self) -> None:
        self._path = self._scene.selection.path
        if last := self._saved.get(self._path):
            self._view.set_zoom(last[0])
            self._view.centerOn(last[1])
            self._view.view_changed.emit()
        elif self._has_started:
            self.fit_readable()

    def _save(self) -> None:
        if self._has_started and self._scene.is_complete and self._path == self._scene.selection.path:
            self._saved[self._path] = (self._view.zoom, self._view.visible_rect.center())

    def _forget(self) -> None:
        self._saved.clear()
        if self._has_started and self._scene.is_complete:  # otherwise `_restore` follows
            self.fit_readable()
