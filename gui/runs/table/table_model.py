"""The Qt model of the list of runs: one row per run, with all columns."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from gui.runs.known_runs.inventory import RunEntry
from gui.runs.table.columns import COLUMNS, NAME, Column, metric, metrics_of

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
PATH = Qt.ItemDataRole.UserRole + 1
STATE = Qt.ItemDataRole.UserRole + 2
COLOUR = Qt.ItemDataRole.UserRole + 3
KEY = Qt.ItemDataRole.UserRole + 4  # of the column
TAGS = Qt.ItemDataRole.UserRole + 5
_NOWHERE = QModelIndex()


class RunsModel(QAbstractTableModel):
    """``columns`` grows with the metrics of the runs.

    ``renamed`` carries the run and the name that the user typed.
    """

    renamed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[Column] = [*COLUMNS]
        self._runs: tuple[RunEntry, ...] = ()
        self._colours: Mapping[Path, str] = {}

    def set_runs(self, runs: tuple[RunEntry, ...]) -> None:
        """Replace the runs; rows of runs that stay are updated in place, which keeps the selection."""
        self._add_columns(runs)
        if [run.path for run in runs] == [run.path for run in self._runs]:
            before, self._runs = self._runs, runs
            for row, (old, new) in enumerate(zip(before, runs, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
            return
        self._remove_gone({run.path for run in runs})
        self._insert_new(runs)

    def set_colours(self, colours: Mapping[Path, str]) -> None:
        """Set the colours of the compared runs."""
        if colours == self._colours:
            return
        self._colours = dict(colours)
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, 0))

    @property
    def runs(self) -> Sequence[RunEntry]:
        """All runs, unsorted."""
        return self._runs

    def run(self, row: int) -> RunEntry:
        """The run of a row."""
        return self._runs[row]

    def place(self, key: str) -> int:
        """The index of a column; -1 if there is none with that key."""
        return next((place for place, column in enumerate(self.columns) if column.key == key), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        return column.title if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run, column = self._runs[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(run)
            case Qt.ItemDataRole.EditRole:
                return run.summary.name
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(run)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
        return _own(run, column, role, self._colours)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        is_name = index.isValid() and self.columns[index.column()].key == NAME
        return flags | Qt.ItemFlag.ItemIsEditable if is_name else flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or index.row() >= len(self._runs):
            return False
        run = self._runs[index.row()]
        if str(value) != run.summary.name:
            self.renamed.emit(run.path, str(value))
        return True

    def _add_columns(self, runs: Sequence[RunEntry]) -> None:
        keys = {column.key for column in self.columns}
        if new := [name for name in metrics_of(runs) if name not in keys]:
            first = len(self.columns)
            self.beginInsertColumns(QModelIndex(), first, first + len(new) - 1)
            self.columns += map(metric, new)
            self.endInsertColumns()

    def _remove_gone(self, paths: set[Path]) -> None:
        for row in reversed(range(len(self._runs))):
            if self._runs[row].path not in paths:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._runs = self._runs[:row] + self._runs[row + 1 :]
                self.endRemoveRows()

    def _insert_new(self, runs: tuple[RunEntry, ...]) -> None:
        paths = {run.path for run in self._runs}
        if [run.path for run in runs if run.path in paths] != [run.path for run in self._runs]:
            self.beginResetModel()  # the order has changed
            self._runs = runs
            self.endResetModel()
            return
        for row, run in enumerate(runs):
            if run.path not in paths:
                self.beginInsertRows(QModelIndex(), row, row)
                self._runs = (*self._runs[:row], run, *self._runs[row:])
                self.endInsertRows()
        if runs != self._runs:
            self._runs = runs
            self.dataChanged.emit(self.index(0, 0), self.index(len(runs) - 1, len(self.columns) - 1))


def _own(run: RunEntry, column: Column, role: int, colours: Mapping[Path, str]) -> object:
    """The data of our own roles, for the delegate and for sorting."""
    own: dict[int, Callable[[], object]] = {
        int(SORT): lambda: column.raw(run),
        int(PATH): lambda: str(run.path),
        int(STATE): lambda: run.summary.state,
        int(COLOUR): lambda: colours.get(run.path, ""),
        int(KEY): lambda: column.key,
        int(TAGS): lambda: list(run.summary.label.tags),
    }
    return own[int(role)]() if int(role) in own else None


def _tip(run: RunEntry) -> str:
    return "\n".join(
        filter(None, (str(run.path), ", ".join(run.summary.label.tags), run.summary.ignored, run.summary.damage))
    )


def _side(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
