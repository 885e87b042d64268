"""The columns of a table: the role of each, which a click changes, and what it contains."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from engine.protocol.data_answers import ColumnRead
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
HEADINGS = ("Column", "Read as", "Values", "Missing")
NAME, ROLE = 0, 1
LEAST_PX, MAX_PX = 56, 220  # of the names
HELP = "What each column was read as. Click it, or press Enter, to read the column as something else."
AUTOMATIC, UNREAD = "automatic", "not read yet"
OPENS = "  \u25be"  # behind what opens a menu
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_F4)


class ColumnsModel(QAbstractTableModel):
    """A row for each column of the table. ``can_change``: whether the role can be changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: list[ColumnRead] = []
        self.can_change = False

    def show_columns(self, columns: Sequence[ColumnRead], *, can_change: bool) -> None:
        """Show the ``table`` of a summary."""
        self.beginResetModel()
        self.columns, self.can_change = list(columns), can_change
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(self.columns[index.row()], index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if index.column() <= ROLE else Qt.AlignmentFlag.AlignRight
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                text = self._text(self.columns[index.row()], index.column()).removesuffix(OPENS)
                return f"{text} different values" if HEADINGS[index.column()] == "Values" and text else text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section <= ROLE else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, column: ColumnRead, at: int) -> str:
        match HEADINGS[at]:
            case "Column":
                return str(column["name"])
            case "Read as":
                return f"{column['role'] or UNREAD}{OPENS if self.can_change else ''}"
            case "Values":
                return "" if column.get("different") is None else f"{column['different']:,}"
        missing = column.get("missing")
        return "" if missing is None else f"{missing:,}" if missing else "none"


class ColumnsTable(QTableView):
    """Shows the columns. ``role_wanted``: a column and its new role; empty for the automatic one."""

    role_wanted = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("columns_table")
        self.setAccessibleName("Columns")
        self.columns_model = ColumnsModel(self)
        self.setModel(self.columns_model)
        self.menu = QMenu(self)
        self.roles: tuple[str, ...] = ()
        self._roles_by_column: dict[str, str] = {}
        self._target = ""
        self._changed = ""  # the column whose role was changed last
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.ring = FocusRing(self, theme)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.tokens.control_px - 4)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(LEAST_PX)
        header.setHighlightSections(False)
        self.clicked.connect(self._click)

    def show_columns(
        self, columns: Sequence[ColumnRead], roles: Sequence[str], roles_by_column: Mapping[str, str], target: str
    ) -> None:
        """Show the columns. ``roles``: the options; ``roles_by_column``: the chosen ones; ``target``: a column."""
        self.roles, self._roles_by_column, self._target = tuple(roles), dict(roles_by_column), target
        self.columns_model.show_columns(columns, can_change=bool(roles))
        head = self.horizontalHeader().sectionSizeHint(NAME)
        self.setColumnWidth(NAME, max(LEAST_PX, head, min(MAX_PX, self.sizeHintForColumn(NAME) + 12)))
        at = next((at for at, column in enumerate(columns) if column["name"] == self._changed), 0)
        self.setCurrentIndex(self.columns_model.index(at, NAME))

    def clear(self) -> None:
        """Show no columns."""
        self.columns_model.show_columns([], can_change=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu of the current row by Enter."""
        if event.key() in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _click(self, index: QModelIndex) -> None:
        if index.column() == ROLE:
            self._open(index.row())

    def _open(self, row: int) -> None:
        """Open a menu of roles below the cell."""
        if not self.roles:
            return
        name = self._changed = str(self.columns_model.columns[row]["name"])
        self.menu.clear()
        group = QActionGroup(self.menu)
        for role in ("", *self.roles):
            action = QAction(role or AUTOMATIC, self.menu, checkable=True)
            action.setChecked(role == ("target" if name == self._target else self._roles_by_column.get(name, "")))
            action.setEnabled(name != self._target or role == "target")
            action.triggered.connect(lambda _=False, role=role: self.role_wanted.emit(name, role))
            group.addAction(action)
            self.menu.addAction(action)
        rect = self.visualRect(self.columns_model.index(row, ROLE))
        self.menu.popup(self.viewport().mapToGlobal(QPoint(rect.left(), rect.bottom())))
        if (checked := group.checkedAction()) is not None:
            self.menu.setActiveAction(checked)  # where the arrow keys start
