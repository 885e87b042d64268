"""The list of runs with its controls: folder, filter and columns."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QWidget

from gui.preferences.preferences import Preferences
from gui.runs.known_runs.inventory import RunEntry
from gui.runs.table.columns import legal
from gui.runs.table.columns_button import ColumnsButton
from gui.runs.table.csv_copy import as_csv, copy
from gui.runs.table.table_model import RunsModel
from gui.runs.table.table_view import RunsTable
from gui.theme import Theme
from gui.widgets.empty_page import EmptyPage
from gui.widgets.heading_choice import Switch

HERE, EVERYWHERE = "This folder", "All runs"
NO_MATCH = "No run matches"
_FILTER_PX, _LEAST_FILTER_PX = 260, 120


class RunsList(QWidget):
    """``tools`` holds the switch, the filter and the columns button, for the head of the page."""

    def __init__(self, settings: Preferences, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.model = RunsModel()
        self.table = RunsTable(self.model, theme)
        self.scope = Switch(theme, (HERE, EVERYWHERE))
        self.scope.setObjectName("runs_scope")
        self.filter = QLineEdit()
        self.filter.setObjectName("runs_filter")
        self.filter.setPlaceholderText("Filter: name, tag, data, optimizer")
        self.filter.setAccessibleName("Filter runs by name, tag, data or optimizer")
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(_LEAST_FILTER_PX)
        self.filter.setMaximumWidth(_FILTER_PX)
        self.filter.textChanged.connect(self._filter)
        self.filter.installEventFilter(self)
        self.columns = ColumnsButton(self.model)
        self.tools = QWidget()
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.scope)
        row.addWidget(self.filter, 1)
        row.addWidget(self.columns)
        row.addStretch()
        self._none = EmptyPage(theme)
        self._body = QStackedLayout(self)
        self._body.addWidget(self.table)
        self._body.addWidget(self._none)
        self.columns.columns_changed.connect(self._choose_columns)
        self.columns.copy_wanted.connect(self.copy_all)
        self.table.columns_wanted.connect(self.columns.open_at)
        self.table.moved.connect(self._choose_columns)
        self.table.copy_wanted.connect(self.copy_chosen)
        self.table.find_wanted.connect(self._find)
        settings.changed.connect(lambda name: self._show_columns() if name == "run_columns" else None)
        self._show_columns()

    def set_runs(self, runs: tuple[RunEntry, ...]) -> None:
        """Replace the runs."""
        self.model.set_runs(runs)
        self._show_body()

    def copy_chosen(self) -> None:
        """Copy the selected runs as CSV; all listed ones if none is selected."""
        paths = set(self.table.paths)
        runs = [run for run in self.table.runs if run.path in paths] or self.table.runs
        copy(as_csv(runs, self.table.columns_shown))

    def copy_all(self) -> None:
        """Copy all listed runs as CSV."""
        copy(as_csv(self.table.runs, self.table.columns_shown))

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Escape clears the filter, then goes to the list, as Down and Enter do."""
        if target is self.filter and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go_to_list()
                return True
        return super().eventFilter(target, event)

    def _go_to_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.table.paths and self.table.runs:
            self.table.choose([self.table.runs[0].path])

    def _find(self) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _filter(self, text: str) -> None:
        self.table.filter_model.filter(text)
        self._show_body()

    def _show_body(self) -> None:
        """Show a message if the filter hides every run."""
        is_empty = bool(self.model.runs) and not self.table.filter_model.rowCount()
        count = len(self.model.runs)
        hidden = "The filter hides the only run" if count == 1 else f"The filter hides all {count} runs"
        self._none.say(NO_MATCH, f"{hidden}: press Escape in it to clear it.")
        self._body.setCurrentIndex(1 if is_empty else 0)

    def _choose_columns(self, keys: list[str]) -> None:
        self._settings.set("run_columns", list(keys))

    def _show_columns(self) -> None:
        keys = legal(self._settings.values.run_columns)
        self.columns.visible_columns = keys
        self.table.show_columns(keys)
