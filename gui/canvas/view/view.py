"""The view of the scene with its events: mouse, keys, drags, and the current gesture."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.canvas.gestures.gesture import Gesture
from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.hit_test import Hit, Pointer, hit_test
from gui.canvas.scene.scene import GraphScene
from gui.canvas.view.drop import DropTarget
from gui.canvas.view.edge_pan import EdgePan
from gui.canvas.view.pan_zoom import PanZoomView

WHEEL_STEP = 1.15

Start = Callable[["CanvasView", Pointer, Hit], Gesture | None]


class CanvasView(PanZoomView):
    """Shows a scene. A press goes to the first gesture that accepts it; Escape cancels the gesture."""

    hinted = Signal(str)  # what can be done now, in a few words
    pressed = Signal()  # a mouse button, before the press is handled
    hovered = Signal(object)  # the Hit under the resting pointer changed
    menu_wanted = Signal(object, QPoint)  # the Hit, and where on the screen
    wire_dropped = Signal(object, bool, object)  # the End it comes from, whether that is an output, and the Pointer
    double_clicked = Signal(object, object)  # the Hit and the Pointer

    def __init__(self, scene: GraphScene, starts: Iterable[Start], parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._starts = tuple(starts)
        self.gesture: Gesture | None = None
        self.drop_target = DropTarget(scene, self)
        self.hit = Hit()
        self._pan_from: QPointF | None = None
        self._space = False
        self._last: Pointer | None = None
        self._edge_pan = EdgePan(self.viewport(), self)
        self._edge_pan.timeout.connect(self._pan_at_edge)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setAccessibleName("Network canvas")
        scene.changing.connect(self._forget_items)

    def pointer(self, at: QPointF | None = None) -> Pointer:
        """The pointer at a place on the viewport, by default where it was last, or the middle when it is elsewhere."""
        if at is None:
            at = QRectF(self.viewport().rect()).center()
            if self._last and self.viewport().rect().contains(self._last.view.toPoint()):
                at = self._last.view
        return Pointer(self.scene_at(at), at)

    # The current gesture

    def begin(self, gesture: Gesture) -> None:
        """Make a gesture the current one."""
        self.cancel()
        self.gesture = gesture
        self.hinted.emit(gesture.hint)

    def end(self) -> None:
        """End the gesture."""
        self.gesture = None
        self._edge_pan.stop()
        self.overlay.clear()
        self._repaint_overview()
        self.hinted.emit("")

    def cancel(self) -> None:
        """Cancel the gesture without a change."""
        if self.gesture:
            gesture = self.gesture
            self.end()
            gesture.cancel()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        self.pressed.emit()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.MiddleButton or (
            self._space and event.button() is Qt.MouseButton.LeftButton
        ):
            self._pan_from = at.view
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if self.gesture:
            self.gesture.press(at)
            return
        hit = hit_test(self._graph_scene, at.scene, self.zoom)
        for start in self._starts:
            if gesture := start(self, at, hit):
                self.begin(gesture)
                gesture.grab()
                return
        if event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit(hit, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if self._pan_from is not None:
            self._scroll_by(self._pan_from - at.view)
            self._pan_from = at.view
            self.view_changed.emit()
            at = self.pointer(at.view)
        if self.gesture is not None:
            pans = self.gesture.pans_at_edge
            self.gesture.move(at)
            self._repaint_overview()
            if pans:
                self._edge_pan.start_at(at.view)
        elif self._pan_from is None:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if self._pan_from is not None and event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton):
            self._pan_from = None
            self._show_cursor()
        elif self.gesture:
            self.gesture.release(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._pointer(event)
        if self.gesture:  # to it, a quick second click is a click
            self.gesture.press(at)
        elif event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit(hit_test(self._graph_scene, at.scene, self.zoom), at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.gesture:
            self._set_hit(Hit())

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        on_pad = event.deviceType() is QInputDevice.DeviceType.TouchPad and not pixels.isNull()
        if (on_pad or shift) and not ctrl:
            by = pixels if on_pad else QPoint(angle.y() or angle.x(), 0)
            self._scroll_by(-QPointF(by))
            self.view_changed.emit()
        elif angle.y():
            self.set_zoom(self.zoom * WHEEL_STEP ** (angle.y() / 120), event.position())
        event.accept()
        if self.gesture:
            self.gesture.move(self.pointer(event.position()))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.set_zoom(self.zoom * (1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.gesture:
            self.cancel()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif self.gesture and self.gesture.key(event):
            pass
        else:
            event.ignore()  # the canvas handles the other keys

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._moves_nodes(event):
            event.accept()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu at the selection for the menu key; the mouse has its own code."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            scene, selection = self._graph_scene, self._graph_scene.selection
            names = [name for name in scene.graph.nodes if name in selection.nodes]
            hit = Hit(node=scene.nodes[names[0]]) if names else Hit()
            if selection.wire:
                hit = Hit(wire=scene.wires[selection.wire])
            rect = scene.rect_of(names[:1]) if names else self.visible_rect
            middle = hit.wire.path.pointAtPercent(0.5) if hit.wire else rect.center()
            place = self.mapFromScene(middle)
            self.menu_wanted.emit(hit, self.viewport().mapToGlobal(place))
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drop_target.over(event, self.scene_at(event.position()), self.zoom)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drop_target.over(event, self.scene_at(event.position()), self.zoom)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        del event
        self.drop_target.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_target.drop(event, self.scene_at(event.position()), self.zoom)

    def focusNextPrevChild(self, next: bool) -> bool:
        del next
        return False  # Tab adds a layer; F6 goes to the next panel

    # Within

    def _moves_nodes(self, event: QKeyEvent) -> bool:
        """Ctrl and an arrow moves what is selected; without a selection the keys are free for others."""
        return bool(
            event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and (self._graph_scene.selection.nodes or self._graph_scene.selected_annotation)
        )

    def _pointer(self, event: QMouseEvent) -> Pointer:
        view = event.position()
        self._last = Pointer(self.scene_at(view), view, event.modifiers(), event.button())
        return self._last

    def _forget_items(self) -> None:
        """Forget the gesture and the item under the pointer, which may be about to be removed."""
        self.cancel()
        self._show_node_hovered(self.hit.node, False)
        self._show_wire_hovered(self.hit.wire, False)
        self.hit = Hit()

    def _hover(self, at: Pointer) -> None:
        if self._graph_scene.is_complete:  # otherwise with the next move
            self._set_hit(hit_test(self._graph_scene, at.scene, self.zoom))

    def _set_hit(self, hit: Hit) -> None:
        if hit != self.hit:
            if self.hit.node is not hit.node:
                self._show_node_hovered(self.hit.node, False)
                self._show_node_hovered(hit.node, True)
            if self.hit.wire is not hit.wire:
                self._show_wire_hovered(self.hit.wire, False)
                self._show_wire_hovered(hit.wire, True)
            self.hit = hit
            self._show_cursor()
            self.hovered.emit(hit)

    def _show_node_hovered(self, item: NodeItem | None, hovered: bool) -> None:
        if item and self._graph_scene.nodes_so_far.get(item.look.name) is item:
            item.show_hovered(hovered)

    def _show_wire_hovered(self, item: WireItem | None, hovered: bool) -> None:
        if item and self._graph_scene.wires_so_far.get(item.wire) is item:
            item.show_hovered(hovered)

    def _show_cursor(self) -> None:
        if self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self.hit.spot:
            shape = Qt.CursorShape.CrossCursor
        elif self.hit.corner:
            shape = Qt.CursorShape.SizeFDiagCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _pan_at_edge(self) -> None:
        last = self._last
        step = self._edge_pan.step(last.view) if last else QPointF()
        if self.gesture is None or last is None or step.isNull():
            self._edge_pan.stop()
            return
        self._scroll_by(step)
        self.view_changed.emit()
        self.gesture.move(Pointer(self.scene_at(last.view), last.view, last.keys, last.button))

    def _repaint_overview(self) -> None:
        if self._graph_scene.detail is Detail.NONE:
            self.viewport().update()
