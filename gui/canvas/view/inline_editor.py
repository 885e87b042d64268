"""Edit a text in place: one temporary widget over the viewport."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from gui.canvas.view.view import CanvasView

Done = Callable[[str], object]
MIN_SIZE = (120, 26)


class InlineEditor(QObject):
    """Enter or a click elsewhere accepts the text (Ctrl+Enter in one with several lines), Escape discards it."""

    def __init__(self, view: CanvasView, rect: QRectF, text: str, done: Done, *, multiline: bool) -> None:
        super().__init__(view)
        self._view, self._done, self._is_multiline = view, done, multiline
        self._is_closed = False
        host = view.parentWidget() or view
        place = view.viewportTransform().mapRect(rect).toAlignedRect().translated(view.viewport().mapTo(host, QPoint()))
        place.setSize(place.size().expandedTo(QSize(*MIN_SIZE)))
        self.widget: QLineEdit | QPlainTextEdit
        if multiline:
            self.widget = QPlainTextEdit(text, host)
        else:
            self.widget = QLineEdit(text, host)
        self.widget.setObjectName("inline_editor")
        self.widget.setGeometry(place)
        self.widget.selectAll()
        self.widget.installEventFilter(self)
        self.widget.show()
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        view.view_changed.connect(self._accept)

    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.widget.toPlainText() if isinstance(self.widget, QPlainTextEdit) else self.widget.text()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self.widget:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                return self._key(event)
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._ends(event):
                event.accept()  # Ctrl+Enter, which otherwise starts a training
                return True
            if event.type() is QEvent.Type.FocusOut:
                self._accept()
        return super().eventFilter(target, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return True
        if self._ends(event):
            self._accept()
            return True
        return False

    def _ends(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return enter and (not self._is_multiline or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _accept(self) -> None:
        if not self._is_closed:
            text = self.text.strip()
            self._close()
            self._done(text)

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._view.view_changed.disconnect(self._accept)
            self.widget.removeEventFilter(self)
            self.widget.hide()
            self.widget.deleteLater()
            self.deleteLater()
            self._view.setFocus()
