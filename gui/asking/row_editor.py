"""The editor of a row: one field for each column, with its range or its categories."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.protocol.asking import ColumnWanted, InputWanted, SampleGiven
from gui.asking.editor import Editor
from gui.formatting.formats import number_text
from gui.forms.combo import Combo
from gui.forms.controls import TextField
from gui.theme import Theme

NAME_PX = 128  # the widest name of a column


class RowEditor(Editor):
    """Begins with the first row of the training data, so that there is an answer at once."""

    def __init__(self, theme: Theme, entry: InputWanted) -> None:
        super().__init__()
        self._columns = entry["columns"]
        self.fields: dict[str, TextField | Combo] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, column in enumerate(self._columns):
            name = _Name(column["name"])
            field = self._field(theme, column)
            field.setAccessibleName(column["name"])
            name.setBuddy(field)
            grid.addWidget(name, at, 0)
            grid.addWidget(field, at, 1)
            self.fields[column["name"]] = field

    def value(self) -> object | None:
        return {name: _text(field) for name, field in self.fields.items()}

    def fill(self, sample: SampleGiven) -> None:
        for name, text in sample.get("cells", {}).items():
            if (field := self.fields.get(name)) is not None:
                field.blockSignals(True)  # the answer is there already
                _set(field, text)
                field.blockSignals(False)

    def _field(self, theme: Theme, column: ColumnWanted) -> TextField | Combo:
        if column["categories"]:
            combo = Combo()
            combo.addItems(column["categories"])
            combo.setCurrentText(column.get("example", ""))
            combo.currentTextChanged.connect(self.changed)
            return combo
        field = TextField(theme)
        field.setText(column.get("example", ""))
        if "min" in column and "max" in column:
            field.set_suffix(f"{number_text(column['min'])} \u2013 {number_text(column['max'])}")
            field.setToolTip("The suffix is the range of the training samples.")
        elif column["date"]:
            field.set_suffix("date")
        field.textChanged.connect(self.changed)
        return field


class _Name(QLabel):
    """The name of a column, elided."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("voice", "dim")
        self.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_PX))
        self.setToolTip(name if self.text() != name else "")


def _text(field: QWidget) -> str:
    return field.currentText() if isinstance(field, Combo) else field.text() if isinstance(field, TextField) else ""


def _set(field: TextField | Combo, text: str) -> None:
    if isinstance(field, Combo):
        field.setCurrentText(text)
    else:
        field.setText(text)
