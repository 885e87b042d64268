"""The list of the palette's rows: drags, and the row that the pointer rests on."""

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing
from gui.widgets.viewport import replace_viewport

CARD_WAIT_MS = 400


class RowList(QListView):
    """The list: starts drags, and emits after a moment which row the pointer or the keyboard is on."""

    hovered = Signal(QModelIndex)
    menu_wanted = Signal(QModelIndex, QPoint)  # the row, and where on the screen

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        replace_viewport(self)
        self.setObjectName("palette_list")
        self.setAccessibleName("Layers")
        self.empty_text = ""
        self._theme = theme
        self._hovered = QModelIndex()
        self._wait = QTimer(self, singleShot=True, interval=CARD_WAIT_MS)
        self._wait.timeout.connect(lambda: self.hovered.emit(self._hovered))
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)
        self.ring = FocusRing(self, theme)
        self.entered.connect(self._enter)
        self.viewportEntered.connect(self._leave)
        self.verticalScrollBar().valueChanged.connect(self._leave)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._leave()
        if event.key() == Qt.Key.Key_I and not event.modifiers():
            self.hovered.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start no drag at a heading: Qt would drag the row that was selected before."""
        flags = self.indexAt(event.position().toPoint()).flags()
        self.setDragEnabled(bool(flags & Qt.ItemFlag.ItemIsDragEnabled))
        super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            return True  # the card shows more than a tooltip could
        if event.type() in (QEvent.Type.Leave, QEvent.Type.MouseButtonPress):
            self._leave()
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row at the pointer, or of the current row if a key asks for it."""
        self._leave()
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_key else self.indexAt(self.viewport().mapFrom(self, event.pos()))
        place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()) if is_key else event.globalPos()
        if index.isValid():
            self.menu_wanted.emit(index, place)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._leave()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_text:
            painter = QPainter(self.viewport())
            painter.setPen(self._theme.colour("text_dim"))
            flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
            painter.drawText(self.viewport().rect().adjusted(6, 6, -10, 0), flags, self.empty_text)
            painter.end()

    def _enter(self, index: QModelIndex) -> None:
        self._hovered = index
        self._wait.start()

    def _leave(self) -> None:
        self._wait.stop()
        self._hovered = QModelIndex()
        self.hovered.emit(QModelIndex())
