"""The editor of images: a board to draw on, which also takes pictures by drop, paste and file."""

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.protocol.asking import InputWanted, SampleGiven
from gui.asking.editor import Editor
from gui.common_dialogs.file_dialog import ALL, FileDialog
from gui.forms.controls import IconButton
from gui.theme import Theme
from gui.widgets.pixels import as_png, image_of

SIDE_PX = 164
PEN = 0.085  # the width of a line, as a share of the side
ERASER = 0.16


class Board(QWidget):
    """An image that the mouse draws on; the right button erases."""

    changed = Signal()
    dropped = Signal(str)  # the path of a file

    def __init__(self, theme: Theme, shape: list[int], *, is_dark: bool) -> None:
        super().__init__()
        self.setObjectName("drawing_board")
        self.setAccessibleName("Drawing board")
        self._theme = theme
        _, height, width = shape
        scale = SIDE_PX / max(height, width)
        self._size = QSize(max(24, round(width * scale)), max(24, round(height * scale)))
        self.paper, self.ink = (Qt.GlobalColor.black, Qt.GlobalColor.white)[:: 1 if is_dark else -1]
        self.image = QImage(self._size, QImage.Format.Format_RGB32)
        self.picture: QImage | None = None  # shown instead of the drawing
        self.is_erasing = False
        self.is_empty = True
        self._last: QPointF | None = None
        self.image.fill(self.paper)
        self.setFixedSize(self._size)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        theme.changed.connect(self.update)

    def clear(self) -> None:
        """Remove everything."""
        self.image.fill(self.paper)
        self.picture, self.is_empty = None, True
        self.update()
        self.changed.emit()

    def show_picture(self, picture: QImage) -> None:
        """Show a picture instead of the drawing."""
        self.picture, self.is_empty = picture, False
        self.update()
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._begin()
        self._last = event.position()
        self._draw_to(event.position(), event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._draw_to(event.position(), event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._last = None

    def _begin(self) -> None:
        """Draw on top of a picture, if there is one."""
        if self.picture is not None:
            self.image.fill(self.paper)
            painter = QPainter(self.image)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_large(self.picture))
            painter.drawImage(_fitted(self.picture, QRectF(self.rect())), self.picture)
            painter.end()
            self.picture = None

    def _draw_to(self, place: QPointF, event: QMouseEvent) -> None:
        erases = self.is_erasing or bool(event.buttons() & Qt.MouseButton.RightButton)
        width = (ERASER if erases else PEN) * max(self._size.width(), self._size.height())
        colour = QColor(self.paper if erases else self.ink)
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        start = self._last or place
        if start == place:
            painter.drawPoint(place)
        else:
            painter.drawLine(start, place)
        painter.end()
        self._last, self.is_empty = place, False
        self.update()
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture = self.picture or self.image
        if self.picture is not None:
            painter.fillRect(self.rect(), self._theme.colour("field"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_large(picture))
        painter.drawImage(_fitted(picture, QRectF(self.rect())), picture)
        painter.setPen(self._theme.colour("focus" if self.hasFocus() else "edge"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.is_empty:
            painter.setFont(self._theme.font("small"))
            painter.setPen(QColor(Qt.GlobalColor.gray))
            text = "Draw, drop or\npaste a picture"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paste(self) -> bool:
        """Show the picture of the clipboard; false if there is none."""
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            return False
        self.show_picture(image)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.dropped.emit(paths[0])
        else:
            image = QImage(event.mimeData().imageData())
            if not image.isNull():
                self.show_picture(image)
        event.acceptProposedAction()

    @staticmethod
    def _is_large(image: QImage) -> bool:
        return max(image.width(), image.height()) > SIDE_PX / 2


class DrawingBoard(Editor):
    """A board with its tools."""

    def __init__(self, theme: Theme, entry: InputWanted) -> None:
        super().__init__()
        middle = (entry.get("min", 0.0) + entry.get("max", 1.0)) / 2
        self.board = Board(theme, entry["shape"], is_dark=entry.get("mean", 0.0) < middle)
        self._theme = theme
        self.pen = IconButton(theme, "pencil", "Draw", size_px=16)
        self.eraser = IconButton(theme, "eraser", "Erase; so does the right mouse button", size_px=16)
        self.clear = IconButton(theme, "trash", "Clear", size_px=16)
        self.paste = IconButton(theme, "paste", "Paste a picture", size_px=16)
        self.open = IconButton(theme, "folder", "Choose a picture", size_px=16)
        self.note = QLabel()
        self.note.setProperty("voice", "small")
        self.note.setWordWrap(True)
        for tool in (self.pen, self.eraser):
            tool.setCheckable(True)
        self.pen.setChecked(True)
        self.pen.clicked.connect(lambda: self._take_tool(erases=False))
        self.eraser.clicked.connect(lambda: self._take_tool(erases=True))
        self.clear.clicked.connect(self._clear)
        self.paste.clicked.connect(self._paste)
        self.open.clicked.connect(self._choose)
        self.board.changed.connect(self._draw)
        self.board.dropped.connect(self.show_file)
        tools = QVBoxLayout()
        tools.setSpacing(4)
        for tool in (self.pen, self.eraser, self.clear, self.paste, self.open):
            tools.addWidget(tool)
        tools.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.board)
        row.addLayout(tools)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.note)
        self.note.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def value(self) -> object | None:
        if self.board.is_empty:
            return None
        return as_png(self.board.picture or self.board.image)

    def fill(self, sample: SampleGiven) -> None:
        if "picture" in sample and (image := image_of(sample["picture"])) is not None:
            self.path = ""
            self.board.blockSignals(True)  # the answer is there already
            self.board.show_picture(image)
            self.board.blockSignals(False)

    def show_file(self, path: str) -> None:
        """Ask about a file as it is, which may hold more than the screen can show."""
        image = QImage(path)
        self.path = path
        self._say(Path(path).name)
        self.board.blockSignals(True)
        if image.isNull():
            self.board.clear()
        else:
            self.board.show_picture(image)
        self.board.blockSignals(False)
        self.changed.emit()

    def _draw(self) -> None:
        self.path = ""
        self._say("")
        self.changed.emit()

    def _clear(self) -> None:
        self.board.clear()

    def _paste(self) -> None:
        if not self.board.paste():
            self._say("The clipboard has no picture.")

    def _choose(self) -> None:
        path = FileDialog(self, self._theme, "Choose a picture").to_open(Path.home(), ALL)
        if path is not None:
            self.show_file(str(path))

    def _take_tool(self, *, erases: bool) -> None:
        self.board.is_erasing = erases
        self.pen.setChecked(not erases)
        self.eraser.setChecked(erases)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))


def _fitted(image: QImage, room: QRectF) -> QRectF:
    """The largest rectangle of the image's shape in the middle of a room."""
    size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    rect = QRectF(0, 0, size.width(), size.height())
    rect.moveCenter(room.center())
    return rect
