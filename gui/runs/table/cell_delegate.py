"""Paints the cells of the list of runs, and edits names in place."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.runs.label import MAX_NAME
from engine.runs.summary import RunState
from gui.runs.table.columns import NAME, SCORE
from gui.runs.table.columns import STATE as STATE_COLUMN
from gui.runs.table.table_model import COLOUR, KEY, STATE, TAGS
from gui.theme import Theme

ROW_PX = 30
_DOT_PX = 8
_LEAST_NAME_PX = 90.0  # width of the name before tags get any room
_CHIP_PAD, _CHIP_GAP = 6.0, 5.0
_SELECTED = QStyle.StateFlag.State_Selected
_TONES: dict[RunState, str] = {
    "running": "good",
    "paused": "warning",
    "finished": "text_dim",
    "stopped": "text_dim",
    "failed": "error",
    "interrupted": "warning",
    "lost": "error",
}
Index = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Cells with a margin; a dot in the colour of its curves before a compared run, and a dot for the state.

    ``shows_tags``: paint tags beside the name, while they have no column of their own.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.shows_tags = True

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width() + 24, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, place = self._theme.tokens, QRectF(option.rect)
        if option.state & _SELECTED:
            painter.fillRect(option.rect, QColor(tokens.selection))
        left = place.left() + 8
        column = index.data(KEY)
        if column in (NAME, STATE_COLUMN):
            self._paint_dot(painter, QRectF(left, place.center().y() - _DOT_PX / 2, _DOT_PX, _DOT_PX), index, column)
            left += _DOT_PX + 8
        room = QRectF(left, place.top(), place.right() - 8 - left, place.height())
        if column == NAME and self.shows_tags:
            room.setRight(self._paint_tags(painter, room, index))
        painter.setFont(self._theme.font("medium" if column == NAME else "ui"))
        painter.setPen(QColor(tokens.text if column in (NAME, SCORE) else tokens.text_dim))
        text = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideMiddle, int(room.width())
        )
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), text)
        painter.restore()

    def _paint_tags(self, painter: QPainter, room: QRectF, index: Index) -> float:
        """Paint tags after the name, and the number of those that do not fit; returns where the name must end."""
        tags = list(index.data(TAGS) or ())
        if not tags:
            return room.right()
        small = QFontMetricsF(self._theme.font("small"))
        name = QFontMetricsF(self._theme.font("medium")).horizontalAdvance(index.data(Qt.ItemDataRole.DisplayRole)) + 2
        free = room.width() - min(name, max(_LEAST_NAME_PX, room.width() * 0.55))
        visible_tags = list(tags)
        while visible_tags and self._width(small, visible_tags, len(tags)) > free:
            visible_tags.pop()
        if not visible_tags:
            return room.right()
        texts = [*visible_tags, *([f"+{len(tags) - len(visible_tags)}"] if len(visible_tags) < len(tags) else [])]
        left = min(room.right() - self._width(small, visible_tags, len(tags)), room.left() + name) + _CHIP_GAP
        end = left - _CHIP_GAP
        painter.setFont(self._theme.font("small"))
        for text in texts:
            chip = QRectF(left, room.center().y() - 9, small.horizontalAdvance(text) + 2 * _CHIP_PAD, 18)
            painter.setPen(QPen(QColor(self._theme.tokens.edge), 1))
            painter.setBrush(QColor(self._theme.tokens.raised))
            painter.drawRoundedRect(chip, 9, 9)
            painter.setPen(QColor(self._theme.tokens.text_dim))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
            left = chip.right() + _CHIP_GAP
        return end

    def _width(self, metrics: QFontMetricsF, visible_tags: list[str], count: int) -> float:
        texts = [*visible_tags, *([f"+{count - len(visible_tags)}"] if len(visible_tags) < count else [])]
        return sum(metrics.horizontalAdvance(text) + 2 * _CHIP_PAD + _CHIP_GAP for text in texts)

    def _paint_dot(self, painter: QPainter, place: QRectF, index: Index, column: str) -> None:
        tokens = self._theme.tokens
        if column == STATE_COLUMN:
            state: RunState = index.data(STATE)
            colour = QColor(getattr(tokens, _TONES[state]))
            is_filled = state in ("running", "failed")
        else:
            own = index.data(COLOUR)
            colour, is_filled = QColor(own or tokens.text_faint), bool(own)  # a contrast of at least 3:1
        painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(place.adjusted(0.75, 0.75, -0.75, -0.75))

    # Editing a name

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        del option
        editor = QLineEdit(parent)
        editor.setObjectName("run_name")
        editor.setAccessibleName("Name of the run")
        editor.setMaxLength(MAX_NAME)
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Keep what was typed: Qt calls this again whenever the run changes."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        del index
        editor.setGeometry(option.rect.adjusted(18, 1, -2, -1))
