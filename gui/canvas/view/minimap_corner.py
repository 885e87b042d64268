"""The place of the minimap: a corner where it covers nothing; it is faint if every corner is covered."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtWidgets import QWidget

from gui.canvas.items.annotations import FrameItem, NoteItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.view.minimap import Minimap
from gui.canvas.view.view import CanvasView

EDGE_PX = 14  # from the panel's edges to what floats over it
REST_MS = 350  # the map stays where it is while things move
GAP_PX = 2.0


class MapCorner(QObject):
    """Moves the map when nothing else moves and the pointer is not on it; the lower right corner comes first."""

    def __init__(self, minimap: Minimap, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self._map, self._view, self._host = minimap, view, parent
        self.obstacles: list[QWidget] = []  # the other widgets that float over the canvas
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._settle)
        view.view_changed.connect(self._rest.start)
        view.graph_scene.content_changed.connect(self._rest.start)
        minimap.pointer_left.connect(self._rest.start)

    def add_obstacle(self, floating: QWidget) -> None:
        """Keep clear of another widget that floats over the canvas."""
        self.obstacles.append(floating)
        floating.installEventFilter(self)

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move):
            self._rest.start()
        return super().eventFilter(target, event)

    def settle(self) -> bool:
        """Move to the first corner with nothing in it, or only a caption; false if there is none."""
        corners = [*self._corners()]
        free_ones = (each for captions in (True, False) for each in corners if self._is_free(each, captions=captions))
        free = next(free_ones, None)
        self._map.setGeometry(free or corners[0])
        self._map.set_faint(faint=free is None)
        return free is not None

    def free_area(self) -> QRect:
        """The part of the canvas above the other widgets that float at its bottom."""
        area = self._host.rect()
        tops = [self._place_of(each).top() for each in self.obstacles if each.isVisible()]
        area.setBottom(min([top - EDGE_PX // 2 for top in tops if top > area.height() / 2] + [area.bottom()]))
        return area

    def covered_height(self) -> float:
        """The height at the bottom of the canvas where floating widgets cover items, in pixels."""
        lowest = [self._place_of(each) for each in self.obstacles if each.isVisible()]
        if self._map.isVisible():
            lowest.append(self._map.geometry())
        covering = [each for each in lowest if each.top() > self._host.height() / 2 and any(self._items_in(each))]
        return max((self._host.height() - each.top() for each in covering), default=0.0)

    def _settle(self) -> None:
        if self._view.gesture is not None or self._map.underMouse():
            self._rest.start()
        else:
            self.settle()

    def _corners(self) -> Iterator[QRect]:
        """The corners for the map, the best first; the upper right one is for the search."""
        size, area = self._map.size(), self._host.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        right, bottom = area.right() + 1 - size.width(), area.bottom() + 1 - size.height()
        for x, y in ((right, bottom), (area.left(), bottom), (area.left(), area.top())):
            yield QRect(x, y, size.width(), size.height())

    def _is_free(self, place: QRect, *, captions: bool) -> bool:
        is_covered = any(each.isVisible() and self._place_of(each).intersects(place) for each in self.obstacles)
        return not is_covered and not any(self._items_in(place, captions=captions))

    def _place_of(self, widget: QWidget) -> QRect:
        return QRect(self._host.mapFromGlobal(widget.mapToGlobal(widget.rect().topLeft())), widget.size())

    def _items_in(self, place: QRect, *, captions: bool = False) -> Iterator[bool]:
        """A value for each node, note or frame head in a rectangle; ``captions``: for captions of nodes too."""
        around = QRectF(place).adjusted(-GAP_PX, -GAP_PX, GAP_PX, GAP_PX)
        area = self._view.viewportTransform().inverted()[0].mapRect(around)
        for item in self._view.graph_scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
            if isinstance(item, NodeItem):
                hit = item.scene_rect.intersects(area) or (captions and item.caption_rect.intersects(area))
            else:
                hit = isinstance(item, NoteItem | FrameItem) and item.handle.intersects(area)
            if hit:
                yield True
