"""The samples as a table."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView

from engine.protocol.data_answers import FieldShown, SampleShown
from gui.data.field_text import Names, field_text, value_text
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

Index = QModelIndex | QPersistentModelIndex
MAX_COLUMNS = 64
MAX_PX = 420
NO_PARENT = QModelIndex()


class SamplesModel(QAbstractTableModel):
    """A column for each value; a class or a long field has one column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.headings: list[str] = []
        self._cells: list[list[str]] = []
        self._rows: list[tuple[str, str]] = []  # number, place
        self._texts: frozenset[str] = frozenset()  # the headings of columns of texts, which are read from the left

    def show_samples(self, samples: Sequence[SampleShown], names: Names) -> None:
        """Show samples."""
        self.beginResetModel()
        self.headings = _headings(samples[0]["fields"], names) if samples else []
        self._cells = [_cells(sample["fields"]) for sample in samples]
        fields: Mapping[str, FieldShown] = samples[0]["fields"] if samples else {}
        self._texts = frozenset(name for name, value in fields.items() if "text" in value)
        self._rows = [(str(sample["row"]), str(sample["place"])) for sample in samples]
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._cells[index.row()][index.column()]
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return self._rows[index.row()][1]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section] if orientation is Qt.Orientation.Horizontal else self._rows[section][0]
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return self._alignment(section)
        return None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        is_text = self.headings[column] in self._texts
        side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter


class SamplesTable(QTableView):
    """A read-only table of samples."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("samples_table")
        self.setAccessibleName("Samples")
        self.rows = SamplesModel(self)
        self.setModel(self.rows)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.ring = FocusRing(self, theme)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setDefaultSectionSize(theme.tokens.control_px - 4)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)

    def show_samples(self, samples: Sequence[SampleShown], names: Names) -> None:
        """Show samples."""
        self.rows.show_samples(samples, names)
        self.resizeColumnsToContents()
        for column in range(self.rows.columnCount()):
            self.setColumnWidth(column, min(MAX_PX, self.columnWidth(column)))


def _ordered(fields: Mapping[str, FieldShown]) -> list[tuple[str, FieldShown]]:
    """The fields, single values first, so that the target is visible without scrolling."""
    return sorted(fields.items(), key=lambda field: _count(field[1]) > 1)


def _headings(fields: Mapping[str, FieldShown], names: Names) -> list[str]:
    headings: list[str] = []
    for name, value in _ordered(fields):
        count = _count(value)
        if count == len(value_names := names.get(name, ())):
            headings += value_names
        else:
            headings += [name] if count == 1 else [f"{name}[{at}]" for at in range(count)]
    return headings


def _cells(fields: Mapping[str, FieldShown]) -> list[str]:
    cells: list[str] = []
    for _, value in _ordered(fields):
        cells += [field_text(value, MAX_COLUMNS)] if _count(value) == 1 else map(value_text, value["values"])
    return cells


def _count(value: FieldShown) -> int:
    """The number of columns of a field: one for each real number; whole numbers, such as tokens, share one."""
    values = value.get("values", ())
    splits = len(value.get("shape", ())) == 1 and 1 < len(values) <= MAX_COLUMNS
    return len(values) if splits and any(isinstance(each, float) for each in values) else 1
