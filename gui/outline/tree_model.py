"""The outline as a tree model, changed only where the project has changed."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from gui.outline.tree_entries import Branch, Entry
from gui.problems.problem_card import ICONS
from gui.theme import Theme
from gui.theme.icons import icon

Index = QModelIndex | QPersistentModelIndex
HEADINGS = ("Name", "Kind", "Shape")
ENTRY = Qt.ItemDataRole.UserRole
NOWHERE = QModelIndex()


class Item:
    """A place in the tree."""

    __slots__ = ("children", "entry", "parent")

    def __init__(self, entry: Entry, parent: "Item | None") -> None:
        self.entry, self.parent = entry, parent
        self.children: list[Item] = []

    @property
    def row(self) -> int:
        return self.parent.children.index(self) if self.parent else 0


class OutlineModel(QAbstractItemModel):
    """Graphs, nodes, ports and problems. ``show_branches`` updates it, and keeps the rows that are the same."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._root = Item(Entry("graph", "", ""), None)
        self._icons: dict[str, QIcon] = {}
        theme.changed.connect(self._icons.clear)

    def show_branches(self, branches: Sequence[Branch]) -> None:
        """Show this tree."""
        self._sync(self._root, branches)

    def find(self, graph: str, node: str = "") -> QModelIndex:
        """The index of a graph, or of a node in it; invalid when it is not there."""
        above = next((item for item in self._root.children if item.entry.key == graph), None)
        if above is None or not node:
            return self._index_of(above) if above else NOWHERE
        child = next((item for item in above.children if item.entry.key == node), None)
        return self._index_of(child) if child else NOWHERE

    def entry(self, index: Index) -> Entry:
        """The entry at an index."""
        return self._item(index).entry

    def _sync(self, item: Item, branches: Sequence[Branch]) -> None:
        keys = {branch.entry.key for branch in branches}
        for row in range(len(item.children) - 1, -1, -1):
            if item.children[row].entry.key not in keys:
                self._remove(item, row)
        for row, branch in enumerate(branches):
            if row >= len(item.children) or item.children[row].entry.key != branch.entry.key:
                self._insert(item, row, branch.entry)
            child = item.children[row]
            if child.entry != branch.entry:
                child.entry = branch.entry
                self.dataChanged.emit(self._index_of(child), self._index_of(child, len(HEADINGS) - 1))
            self._sync(child, branch.children)

    def _insert(self, item: Item, row: int, entry: Entry) -> None:
        """Insert an entry at a row; if it is further down, it is removed there first."""
        later = next((at for at in range(row, len(item.children)) if item.children[at].entry.key == entry.key), None)
        if later is not None:
            self._remove(item, later)
        self.beginInsertRows(self._index_of(item), row, row)
        item.children.insert(row, Item(entry, item))
        self.endInsertRows()

    def _remove(self, item: Item, row: int) -> None:
        self.beginRemoveRows(self._index_of(item), row, row)
        del item.children[row]
        self.endRemoveRows()

    def _item(self, index: Index) -> Item:
        if not index.isValid():
            return self._root
        item = index.internalPointer()
        assert isinstance(item, Item)  # noqa: S101 (we put it there)
        return item

    def _index_of(self, item: Item, column: int = 0) -> QModelIndex:
        return NOWHERE if item is self._root else self.createIndex(item.row, column, item)

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        item = self._item(parent)
        if parent.column() > 0 or not 0 <= row < len(item.children) or not 0 <= column < len(HEADINGS):
            return QModelIndex()
        return self.createIndex(row, column, item.children[row])

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override] # QObject has another parent()
        above = self._item(index).parent if index.isValid() else None
        return QModelIndex() if above is None or above is self._root else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.column() > 0 else len(self._item(parent).children)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        del parent
        return len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: PLR0911 (one a role)
        entry = self._item(index).entry
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return (entry.name, entry.kind, entry.shape)[index.column()]
            case Qt.ItemDataRole.AccessibleTextRole:
                return (
                    entry.accessible_text
                    if index.column() == 0
                    else (entry.name, entry.kind, entry.shape)[index.column()]
                )
            case Qt.ItemDataRole.ToolTipRole:
                return entry.accessible_text if entry.role == "problem" else None
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and entry.icon:
                return self._icon(entry)
            case Qt.ItemDataRole.ForegroundRole:
                dim = index.column() > 0 or entry.role in ("input", "output")
                return self._theme.colour("text_dim" if dim else "text")
            case _ if role == ENTRY:
                return entry
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_name = self._item(index).entry.role in ("node", "graph") and index.column() == 0
        return usual | Qt.ItemFlag.ItemIsEditable if is_name else usual

    def _icon(self, entry: Entry) -> QIcon:
        if entry.icon not in self._icons:
            if entry.icon in ICONS:
                self._icons[entry.icon] = self._theme.icon(*ICONS[entry.icon])
            else:
                family = self._theme.family(entry.icon)
                self._icons[entry.icon] = icon(family.glyph, family.outline, family.outline)
        return self._icons[entry.icon]
