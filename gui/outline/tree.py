"""The native tree of the outline, with its own keys."""

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QTreeView, QWidget


class Tree(QTreeView):
    """The native tree. ``fix_wanted``: Ctrl+Enter on a problem. ``removal_wanted``: Delete."""

    fix_wanted = Signal(QModelIndex)
    removal_wanted = Signal(QModelIndex)
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("outline_tree")
        self.setAccessibleName("Outline of the network")
        self.setAccessibleDescription(
            "F2 renames a node or block, Enter goes to it, Delete removes an unused block, Ctrl+Enter fixes a problem"
        )
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTreeView.EditTrigger.EditKeyPressed)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(13, 13))
        self.setIndentation(12)
        self.setAllColumnsShowFocus(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _is_own(event):
            event.accept()  # the window has other uses for these keys
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_fix_key(event):
            self.fix_wanted.emit(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.removal_wanted.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


def _is_fix_key(event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _is_own(event: QKeyEvent) -> bool:
    return _is_fix_key(event) or (event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete) and not event.modifiers())
