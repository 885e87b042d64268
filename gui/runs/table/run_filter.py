"""Filters the list of runs by words, and sorts it by a column."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from gui.formatting.run_text import STATES
from gui.runs.known_runs.inventory import RunEntry
from gui.runs.table.table_model import SORT, RunsModel


class RunFilter(QSortFilterProxyModel):
    """Runs without a value come last, whichever way the column is sorted."""

    def __init__(self, runs: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._words: list[str] = []
        self.setSourceModel(runs)
        self.setSortRole(SORT)

    def filter(self, text: str) -> None:
        """Show only runs that contain every one of these words."""
        words = text.casefold().split()
        if words != self._words:
            self._words = words
            self.invalidate()

    def run(self, row: int) -> RunEntry:
        """The run of a row."""
        return self._runs.run(self.mapToSource(self.index(row, 0)).row())

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        del parent
        return not self._words or matches(self._runs.run(row), self._words)

    def lessThan(self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex) -> bool:
        column = self._runs.columns[left.column()]
        first, second = column.raw(self._runs.run(left.row())), column.raw(self._runs.run(right.row()))
        is_missing = [value is None or value == "" or value != value for value in (first, second)]  # noqa: PLR0124 (nan)
        if any(is_missing):
            is_up = self.sortOrder() is Qt.SortOrder.AscendingOrder
            return (is_missing[1] and not is_missing[0]) if is_up else (is_missing[0] and not is_missing[1])
        if isinstance(first, str) and isinstance(second, str):
            return first.casefold() < second.casefold()
        return first < second  # type: ignore[operator]  # values of one column are of one kind


def matches(run: RunEntry, words: list[str]) -> bool:
    """Whether each word is part of the run's name, folder, tags, state, data, optimizer or schedule."""
    run_summary, setup = run.summary, run.summary.setup
    names = (run_summary.name, run.path.name, *run_summary.label.tags, STATES[run_summary.state])
    text = "\n".join((*names, setup.data, setup.optimizer, setup.schedule)).casefold()
    return all(word in text for word in words)
