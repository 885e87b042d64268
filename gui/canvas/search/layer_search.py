"""The popup that adds a layer: type a few letters, press Enter."""

from collections.abc import Callable, Iterable
from itertools import accumulate

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.canvas.card.placing import beside
from gui.canvas.items.style import Paints
from gui.canvas.search.layer_entries import Entry
from gui.matching.fuzzy import matching, search_texts
from gui.matching.typed_values import values_text

Index = QModelIndex | QPersistentModelIndex
WIDTH, ROW, ROWS = 380, 42, 7
LEFT, RIGHT, LINE = 36, 12, 15  # around a row's text; the height of a second line
TEXT_PX = WIDTH - 16 - LEFT - RIGHT - 12  # less the margins of the list and its scroll bar
ENTRY = Qt.ItemDataRole.UserRole


class Rows(QAbstractListModel):
    """The entries that match, the best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.all: list[Entry] = []
        self.matches: list[Entry] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        return 0 if parent.isValid() else len(self.matches)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.matches[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{entry.title} {values_text(entry.values)}".strip()
            case Qt.ItemDataRole.AccessibleDescriptionRole | Qt.ItemDataRole.ToolTipRole:
                return entry.summary
            case _:
                return entry if role == ENTRY else None

    def filter(self, query: str) -> None:
        """Show the entries that match the query."""
        self.beginResetModel()
        items = ((each, each.kind, search_texts(each.title, each.kind, each.family, each.summary)) for each in self.all)
        self.matches = [entry.with_values(values) for entry, values in matching(query, items)]
        self.endResetModel()


class RowPainter(QStyledItemDelegate):
    """A row: the family's icon, the kind, and its summary."""

    def __init__(self, paints: Paints, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paints = paints

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Higher if the summary needs a second line."""
        del option
        return QSize(WIDTH - 20, self.height(index.data(ENTRY)))

    def height(self, entry: Entry) -> int:
        """The height of a row."""
        return ROW + (LINE if self.paints.measure(entry.summary, "label") > TEXT_PX else 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        p, entry, rect = self.paints, index.data(ENTRY), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(p.row)
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 5, 5)
        p.paint_glyph(painter, entry.family, QRectF(rect.left() + 12, rect.top() + 8, 13, 13))
        left, room = rect.left() + LEFT, rect.width() - LEFT - RIGHT
        painter.setFont(p.fonts["title"])
        painter.setPen(p.text)
        painter.drawText(QRectF(left, rect.top() + 4, room, 20), Qt.AlignmentFlag.AlignVCenter, entry.title)
        painter.setFont(p.fonts["label"])
        painter.setPen(p.dim)
        if entry.values:
            after = p.measure(entry.title, "title") + 10
            rest = QRectF(left + after, rect.top() + 4, room - after, 20)
            values = p.elided(values_text(entry.values), "label", rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, values)
        painter.drawText(
            QRectF(left, rect.top() + 22, TEXT_PX, rect.height() - 24), Qt.TextFlag.TextWordWrap, entry.summary
        )
        painter.restore()


class SearchPopup(QFrame):
    """A field and a list over the canvas. Enter adds, Escape or a click elsewhere closes."""

    activated = Signal(object)  # the Entry
    closed = Signal()

    def __init__(self, paints: Paints, parent: QWidget) -> None:
        super().__init__(parent)
        self.area: Callable[[], QRect] = parent.rect  # the rectangle that it may use
        self.setObjectName("search")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("role", "card")
        self.setAutoFillBackground(True)
        self.field = QLineEdit(self)
        self.field.setObjectName("search_field")
        self.field.setAccessibleName("Add a layer")
        self.rows = Rows(self)
        self.list = QListView(self)
        self.list.setObjectName("search_list")
        self.list.setModel(self.rows)
        self._painter = RowPainter(paints, self.list)
        self.list.setItemDelegate(self._painter)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setStyleSheet("background: transparent; border: 0;")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = QLabel(self)
        self.hint.setProperty("voice", "small")
        self._hint = ""
        self._lay_out()
        self.field.textEdited.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.hide()

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.hint)

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._painter.paints = paints
        self.update()

    def open(
        self, at: QPoint, entries: Iterable[Entry], prompt: str, hint: str = "", about: QRect | None = None
    ) -> None:
        """Open at a place on the parent, or as near as possible; ``about``: a rectangle not to cover."""
        self.rows.all = list(entries)
        self.field.clear()
        self.field.setPlaceholderText(prompt)
        self._hint = hint
        self._filter("")
        height = self.sizeHint().height()
        area = self.area().adjusted(8, 8, -8, -8)
        place = QRect(
            max(area.left(), min(at.x(), area.right() - WIDTH)),
            max(area.top(), min(at.y(), area.bottom() - height)),
            WIDTH,
            height,
        )
        if about is not None and place.intersects(about):
            place.moveTo(beside(place.size(), about, area))
        self.setGeometry(place)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_quietly(self) -> None:
        """Close without adding."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key(event)
        if target is self.field and event.type() is QEvent.Type.FocusOut and not self.underMouse():
            self.close_quietly()
        return super().eventFilter(target, event)

    def _key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_quietly()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self._choose(self.list.currentIndex().row())
            case Qt.Key.Key_Down:
                self._step(1)
            case Qt.Key.Key_Up:
                self._step(-1)
            case Qt.Key.Key_PageDown:
                self._step(ROWS)
            case Qt.Key.Key_PageUp:
                self._step(-ROWS)
            case _:
                return False
        return True

    def _step(self, by: int) -> None:
        count = self.rows.rowCount()
        if count:
            row = self.list.currentIndex().row() + by
            row = row % count if abs(by) == 1 else max(0, min(row, count - 1))
            self.list.setCurrentIndex(self.rows.index(row))

    def _filter(self, query: str) -> None:
        self.rows.filter(query)
        count = len(self.rows.matches)
        below = accumulate(map(self._painter.height, self.rows.matches[:ROWS]), initial=0)
        self.list.setFixedHeight(max(edge for edge in below if edge <= ROW * ROWS))  # no row is cut off at the end
        self.hint.setText(self._hint if count else "No layer, field or block has such a name.")
        self.hint.setVisible(bool(self.hint.text()))
        self._column.activate()
        self.resize(WIDTH, self.sizeHint().height())
        if count:
            self.list.setCurrentIndex(self.rows.index(0))

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.rows.matches):
            entry = self.rows.matches[row]
            self.hide()
            self.activated.emit(entry)
