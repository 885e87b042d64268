"""The palette's rows as a Qt model."""

from collections.abc import Sequence
from copy import deepcopy

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.project.library import Library
from gui.palette.layer_rows import Row, all_rows, matching_rows
from gui.palette.payload import FRAGMENT_MIME, KIND_MIME, NODE_MIME, Addition, drag_data
from gui.state.analysis_results import AnalysisResults
from gui.state.block_libraries import BlockLibraries
from gui.state.data_fields import NO_FIELDS
from gui.state.document import Document

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


class PaletteModel(QAbstractListModel):
    """All rows, or those that a search finds."""

    def __init__(
        self,
        document: Document,
        results: AnalysisResults | None = None,
        libraries: BlockLibraries | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._results, self._libraries = document, results, libraries
        self._query = ""
        self._expanded: set[str] = set()
        self._rows = all_rows(document.project, self._expanded, libraries=self._present_libraries())

    def row(self, index: Index) -> Row:
        """The row at an index."""
        return self._rows[index.row()]

    def addition(self, index: Index) -> Addition:
        """What the entry at an index adds."""
        row = self.row(index)
        if row.node is None:
            raise ValueError(f"{row.text} is not an entry")
        return row.block.fragment() if row.block else deepcopy(row.node)

    def first(self) -> QModelIndex:
        """The first row that can be chosen, an invalid index when there is none."""
        return next((self.index(at) for at, row in enumerate(self._rows) if row.role == "entry"), QModelIndex())

    def search(self, query: str) -> None:
        """Show the rows that match a text; everything if it is empty."""
        self._query = query.strip()
        self.refresh()

    def toggle(self, section: str) -> None:
        """Show all kinds of a section, or only the usual ones again."""
        self._expanded ^= {section}
        self.refresh()

    def refresh(self) -> None:
        """Update the rows to the project's data and blocks."""
        project = self._document.project
        fields = self._results.fields if self._results else NO_FIELDS
        if self._query:
            rows = matching_rows(project, self._query, fields, self._present_libraries())
        else:
            rows = all_rows(project, self._expanded, fields, self._present_libraries())
        if rows == self._rows:
            return
        # Rows before and after the change stay, and with them the selection and the scroll position.
        same = next((at for at, (a, b) in enumerate(zip(rows, self._rows, strict=False)) if a != b), None)
        start = min(len(rows), len(self._rows)) if same is None else same
        tail = 0
        while tail < min(len(rows), len(self._rows)) - start and rows[-1 - tail] == self._rows[-1 - tail]:
            tail += 1
        self._replace(start, len(self._rows) - tail, rows[start : len(rows) - tail])

    def _present_libraries(self) -> tuple[Library, ...]:
        return self._libraries.libraries if self._libraries else ()

    def _replace(self, start: int, end: int, rows: list[Row]) -> None:
        if end > start:
            self.beginRemoveRows(QModelIndex(), start, end - 1)
            del self._rows[start:end]
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(QModelIndex(), start, start + len(rows) - 1)
            self._rows[start:start] = rows
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return _accessible_text(row)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return row.summary
            case _ if role == ROW_ROLE:
                return row
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        match self.row(index).role if index.isValid() else "heading":
            case "heading":
                return Qt.ItemFlag.NoItemFlags
            case "entry":
                return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def mimeTypes(self) -> list[str]:
        return [KIND_MIME, NODE_MIME, FRAGMENT_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return drag_data(self.addition(indexes[0]))

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


def _accessible_text(row: Row) -> str:
    match row.role:
        case "data":
            return f"Data set: {row.text}"
        case "more":
            return row.summary
    return f"{row.text}, {row.detail}" if row.detail else row.text
