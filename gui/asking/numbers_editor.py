"""The editor of fields that have no other one: numbers, separated by spaces."""

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout

from engine.protocol.asking import InputWanted, SampleGiven
from gui.asking.editor import Editor
from gui.theme import Theme

HEIGHT_PX = 84


class NumbersEditor(Editor):
    """Begins with the first training sample; says how many numbers there are and should be."""

    def __init__(self, theme: Theme, entry: InputWanted) -> None:
        super().__init__()
        del theme
        self._entry = entry
        self.text = QPlainTextEdit(numbers_text(entry.get("example", [])))
        self.text.setProperty("role", "snippet")
        self.text.setAccessibleName(entry["field"])
        self.text.setFixedHeight(HEIGHT_PX)
        self.text.setTabChangesFocus(True)
        self.note = QLabel()
        self.note.setProperty("voice", "small")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.text)
        column.addWidget(self.note)
        self.text.textChanged.connect(self._edit)
        self._describe()

    def value(self) -> object | None:
        return numbers_in(self.text.toPlainText()) or None

    def fill(self, sample: SampleGiven) -> None:
        self.text.blockSignals(True)  # the answer is there already
        self.text.setPlainText(numbers_text(sample.get("numbers", [])))
        self.text.blockSignals(False)
        self._describe()

    def _edit(self) -> None:
        self._describe()
        self.changed.emit()

    def _describe(self) -> None:
        shape = self._entry["shape"]
        count = 1
        for size in shape:
            count *= size
        values = numbers_in(self.text.toPlainText())
        have = f"{len(values):,} of {count:,} numbers" if values is not None else "Not all of these are numbers"
        sizes = " \u00d7 ".join(map(str, shape)) if len(shape) > 1 else ""
        whole = f"whole, 0 to {self._entry['most'] - 1:,}" if "most" in self._entry else ""
        self.note.setText(" \u00b7 ".join(filter(None, (have, sizes, whole))))


def numbers_in(text: str) -> list[float] | None:
    """The numbers of a text, separated by spaces, commas or lines; ``None`` where something else is among them."""
    try:
        values = [float(each) for each in text.replace(",", " ").replace(";", " ").split()]
    except ValueError:
        return None
    return [int(each) if each.is_integer() else each for each in values]


def numbers_text(values: list[float]) -> str:
    """Numbers as a text."""
    return " ".join(f"{each:.6g}" for each in values)
