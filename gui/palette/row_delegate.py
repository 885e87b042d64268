"""How the palette's rows are painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.palette.item_model import ROW_ROLE
from gui.palette.layer_rows import LESS, Row
from gui.theme import Theme
from gui.theme.icons import paint

Index = QModelIndex | QPersistentModelIndex
LEFT, GLYPH, GAP = 6, 13, 9
RIGHT = 10


class RowDelegate(QStyledItemDelegate):
    """Headings in small print, entries with their family's icon, the data set as a field that opens."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del option
        row: Row = index.data(ROW_ROLE)
        small = QFontMetrics(self._theme.font("small")).height()
        text = QFontMetrics(self._theme.font("ui")).height()
        height = {"heading": small + 14, "data": text + 14, "more": small + 7}.get(row.role, text + 7)
        if row.role == "heading" and index.row() == 0:
            height -= 6
        return QSize(80, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        match row.role:
            case "heading":
                self._heading(painter, rect, row)
            case "data":
                self._data(painter, rect.adjusted(2, 2, -RIGHT, -4), row, option)
            case "more":
                self._background(painter, rect, option)
                name = "chevron-up" if row.text == LESS else "chevron-down"
                place = QRectF(rect.left() + LEFT, rect.center().y() - 5.5, 12, 12)
                paint(painter, name, place, self._theme.tokens.text_dim)
                self._text(painter, rect, row.text, "small", "text_dim", LEFT + GLYPH + GAP)
            case "problem":
                self._background(painter, rect, option)
                paint(painter, "warning", _glyph_place(rect), self._theme.tokens.warning)
                self._text(painter, rect, row.text, "ui", "text_dim", LEFT + GLYPH + GAP)
            case _:
                self._background(painter, rect, option)
                self._glyph(painter, rect, row.family)
                used = self._text(painter, rect, row.text, "ui", "text", LEFT + GLYPH + GAP)
                if row.detail:
                    self._text(painter, rect, row.detail, "small", "text_dim", used + GAP)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, row: Row) -> None:
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.colour("text_dim"))
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(LEFT - 1, 0, -RIGHT, -4), flags, row.text)

    def _data(self, painter: QPainter, rect: QRect, row: Row, option: QStyleOptionViewItem) -> None:
        is_lit = bool(option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
        painter.setPen(self._theme.colour("focus" if option.state & QStyle.StateFlag.State_Selected else "edge"))
        painter.setBrush(self._theme.colour("hover" if is_lit else "raised"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        self._glyph(painter, rect.adjusted(2, 0, 0, 0), "data")
        self._text(painter, rect.adjusted(2, 0, -16, 0), row.text, "ui", "text", LEFT + GLYPH + GAP)
        chevron = QRectF(rect.right() - 19, rect.center().y() - 5.5, 12, 12)
        paint(painter, "chevron-down", chevron, self._theme.tokens.text_dim)

    def _background(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
        selected = option.state & QStyle.StateFlag.State_Selected
        if not selected and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("selection" if selected else "hover"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0, 0, -6, 0), 4, 4)

    def _glyph(self, painter: QPainter, rect: QRect, name: str) -> None:
        family = self._theme.family(name)
        paint(painter, family.glyph, _glyph_place(rect), family.outline)

    def _text(self, painter: QPainter, rect: QRect, text: str, voice: str, colour: str, left: int) -> int:
        """Draw a text, elided if it is too long; returns where it ends, from the row's left."""
        font = self._theme.font(voice)  # type: ignore[arg-type] # one of the voices
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        metrics = QFontMetrics(font)
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() - left - RIGHT)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(left, 0, -RIGHT, 0), flags, elided)
        return left + metrics.horizontalAdvance(elided)


def _glyph_place(rect: QRect) -> QRectF:
    return QRectF(rect.left() + LEFT, rect.center().y() - GLYPH / 2 + 0.5, GLYPH, GLYPH)
