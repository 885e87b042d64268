"""The list of runs as a table: one row a run, newest first unless a person sorts it otherwise."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.runs.known.known import Known
from gui.runs.words import STATES, base_name, duration, figure, is_share, leading, titled, when

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
PATH = Qt.ItemDataRole.UserRole + 1
STATE = Qt.ItemDataRole.UserRole + 2
COLOUR = Qt.ItemDataRole.UserRole + 3
_NOWHERE = QModelIndex()


class Column(NamedTuple):
    """``text`` and ``key`` of a run: what is written, and what is sorted by."""

    title: str
    text: Callable[[Known], str]
    key: Callable[[Known], Any]
    width_px: int
    is_figure: bool = False
    tip: str = ""


def score(run: Known) -> tuple[str, float] | None:
    """The leading figure of a run at its best, with its full name; the last one while there is no best."""
    figures = run.summary.best or run.summary.metrics
    held_out = {base_name(name): (name, value) for name, value in figures.items() if name.startswith("val_")}
    name = leading(held_out)
    return held_out[name] if name is not None else None


def loss(run: Known) -> float | None:
    """The validation loss at its best; the last one while there is no best."""
    return (run.summary.best or run.summary.metrics).get("val_loss")


def _score_text(run: Known) -> str:
    found = score(run)
    if found is None:
        return ""
    name = base_name(found[0])
    return f"{figure(*found)} {name.replace('_', ' ')}" if is_share(name) else f"{titled(name)} {figure(*found)}"


def _score_key(run: Known) -> float:
    found = score(run)
    return found[1] if found else float("-inf")


def _loss_text(run: Known) -> str:
    value = loss(run)
    return "" if value is None else figure("loss", value)


def _epochs_text(run: Known) -> str:
    asked = run.epochs_asked
    return f"{run.summary.epochs} / {asked}" if run.summary.epochs != asked else str(asked)


def home_less(path: Path) -> str:
    """A folder as people write it."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


AT_BEST = "In the best epoch of the run; while it is at work, in the last one"
COLUMNS = (
    Column("Run", lambda run: run.summary.name, lambda run: run.summary.name, 224),
    Column("State", lambda run: STATES[run.summary.state], lambda run: run.summary.state, 98),
    Column("Started", lambda run: when(run.summary.started_at), lambda run: run.summary.started_at, 112),
    Column("Epochs", _epochs_text, lambda run: run.summary.epochs, 88, is_figure=True),
    Column("Validation loss", _loss_text, lambda run: loss(run) or 0.0, 108, is_figure=True, tip=AT_BEST),
    Column("At best epoch", _score_text, _score_key, 118, is_figure=True, tip=AT_BEST),
    Column("Trained", lambda run: duration(run.seconds), lambda run: run.seconds, 84, is_figure=True),
    Column("Folder", lambda run: home_less(run.path.parent), lambda run: str(run.path), 130),
)


class RunsModel(QAbstractTableModel):
    """``colours``: of the runs that are compared, by path."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[Known, ...] = ()
        self._colours: Mapping[Path, str] = {}

    def set_runs(self, runs: tuple[Known, ...]) -> None:
        """Show these; rows of runs that stay are changed in place, so that a selection stays too."""
        if [run.path for run in runs] == [run.path for run in self._runs]:
            before, self._runs = self._runs, runs
            for row, (old, new) in enumerate(zip(before, runs, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
            return
        self._remove_gone({run.path for run in runs})
        self._insert_new(runs)

    def set_colours(self, colours: Mapping[Path, str]) -> None:
        """Mark the runs that are compared."""
        if colours == self._colours:
            return
        self._colours = dict(colours)
        if self._runs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._runs) - 1, 0))

    def run(self, row: int) -> Known:
        """The run of a row."""
        return self._runs[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(COLUMNS[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].tip or None
        return COLUMNS[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run, column = self._runs[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(run)
            case Qt.ItemDataRole.ToolTipRole:
                return str(run.path)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
        return _own(run, column, role, self._colours)

    def _remove_gone(self, paths: set[Path]) -> None:
        for row in reversed(range(len(self._runs))):
            if self._runs[row].path not in paths:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._runs = self._runs[:row] + self._runs[row + 1 :]
                self.endRemoveRows()

    def _insert_new(self, runs: tuple[Known, ...]) -> None:
        known = {run.path for run in self._runs}
        if [run.path for run in runs if run.path in known] != [run.path for run in self._runs]:
            self.beginResetModel()  # the order is another one
            self._runs = runs
            self.endResetModel()
            return
        for row, run in enumerate(runs):
            if run.path not in known:
                self.beginInsertRows(QModelIndex(), row, row)
                self._runs = (*self._runs[:row], run, *self._runs[row:])
                self.endInsertRows()
        if runs != self._runs:
            self._runs = runs
            self.dataChanged.emit(self.index(0, 0), self.index(len(runs) - 1, len(COLUMNS) - 1))


def _own(run: Known, column: Column, role: int, colours: Mapping[Path, str]) -> object:
    """What our own delegate and sorting ask for."""
    own: dict[int, Callable[[], object]] = {
        int(SORT): lambda: column.key(run),
        int(PATH): lambda: str(run.path),
        int(STATE): lambda: run.summary.state,
        int(COLOUR): lambda: colours.get(run.path, ""),
    }
    return own[int(role)]() if int(role) in own else None


def _side(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
