"""The panel at the left: a search box above the list of all that can be added."""

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from engine.catalog.data.datasets import datasets
from engine.catalog.index import did_you_mean, layers
from engine.graph.edits import AddGraph, Batch, Edit, RemoveGraph, RenameGraph, SetData, SetProject
from engine.graph.model import Graph
from gui.data.data_settings import choice_label, kind_headings, with_kind
from gui.palette.item_model import PaletteModel
from gui.palette.layer_card import LayerCard, MakePicture
from gui.palette.layer_rows import NO_DATA_TEXT, Row
from gui.palette.row_delegate import RowDelegate
from gui.palette.row_list import RowList
from gui.state.analysis_results import AnalysisResults
from gui.state.block_libraries import BlockLibraries
from gui.state.document import Document
from gui.theme import Theme

FORWARDED = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class Palette(QWidget):
    """All kinds by family, filtered by the search; an entry is dragged to the canvas, or activated.

    ``node_wanted`` carries the `Addition` of an activated entry, for the canvas to place. ``make_picture``: draws the
    graph of a block small.
    """

    node_wanted = Signal(object)

    def __init__(
        self,
        document: Document,
        theme: Theme,
        results: AnalysisResults | None = None,
        libraries: BlockLibraries | None = None,
        make_picture: MakePicture | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self._document, self._theme, self._libraries = document, theme, libraries
        self.search = QLineEdit()
        self.search.setObjectName("palette_search")
        self.search.setPlaceholderText("Add a layer... (Tab)")
        self.search.setAccessibleName("Search layers")
        self.search.setClearButtonEnabled(False)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.model = PaletteModel(document, results, libraries, self)
        self.list = RowList(theme, self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(RowDelegate(theme, self.list))
        self.list.activated.connect(self._activate)
        self.list.clicked.connect(self._click)
        self.list.menu_wanted.connect(self._show_folder_menu)
        self.card = LayerCard(theme, make_picture, self)
        self.list.hovered.connect(self._show_card)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 2, 0)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(2, 0, 8, 0)
        head.addWidget(self.search)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.search)
        theme.changed.connect(self.list.viewport().update)
        document.edited.connect(self._follow)
        document.replaced.connect(self.model.refresh)
        document.replaced.connect(self.search.clear)
        if results is not None:
            results.changed.connect(self.model.refresh)
        if libraries is not None:
            libraries.changed.connect(self.model.refresh)
            libraries.refresh()

    def sizeHint(self) -> QSize:
        return QSize(210, 600)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._libraries is not None:
            self._libraries.refresh()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key_in_search(event)
        return super().eventFilter(target, event)

    def _key_in_search(self, event: QKeyEvent) -> bool:
        """Handle the keys that move in the list, activate an entry or clear the search; false for all others."""
        if event.key() in FORWARDED:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.first())
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.list.currentIndex() if self.list.currentIndex().isValid() else self.model.first()
            if self.search.text().strip() and index.isValid():
                self._activate(index)
            return True
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _search(self, text: str) -> None:
        self.card.hide()
        self.model.search(text)
        self.list.empty_text = "" if self.model.rowCount() else _no_match_text(text)
        self.list.setCurrentIndex(self.model.first() if text.strip() else QModelIndex())
        self.list.scrollToTop()

    def _click(self, index: QModelIndex) -> None:
        if self.model.row(index).role in ("more", "data"):
            self._activate(index)

    def _activate(self, index: QModelIndex) -> None:
        self.card.hide()
        row = self.model.row(index)
        if row.role == "more":
            self.model.toggle(row.section)
        elif row.role == "data":
            self._choose_data(index)
        elif row.node is not None:
            self.node_wanted.emit(self.model.addition(index))

    def _choose_data(self, index: QModelIndex) -> None:
        """Open the menu of data sets below its row."""
        menu = self.data_menu()
        rect = self.list.visualRect(index)
        menu.setMinimumWidth(rect.width())
        menu.popup(self.list.viewport().mapToGlobal(rect.bottomLeft() + QPoint(0, 2)))

    def data_menu(self) -> QMenu:
        """All kinds of data, the project's checked; choosing one is one undo step."""
        menu = QMenu(self)
        menu.setObjectName("data_menu")
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        headings_by_kind = kind_headings()
        above, one = "", QActionGroup(menu)
        self._add_data(menu, one, "", NO_DATA_TEXT)
        for kind, dataset in datasets().items():
            if headings_by_kind[kind] != above:
                above = headings_by_kind[kind]
                menu.addAction(_heading(above, menu))
            self._add_data(menu, one, kind, kind).setToolTip(dataset.summary)
        return menu

    def _add_data(self, menu: QMenu, one: QActionGroup, kind: str, text: str) -> QAction:
        action = QAction(text, menu, checkable=True, checked=kind == self._document.project.data.kind)
        action.triggered.connect(lambda _=False: self._set_data(kind))
        one.addAction(action)
        menu.addAction(action)
        return action

    def _show_folder_menu(self, index: QModelIndex, place: QPoint) -> None:
        """Open the menu of a library whose folder the user has chosen."""
        folders = self._libraries.chosen_folders() if self._libraries else {}
        if folder := folders.get(self.model.row(index).section):
            self.folder_menu(folder).popup(place)

    def folder_menu(self, folder: Path) -> QMenu:
        """What can be done with a folder that is a library."""
        menu = QMenu(self)
        menu.setObjectName("folder_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_heading(str(folder), menu))
        remove = QAction("Remove this folder from the palette (its files stay)", menu)
        remove.triggered.connect(lambda: self._libraries.remove_folder(folder) if self._libraries else None)
        menu.addAction(remove)
        return menu

    def _set_data(self, kind: str) -> None:
        data = self._document.project.data
        if kind != data.kind:
            self._document.do(SetData(with_kind(data, kind), choice_label(kind)))

    def _show_card(self, index: QModelIndex) -> None:
        row = self.model.row(index) if index.isValid() else None
        if row is None or (row.node is None and row.role != "problem"):
            self.card.hide()
            return
        self._fill_card(row)
        rect = self.list.visualRect(index)
        left = self.mapToGlobal(QPoint(0, 0)).x()
        top = self.list.viewport().mapToGlobal(rect.topLeft()).y()
        self.card.show_beside(QRect(left, top, self.width(), rect.height()))

    def _fill_card(self, row: Row) -> None:
        if row.node is None:
            self.card.set_problem(row.text, row.summary)
        elif row.block is not None:
            origin = f"{row.block.library}, version {row.block.version}"
            self.card.set_block(row.text, row.summary, row.block.graphs[row.block.name], origin)
        elif row.node.graph is not None:
            self.card.set_block(row.text, row.summary, self._document.project.graphs.get(row.node.graph, Graph()))
        else:
            self.card.set_layer(row.text, row.family, row.summary, row.node.kind)

    def _follow(self, edit: Edit) -> None:
        if _changes_list(edit):
            self.model.refresh()


def _heading(text: str, menu: QMenu) -> QAction:
    """A heading in a menu."""
    label = QLabel(text)
    label.setProperty("voice", "small")
    label.setContentsMargins(10, 7, 10, 2)
    action = QWidgetAction(menu)
    action.setText(text)
    action.setDefaultWidget(label)
    action.setEnabled(False)
    return action


def _no_match_text(text: str) -> str:
    hint = did_you_mean(text.strip(), layers())
    return f"Nothing is called \u201c{text.strip()}\u201d. {hint}".strip()


def _changes_list(edit: Edit) -> bool:
    if isinstance(edit, Batch):
        return any(map(_changes_list, edit.edits))
    return isinstance(edit, SetData | AddGraph | RemoveGraph | RenameGraph | SetProject)
