"""The table view of runs."""

from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.runs.known_runs.inventory import RunEntry
from gui.runs.table.cell_delegate import ROW_PX, RunDelegate
from gui.runs.table.columns import FOLDER, NAME, TAGS, Column
from gui.runs.table.run_filter import RunFilter
from gui.runs.table.table_model import PATH, RunsModel
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

HEAD_PX = 34
LEAST_COLUMN_PX = 64
LEAST_ROWS = 3  # rows to compare must be visible
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class RunsTable(QTableView):
    """Runs, sorted by any column; several can be selected.

    ``open_wanted``: a run was double-clicked or got Enter. ``menu_wanted`` and ``columns_wanted`` carry a
    screen position.
    """

    open_wanted = Signal(object)  # Path
    selection_changed = Signal()
    delete_wanted = Signal()
    copy_wanted = Signal()
    find_wanted = Signal()
    menu_wanted = Signal(QPoint)
    columns_wanted = Signal(QPoint)
    moved = Signal(list)  # the keys of the visible columns, in their new order

    def __init__(self, model: RunsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_table")
        self.setMinimumHeight(LEAST_ROWS * ROW_PX + HEAD_PX)
        self.setAccessibleName("Runs")
        self._runs = model
        self.filter_model = RunFilter(model, self)
        self.setModel(self.filter_model)
        self._delegate = RunDelegate(theme, self)
        self.setItemDelegate(self._delegate)
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
        self._columns: list[str] = []
        self._shows_folders = self._is_arranging = False
        self._set_up_head()
        self._last_selection: list[Path] = []
        self.selectionModel().selectionChanged.connect(self._emit_selection)
        for signal in (
            self.filter_model.rowsRemoved,
            self.filter_model.layoutChanged,
        ):  # of which the selection says nothing
            signal.connect(lambda *_: self._emit_selection())
        self.filter_model.modelReset.connect(lambda: self.choose(self._last_selection))
        self.doubleClicked.connect(lambda index: self.open_wanted.emit(_path(index)))

    def _set_up_head(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsMovable(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)  # names shrink before the table scrolls
        head.setMinimumSectionSize(LEAST_COLUMN_PX)
        head.setSortIndicator(2, Qt.SortOrder.DescendingOrder)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(lambda at: self.columns_wanted.emit(head.mapToGlobal(at)))
        head.sectionMoved.connect(self._emit_order)
        self.filter_model.columnsInserted.connect(lambda *_: self._arrange())
        for place, column in enumerate(self._runs.columns):
            self.setColumnWidth(place, column.width_px)

    @property
    def paths(self) -> list[Path]:
        """The selected runs, from top to bottom."""
        return [_path(index) for index in sorted(self.selectionModel().selectedRows(), key=lambda each: each.row())]

    @property
    def runs(self) -> list[RunEntry]:
        """The listed runs, from top to bottom."""
        return [self.filter_model.run(row) for row in range(self.filter_model.rowCount())]

    @property
    def columns(self) -> list[str]:
        """The keys of the visible columns, from left to right."""
        return [column.key for column in self.columns_shown]

    @property
    def columns_shown(self) -> list[Column]:
        """The visible columns, from left to right."""
        head = self.horizontalHeader()
        places = (head.logicalIndex(place) for place in range(head.count()))
        return [self._runs.columns[place] for place in places if not head.isSectionHidden(place)]

    def show_columns(self, keys: list[str]) -> None:
        """Show these columns from left to right; one that no run has appears as soon as a run has it."""
        self._columns = list(keys)
        self._arrange()

    def show_folders(self, are_shown: bool) -> None:
        """Show the column of folders, for runs from several folders."""
        if are_shown != self._shows_folders:
            self._shows_folders = are_shown
            self._arrange()

    def rename(self) -> None:
        """Edit the name of the current run."""
        index = self.currentIndex().siblingAtColumn(self._runs.place(NAME))
        if index.isValid() and not self._is_naming:
            self.setCurrentIndex(index)
            self.edit(index)

    @property
    def _is_naming(self) -> bool:
        """Whether a name is being typed."""
        return self.state() is QTableView.State.EditingState

    def choose(self, paths: list[Path]) -> None:
        """Select exactly these runs."""
        model, chosen_paths = self.selectionModel(), set(paths)
        model.clearSelection()
        for row in range(self.filter_model.rowCount()):
            index = self.filter_model.index(row, 0)
            if _path(index) in chosen_paths:
                flags = QItemSelectionModel.SelectionFlag
                model.select(index, flags.Select | flags.Rows)
                model.setCurrentIndex(index, flags.NoUpdate)

    def _emit_selection(self) -> None:
        """Emit `selection_changed` if other runs are selected: Qt also signals when selected rows only move."""
        if (paths := self.paths) != self._last_selection:
            self._last_selection = paths
            self.selection_changed.emit()

    def _emit_order(self, *_: object) -> None:
        if not self._is_arranging:  # the user has moved a column
            self.moved.emit(self.columns)

    def _arrange(self) -> None:
        """Order and show the chosen columns, and hide the others."""
        head = self.horizontalHeader()
        self._is_arranging = True
        keys = [*self._columns, *([FOLDER] if self._shows_folders and FOLDER not in self._columns else [])]
        places = [place for key in keys if (place := self._runs.place(key)) >= 0]
        for visual, logical in enumerate(places):
            head.moveSection(head.visualIndex(logical), visual)
        self._is_arranging = False
        for place, column in enumerate(self._runs.columns):
            if place in places and self.isColumnHidden(place):
                self.setColumnHidden(place, False)
                self.setColumnWidth(place, max(column.width_px, head.sectionSizeHint(place)))
            self.setColumnHidden(place, place not in places)
        self._delegate.shows_tags = TAGS not in keys
        self.viewport().update()

    # Keys and menus

    def event(self, event: QEvent) -> bool:
        """Keep keys that are shortcuts of the window."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._is_naming:  # the editor passes Enter on to the table, where it must not open the run
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open_wanted.emit(_path(self.currentIndex()))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit()
        elif key == Qt.Key.Key_F2:
            self.rename()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_wanted.emit()
        elif _asks_for_menu(event):
            self._want_menu()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._want_menu()
        elif self.indexAt(event.pos()).isValid():
            self.menu_wanted.emit(event.globalPos())
        event.accept()

    def _want_menu(self) -> None:
        """Ask for the menu below the current run."""
        place = self.visualRect(self.currentIndex()).bottomLeft() if self.paths else QPoint()
        inside = QPoint(max(18, place.x()), min(max(0, place.y()), self.viewport().height()))
        self.menu_wanted.emit(self.viewport().mapToGlobal(inside))


def _is_ours(event: QKeyEvent) -> bool:
    standard = QKeySequence.StandardKey
    return (
        event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        or event.matches(standard.Copy)
        or event.matches(standard.Find)
        or _asks_for_menu(event)
    )


def _asks_for_menu(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and event.modifiers() == _SHIFT)


def _path(index: QModelIndex | QPersistentModelIndex) -> Path:
    return Path(index.data(PATH))
