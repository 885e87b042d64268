"""The table of runs on the screen: rows to choose several of, coloured as their curves are."""

from pathlib import Path

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.runs.summary import RunState
from gui.focus_ring import FocusRing
from gui.runs.table.model import COLOUR, COLUMNS, PATH, SORT, STATE, RunsModel
from gui.theme import Theme

ROW_PX, HEAD_PX = 30, 34
LEAST_COLUMN_PX = 64
LEAST_ROWS = 3  # a comparison begins with seeing what could be compared
_DOT_PX = 8
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


class RunsTable(QTableView):
    """Sorted by any column.

    ``opened`` names a run that was double-clicked or got Enter; ``chosen`` tells that others are selected now.
    """

    opened = Signal(object)  # Path
    chosen = Signal()
    delete_wanted = Signal()

    def __init__(self, model: RunsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_table")
        self.setMinimumHeight(LEAST_ROWS * ROW_PX + HEAD_PX)
        self.setAccessibleName("Runs")
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT)
        self.setModel(self._sorted)
        self.setItemDelegate(RunDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.ring = FocusRing(self, theme)
        self.setSortingEnabled(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)  # names give way before anything scrolls
        head.setMinimumSectionSize(LEAST_COLUMN_PX)
        head.setSortIndicator(2, Qt.SortOrder.DescendingOrder)
        for place, column in enumerate(COLUMNS):
            self.setColumnWidth(place, column.width_px)
        self._told: list[Path] = []
        self.selectionModel().selectionChanged.connect(self._tell)
        self.doubleClicked.connect(lambda index: self.opened.emit(_path(index)))

    @property
    def paths(self) -> list[Path]:
        """The runs that are chosen, from top to bottom."""
        return [_path(index) for index in sorted(self.selectionModel().selectedRows(), key=lambda each: each.row())]

    def _tell(self) -> None:
        """Say so when others are chosen; Qt tells of a change as well when the chosen rows only move."""
        if (paths := self.paths) != self._told:
            self._told = paths
            self.chosen.emit()

    def show_folders(self, shown: bool) -> None:
        """Tell where each run lies, or leave it out where all lie in one place."""
        self.setColumnHidden(len(COLUMNS) - 1, not shown)

    def choose(self, paths: list[Path]) -> None:
        """Choose these runs, and no others."""
        model, wanted = self.selectionModel(), set(paths)
        model.clearSelection()
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if _path(index) in wanted:
                flags = QItemSelectionModel.SelectionFlag
                model.select(index, flags.Select | flags.Rows)
                model.setCurrentIndex(index, flags.NoUpdate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(_path(self.currentIndex()))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)


class RunDelegate(QStyledItemDelegate):
    """Cells with room around their text; a dot of its curve's colour before a compared run, and one for its state."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width() + 24, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, place = self._theme.tokens, QRectF(option.rect)
        if option.state & _SELECTED:
            painter.fillRect(option.rect, QColor(tokens.selection))
        left = place.left() + 8
        column = COLUMNS[index.column()].title
        if column in ("Run", "State"):
            self._paint_dot(painter, QRectF(left, place.center().y() - _DOT_PX / 2, _DOT_PX, _DOT_PX), index, column)
            left += _DOT_PX + 8
        painter.setFont(self._theme.font("medium" if column == "Run" else "ui"))
        painter.setPen(QColor(tokens.text if column in ("Run", "At best epoch") else tokens.text_dim))
        room = QRectF(left, place.top(), place.right() - 8 - left, place.height())
        text = painter.fontMetrics().elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideMiddle, int(room.width())
        )
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), text)
        painter.restore()

    def _paint_dot(
        self, painter: QPainter, place: QRectF, index: QModelIndex | QPersistentModelIndex, column: str
    ) -> None:
        tokens = self._theme.tokens
        if column == "State":
            state: RunState = index.data(STATE)
            colour = QColor(getattr(tokens, _TONES[state]))
            is_filled = state in ("running", "failed")
        else:
            colour, is_filled = QColor(index.data(COLOUR) or tokens.line), bool(index.data(COLOUR))
        painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(place.adjusted(0.75, 0.75, -0.75, -0.75))


def _path(index: QModelIndex) -> Path:
    return Path(index.siblingAtColumn(0).data(PATH))
