"""The tree of graphs, nodes, ports and problems, in step with the canvas."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStyledItemDelegate, QToolTip, QVBoxLayout, QWidget

from engine.check.view import first_uses
from engine.graph.compose import name_problem, remove_block, rename, rename_block
from engine.graph.edits import Edit, EditError
from gui.forms.controls import restyle
from gui.outline.tree import Tree
from gui.outline.tree_entries import Entry, branches
from gui.outline.tree_model import OutlineModel
from gui.problems.fixes import apply_fix
from gui.state.analysis_results import AnalysisResults, matters
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

MIN_COLUMN_PX = 60  # of a column
MAX_NAMES_SHARE = 0.5  # of the width


class Outline(QWidget):
    """A native tree with the same selection as the canvas.

    F2 renames a node or a block, Enter goes to it, Delete removes a block that nothing uses.

    ``revealed``: the path of a node that the canvas should bring into view.
    """

    revealed = Signal(str)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        results: AnalysisResults,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self._document, self._selection, self._results = document, selection, results
        self._is_dirty, self._is_following = True, False
        self._is_fitting = self._is_dragged = False  # the widths of columns
        self.model = OutlineModel(theme, self)
        self.tree = Tree(self)
        self.ring = FocusRing(self.tree, theme)
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(Renamer(self))
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().sectionResized.connect(self._note_width)
        self.tree.resized.connect(self._fit_columns)
        self.tree.selectionModel().selectionChanged.connect(self._select)
        self.model.rowsInserted.connect(self._span)
        self.tree.activated.connect(self._activate)
        self.tree.fix_wanted.connect(self._fix)
        self.tree.removal_wanted.connect(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 0, 0, 0)
        column.addWidget(self.tree)
        self.setFocusProxy(self.tree)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)
        document.edited.connect(self._follow)
        document.replaced.connect(self._mark_dirty)
        results.changed.connect(self._mark_dirty)
        selection.changed.connect(self._show_selection)
        theme.changed.connect(self.tree.viewport().update)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def rename(self, entry: Entry, name: str) -> None:
        """Give a node or a graph another name, as one undo step."""
        if name == entry.name:
            return
        if why := self.why_not(entry, name):
            self._document.edit_refused.emit(f"Rename {entry.name}: the name {why}.")
            return
        project = self._document.project
        self._do(
            f"Rename {entry.name}",
            lambda: (
                rename(project, entry.graph, entry.node, name)
                if entry.role == "node"
                else rename_block(project, entry.graph, name)
            ),
        )

    def why_not(self, entry: Entry, name: str) -> str | None:
        """Why a node or a graph cannot have this name, or ``None``."""
        graphs = self._document.project.graphs
        if entry.role == "graph":
            return name_problem(name, set(graphs) - {entry.graph}, "graph")
        return name_problem(name, set(graphs[entry.graph].nodes) - {entry.node})

    def _remove(self, index: QModelIndex) -> None:
        """Remove a block that nothing uses; any other stays, with the reason."""
        entry = self.model.entry(index) if index.isValid() else None
        if entry is not None and entry.role == "graph":
            self._do(f"Remove {entry.graph}", lambda: remove_block(self._document.project, entry.graph))

    def _do(self, what: str, make_edit: Callable[[], Edit]) -> None:
        try:
            edit = make_edit()
        except EditError as wrong:
            self._document.edit_refused.emit(f"{what}: {wrong}.")
        else:
            self._document.do(edit)

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self._mark_dirty()

    def _mark_dirty(self) -> None:
        self._is_dirty = True
        if self.isVisible():
            self._soon.start()

    def _refresh(self) -> None:
        self._soon.stop()
        if not self._is_dirty:
            return
        self._is_dirty = False
        was_empty = self.model.rowCount() == 0
        self._is_following = True
        self.model.show_branches(branches(self._document.project, self._results))
        self._is_following = False
        if was_empty:
            self.tree.expandToDepth(0)
        self._fit_columns()
        self._show_selection()

    def _fit_columns(self) -> None:
        """Show all columns whole if there is room; widths set by the user stay, and the last column takes the rest."""
        room = self.tree.viewport().width()
        name, kind = (self.tree.columnWidth(column) for column in range(2))
        shape = max(MIN_COLUMN_PX, self.tree.sizeHintForColumn(2))
        if not self._is_dragged:
            name = min(max(MIN_COLUMN_PX, self.tree.sizeHintForColumn(0)), round(room * MAX_NAMES_SHARE))
            kind = max(MIN_COLUMN_PX, min(self.tree.sizeHintForColumn(1), room - name))
        self._is_fitting = True
        for column, width in enumerate((name, kind, max(shape, room - name - kind))):
            self.tree.setColumnWidth(column, width)
        self._is_fitting = False

    def _note_width(self, column: int) -> None:
        if self._is_fitting or not self.tree.isVisible():
            return
        self._is_dragged = self._is_dragged or column < 2
        if column < 2:
            self._fit_columns()

    def _span(self, parent: QModelIndex, first: int, last: int) -> None:
        """Let a problem's sentence take the whole line."""
        for row in range(first, last + 1):
            if self.model.entry(self.model.index(row, 0, parent)).role == "problem":
                self.tree.setFirstColumnSpanned(row, parent, True)

    def _show_selection(self) -> None:
        """Select in the tree what is selected on the canvas."""
        if self._is_following or self._is_dirty:
            return
        graph = self._selection.graph
        names = {name for name in self._selection.nodes if self.model.find(graph, name).isValid()}
        if names == {entry.node for entry in self._selected_entries() if entry.graph == graph} and names:
            return
        self._is_following = True
        item_selection = QItemSelection()
        for name in names:
            index = self.model.find(graph, name)
            item_selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.tree.selectionModel().select(item_selection, flags)
        if len(names) == 1:
            index = self.model.find(graph, *names)
            self.tree.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.tree.scrollTo(index)
        self._is_following = False

    def _select(self) -> None:
        """Select on the canvas what is selected in the tree."""
        if self._is_following:
            return
        entries = [entry for entry in self._selected_entries() if entry.node]
        graphs = {entry.graph for entry in entries}
        if len(graphs) != 1:
            return
        self._is_following = True
        if self._open(graphs.pop()):
            self._selection.select(entry.node for entry in entries)
        self._is_following = False

    def _selected_entries(self) -> list[Entry]:
        return [self.model.entry(index) for index in self.tree.selectionModel().selectedRows()]

    def _open(self, graph: str) -> bool:
        """Show a graph; false if no block use leads to it."""
        if graph == self._selection.graph:
            return True
        prefix = first_uses(self._document.project).get(graph)
        return prefix is not None and self._selection.open(tuple(prefix.split(".")[:-1]))

    def _activate(self, index: QModelIndex) -> None:
        entry = self.model.entry(index)
        if entry.role == "graph":
            self._open(entry.graph)
        elif self._open(entry.graph):
            self._selection.select((entry.node,))
            self.revealed.emit(self._selection.node_path(entry.node))

    def _fix(self, index: QModelIndex) -> None:
        problem = self.model.entry(index).problem if index.isValid() else None
        if problem is not None:
            apply_fix(self._document, problem)


class Renamer(QStyledItemDelegate):
    """Turns a new name into an edit of the document; an invalid one stays in the editor, with the reason."""

    def __init__(self, outline: Outline) -> None:
        super().__init__(outline)
        self._outline = outline

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and isinstance(editor, QLineEdit):
            why = self._outline.why_not(self._outline.model.entry(self._outline.tree.currentIndex()), editor.text())
            if why and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
                restyle(editor, "wrong", True)
                QToolTip.showText(editor.mapToGlobal(editor.rect().bottomLeft()), f"The name {why}.", editor)
                return True
        return super().eventFilter(editor, event)

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        del model
        entry = self._outline.model.entry(index)
        self._outline.rename(entry, str(editor.property("text")))
