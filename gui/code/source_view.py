"""A read-only view of source: line numbers, stripes in the colours of nodes, and marked lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.code.highlighter import PythonHighlighter
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

STRIPE_PX = 3
PAD_PX = 10


class SourceView(QPlainTextEdit):
    """Read-only source. ``line_activated``: a click on a line, or Enter on it; lines count from 1."""

    line_activated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stripes: Mapping[int, str] = {}
        self.marked_lines: tuple[int, ...] = ()  # lines with a band behind them
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setProperty("role", "code")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        self._numbers = Numbers(self)
        self._colours = PythonHighlighter(self, theme)
        self.blockCountChanged.connect(self._fit)
        self.updateRequest.connect(self._scrolled)
        self.ring = FocusRing(self, theme)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_source(self, text: str) -> None:
        """Replace the text; unchanged lines keep their position on the screen."""
        old, new = self.toPlainText().split("\n"), text.split("\n")
        if old == new:
            return
        head = _same(old, new)
        tail = _same(old[head:][::-1], new[head:][::-1])
        top = self.verticalScrollBar().value()
        end = len(old) - tail - 1  # the last line that differs
        middle = new[head : len(new) - tail]
        with self._colours.postpone(len(middle)):
            self._replace(head, end, middle, len(old))
        self.verticalScrollBar().setValue(top)

    def _replace(self, head: int, end: int, middle: Sequence[str], count: int) -> None:
        """Replace the lines from ``head`` to ``end``, of ``count`` lines."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        if end < head:  # only new lines
            self._insert(cursor, head, count, middle)
        else:
            cursor.setPosition(self.document().findBlockByNumber(head).position())
            last = self.document().findBlockByNumber(end)
            cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
            if middle:
                cursor.insertText("\n".join(middle))
            else:
                self._take_away(cursor, head)
        cursor.endEditBlock()

    def set_stripes(self, stripes: Mapping[int, str]) -> None:
        """Set the stripes in the margin: the family of each line."""
        if stripes != self._stripes:
            self._stripes = dict(stripes)
            self._numbers.update()

    def mark(self, lines: Iterable[int], *, reveal: bool = False) -> None:
        """Mark lines with a band behind them; ``reveal``: scroll to the first."""
        line_numbers = tuple(lines)
        if line_numbers != self.marked_lines:
            self.marked_lines = line_numbers
            self.viewport().update()
            self._numbers.update()
        if reveal and self.marked_lines:
            block = self.document().findBlockByNumber(self.marked_lines[0] - 1)
            top, bottom = self.firstVisibleBlock().blockNumber(), self._last_visible()
            if not top < block.blockNumber() < bottom:
                self.verticalScrollBar().setValue(max(0, block.blockNumber() - (bottom - top) // 3))

    def _insert(self, cursor: QTextCursor, at: int, count: int, lines: Sequence[str]) -> None:
        if at < count:
            cursor.setPosition(self.document().findBlockByNumber(at).position())
            cursor.insertText("\n".join(lines) + "\n")
        else:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText("\n" + "\n".join(lines))

    def _take_away(self, cursor: QTextCursor, head: int) -> None:
        """Remove the selected whole lines, with the line break that is left over."""
        cursor.removeSelectedText()
        if head == 0:
            cursor.deleteChar()
        else:
            cursor.deletePreviousChar()

    def _last_visible(self) -> int:
        rows = self.viewport().height() // max(1, QFontMetrics(self.font()).lineSpacing())
        return self.firstVisibleBlock().blockNumber() + rows - 1

    def _restyle(self) -> None:
        self.setFont(self._theme.font("mono"))
        self._fit()

    def _fit(self) -> None:
        self.setViewportMargins(self.margin_px, 0, 0, 0)
        self._numbers.update()

    @property
    def margin_px(self) -> int:
        """The width of the line numbers."""
        digits = max(3, len(str(self.blockCount())))
        return QFontMetrics(self._theme.font("mono")).horizontalAdvance("9") * digits + 2 * PAD_PX + STRIPE_PX

    def _scrolled(self, rect: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(area.left(), area.top(), self.margin_px, area.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.line_activated.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_activated.emit(self.textCursor().blockNumber() + 1)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.marked_lines:
            self._paint_bands(event.rect())
        super().paintEvent(event)

    def _paint_bands(self, rect: QRect) -> None:
        """Paint the bands: a text format for each line would be slow if all are marked."""
        painter, colour = QPainter(self.viewport()), self._theme.colour("selection")
        marked_lines = set(self.marked_lines)
        for line, top, height in self._lines_in(rect):
            if line in marked_lines:
                painter.fillRect(QRectF(0, top, self.viewport().width(), height), colour)
        painter.end()

    def _lines_in(self, rect: QRect) -> Iterator[tuple[int, float, float]]:
        """The visible lines down to the end of a rectangle, as number, top and height."""
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= rect.bottom():
            height = self.blockBoundingRect(block).height()
            yield block.blockNumber() + 1, top, height
            top += height
            block = block.next()

    def paint_numbers(self, painter: QPainter, rect: QRect) -> None:
        """Draw numbers and stripes into the margin."""
        painter.fillRect(rect, self._theme.colour("code"))
        painter.setFont(self._theme.font("mono"))
        marked_lines = set(self.marked_lines)
        for line, top, height in self._lines_in(rect):
            painter.setPen(self._theme.colour("text" if line in marked_lines else "text_faint"))
            place = QRect(0, round(top), self._numbers.width() - PAD_PX - STRIPE_PX, round(height))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, str(line))
            if line in self._stripes:
                family = self._theme.family(self._stripes[line])
                left = self._numbers.width() - STRIPE_PX - 3
                painter.fillRect(QRect(left, round(top), STRIPE_PX, round(height)), family.outline)


class Numbers(QWidget):
    """The margin of a source view."""

    def __init__(self, view: SourceView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.margin_px, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._view.paint_numbers(painter, event.rect())
        painter.end()


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the start are equal."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
