"""A hand on the canvas: real mouse and key events, at places given by name."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.graph.model import End, Wire
from engine.project import file
from tests.windows import double_click

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def wire(source, target):
    return Wire(End.parse(source), End.parse(target))


class Hand:
    def __init__(self, canvas):
        self.canvas, self.view, self.scene = canvas, canvas.view, canvas.scene
        self._button = Qt.MouseButton.NoButton
        self._at = QPointF(5, 5)

    def spot(self, at):
        """A place on the viewport: a QPointF of the scene, ``node``, ``node.port`` or ``node<port`` for an input."""
        if isinstance(at, str):
            name, mark, port = at.partition("<") if "<" in at else at.partition(".")
            item = self.scene.nodes[name]
            spot = item.look.spot(port, is_input=mark == "<")
            at = item.spot_at(spot) if spot else item.scene_rect.center()
        return self.view.viewportTransform().map(at)

    def press(self, at, button=LEFT, keys=PLAIN):
        self._at, self._button = self.spot(at), button
        self._send(QEvent.Type.MouseButtonPress, button, keys)

    def move(self, at, keys=PLAIN, steps=4):
        start, end = self._at, self.spot(at)
        for step in range(1, steps + 1):
            self._at = start + (end - start) * (step / steps)
            self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton, keys)

    def release(self, keys=PLAIN):
        button, self._button = self._button, Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseButtonRelease, button, keys)

    def drag(self, *stops, button=LEFT, keys=PLAIN):
        self.press(stops[0], button, keys)
        for stop in stops[1:]:
            self.move(stop, keys)
        self.release(keys)

    def click(self, at, button=LEFT, keys=PLAIN):
        QTest.mouseClick(self.view.viewport(), button, keys, self.spot(at).toPoint())
        self._at = self.spot(at)

    def double_click(self, at):
        double_click(self.view.viewport(), self.spot(at).toPoint())

    def wheel(self, at, notches=1, keys=PLAIN):
        place = self.spot(at)
        event = QWheelEvent(
            place, self.view.viewport().mapToGlobal(place), QPointF(0, 0).toPoint(),
            QPointF(0, 120 * notches).toPoint(), Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view.viewport(), event)

    def key(self, key, keys=PLAIN, widget: QWidget | None = None):
        QTest.keyClick(widget or self.view, key, keys)

    def type(self, text, widget):
        QTest.keyClicks(widget, text)

    def _send(self, kind, button, keys):
        port = self.view.viewport()
        event = QMouseEvent(kind, self._at, QPointF(port.mapToGlobal(self._at)), button, self._button, keys)
        QApplication.sendEvent(port, event)


class Steps:
    """What a gesture left in the history: exactly one step, which undo and redo apply exactly."""

    def __init__(self, document):
        self._document = document
        self._before, self._count = self.text, document.history.index()

    @property
    def text(self):
        return file.dump(self._document.project)

    def are_none(self):
        return self._document.history.index() == self._count and self.text == self._before

    def is_one(self):
        history, after = self._document.history, self.text
        if history.index() != self._count + 1 or after == self._before:
            return False
        history.undo()
        went_back = self.text == self._before
        history.redo()
        return went_back and self.text == after
