"""A person at the window: moves the mouse and presses keys on the window itself, and sees what it shows."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QFrame, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.graph.model import Graph
from engine.project import file
from gui.shell.app import App
from tests.gui.canvas.hand import CTRL, LEFT, PLAIN, Hand

WAIT = 120_000  # torch may be slow to load on a busy machine
KEY = Qt.Key


class WindowHand(Hand):
    """The hand on the canvas, whose events come to the window as those of a mouse do."""

    def _send(self, kind, button, keys):
        frame = self.view.window()
        at = self.view.viewport().mapTo(frame, self._at.toPoint())
        match kind:
            case QEvent.Type.MouseButtonPress:
                QTest.mousePress(frame.windowHandle(), button, keys, at)
            case QEvent.Type.MouseButtonRelease:
                QTest.mouseRelease(frame.windowHandle(), button, keys, at)
            case _:
                QTest.mouseMove(frame.windowHandle(), at)

    def click(self, at, button=LEFT, keys=PLAIN):
        self.press(at, button, keys)
        self.release(keys)


class Person:
    """Does one thing after the other, and waits for what has to come of it."""

    def __init__(self, app: App, qtbot: QtBot) -> None:
        self.app, self.qtbot = app, qtbot
        self.context, self.frame, self.window = app.context, app.frame, app.window
        self.document = app.context.document
        self.canvas = app.window.panels["canvas"]
        self.hand = WindowHand(self.canvas)

    # Seeing

    @property
    def graph(self) -> Graph:
        return self.document.project.graphs["Net"]

    @property
    def ends(self) -> set[tuple[str, str]]:
        return {(str(wire.source), str(wire.target)) for wire in self.graph.wires}

    @property
    def text(self) -> str:
        """The project as it would be saved."""
        return file.dump(self.document.project)

    def shape(self, source: str, target: str) -> str:
        """What is written on a wire."""
        wires = self.canvas.scene.wires.items()
        item = next(item for wire, item in wires if (str(wire.source), str(wire.target)) == (source, target))
        return "".join(piece.text for piece in item.pieces)

    def notice(self, topic: str) -> str:
        """The words of a card over the page."""
        return " ".join(label.text() for label in self._strip(topic).findChildren(QLabel))

    def _strip(self, topic: str) -> QFrame:
        def visible_banners() -> list[QFrame]:
            return [each for each in self.frame.findChildren(QFrame, f"banner_{topic}") if each.isVisible()]

        self.wait(lambda: len(visible_banners()) == 1)  # one is put up a moment after its notice came
        return visible_banners()[0]

    @property
    def status_text(self) -> str:
        """The passing message of the status line."""
        return self.window.status.currentMessage()

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=WAIT)

    def wait_for_shapes(self) -> None:
        self.wait(lambda: not self.context.results.stale)

    # Doing

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click into the middle of a widget, or at a place in it."""
        window = widget.window()
        place = widget.mapTo(window, widget.rect().center() if at is None else at)
        assert widget.isVisible()
        assert widget.isEnabled()
        assert window.rect().contains(place)
        QTest.mouseClick(window.windowHandle(), LEFT, PLAIN, place)

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.click(self._child(QPushButton, name))

    def choose_on(self, topic: str, label: str) -> None:
        """Press a button of a card over the page."""
        self.click(next(each for each in self._strip(topic).findChildren(QPushButton) if each.text() == label))

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, keys)

    def write(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def retype(self, field: QWidget, text: str) -> None:
        """Write something else into a field, and press Enter."""
        self.click(field, QPoint(8, field.height() // 2))
        assert field.hasFocus()
        self.key(KEY.Key_A, CTRL)
        self.write(text)
        self.key(KEY.Key_Return)

    def set(self, name: str, text: str) -> None:
        """Give a parameter of what is selected another value, in the inspector."""
        page = self.window.panels["inspector"].page
        self.retype(page.form.rows[name].editor.field, text)

    def rename(self, name: str) -> None:
        self.retype(self.window.panels["inspector"].page.name.rows["name"].editor.field, name)

    def set_epochs(self, count: int) -> None:
        """Nothing selected, the inspector is about the training."""
        self.hand.click(QPointF(*self.empty_place))
        self.retype(self.window.panels["inspector"].page.training.run.rows["epochs"].editor.field, str(count))

    @property
    def empty_place(self) -> tuple[float, float]:
        """A place of the canvas with nothing around, not even a notice."""
        visible_rect = self.canvas.view.visible_rect
        return visible_rect.left() + 14, visible_rect.top() + 14

    def drag_in(self, text: str, x: float, y: float) -> str:
        """Drag an entry of the palette to a place in the graph; gives the new node's name."""
        before = set(self.graph.nodes)
        data = self._take(text)
        port, at = self.canvas.view.viewport(), self.canvas.view.viewportTransform().map(QPointF(x, y))
        copy = Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, PLAIN)
        QApplication.sendEvent(port, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(port, QDragMoveEvent(at.toPoint(), copy, data, LEFT, PLAIN))
        QApplication.sendEvent(port, QDropEvent(at, copy, data, LEFT, PLAIN))
        (name,) = set(self.graph.nodes) - before
        return name

    def _take(self, text: str) -> QMimeData:
        """Press on an entry of the palette and move off: a drag begins, which this platform carries nowhere."""
        palette = self.window.panels["palette"]
        self.click(palette.search)
        self.key(KEY.Key_A, CTRL)
        self.write(text)
        view, port = palette.list, palette.list.viewport()
        rows = [palette.model.index(row, 0) for row in range(palette.model.rowCount())]
        index = next(index for index in rows if index.data() == text)
        at = port.mapTo(self.frame, view.visualRect(index).center())
        drags: list[QMimeData] = []
        palette.model.mimeData = lambda indexes: drags.append(type(palette.model).mimeData(palette.model, indexes))
        handle = self.frame.windowHandle()
        QTest.mousePress(handle, LEFT, PLAIN, at)
        for step in (8, 16, 24):
            QTest.mouseMove(handle, at + QPoint(step, 0))
        QTest.mouseRelease(handle, LEFT, PLAIN, at + QPoint(24, 0))
        del palette.model.mimeData
        (data,) = drags  # exactly one drag was begun
        return data

    def add(self, text: str) -> str:
        """Press Tab and choose a layer by its name; gives the new node's name."""
        before = set(self.graph.nodes)
        self.key(KEY.Key_Tab)
        self.choose(text)
        (name,) = set(self.graph.nodes) - before
        return name

    def choose(self, text: str) -> None:
        """Type into the open search, and take the first that it finds."""
        assert self.canvas.layer_popup.search.field.hasFocus()
        self.write(text)
        self.key(KEY.Key_Return)
        assert not self.canvas.layer_popup.search.isVisible()

    # Dialogs

    def during(self, name: str, act: Callable[[QDialog], object], then: Callable[[], object]) -> None:
        """Do ``then``, which opens a dialog and waits for it, and in that dialog ``act``."""
        done: list[str] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QDialog) or not dialog.isActiveWindow():
                QTimer.singleShot(10, look)
                return
            try:
                assert dialog.objectName() == name
                act(dialog)
                done.append(name)
            finally:
                if not done:
                    dialog.reject()  # or the test would wait for ever

        QTimer.singleShot(0, look)
        then()
        assert done == [name]
        if self.frame.isVisible():
            self.wait(self._is_in_front)

    def _is_in_front(self) -> bool:
        """Whether the keyboard is the window's again; here nobody else gives it back when a dialog has gone."""
        if not self.frame.isActiveWindow():
            self.frame.activateWindow()
        return self.frame.isActiveWindow()

    def save_as(self, path: Path, keys: Qt.KeyboardModifier = CTRL) -> None:
        self.during("QFileDialog", lambda dialog: self.name_file(dialog, path), lambda: self.key(KEY.Key_S, keys))

    def name_file(self, dialog: QFileDialog, path: Path) -> None:
        """Write the name of a file into the dialog that asks for one, and press Enter."""
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        self.qtbot.waitUntil(field.hasFocus)
        self.key(KEY.Key_A, CTRL)
        self.write(str(path))
        self.key(KEY.Key_Return)

    def turn_to(self, title: str) -> None:
        """Click the tab of a page."""
        tabs = self.window.pages.tabs
        (place,) = (place for place in range(tabs.count()) if tabs.tabText(place) == title)
        self.click(tabs, tabs.tabRect(place).center())

    def _child(self, kind: type[QWidget], name: str) -> QWidget:
        widget = self.frame.findChild(kind, name)
        assert widget is not None, name
        return widget
