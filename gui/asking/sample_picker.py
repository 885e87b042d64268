"""Picks a sample of the run's data."""

import random

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.forms.combo import Combo
from gui.forms.controls import IconButton, TextField
from gui.theme import Theme

FIRST = ("validation", "test", "training")  # parts, by what a person wants to see first


class SamplePicker(QWidget):
    """A part and the number of a sample in it, from 0, with arrows."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.part = Combo()
        self.part.setAccessibleName("Part")
        self.number = TextField(theme)
        self.number.setText("0")
        self.number.setAccessibleName("Number of the sample")
        self.back = IconButton(theme, "chevron-left", "Previous sample", size_px=16)
        self.forward = IconButton(theme, "chevron-right", "Next sample", size_px=16)
        self.shuffle = IconButton(theme, "reload", "Any sample", size_px=16)
        self.note = QLabel()
        self.note.setProperty("voice", "small")
        self.note.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.part, 2)
        row.addWidget(self.number, 2)
        for button in (self.back, self.forward, self.shuffle):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)
        self.part.currentTextChanged.connect(self._turn)
        self.number.textChanged.connect(self.changed)
        self.back.clicked.connect(lambda: self.step(-1))
        self.forward.clicked.connect(lambda: self.step(1))
        self.shuffle.clicked.connect(lambda: self._go(random.randrange(max(1, self.count))))  # noqa: S311 (no secret)

    def show_parts(self, counts: dict[str, int], why_not: str) -> None:
        """Offer these parts, with the number of samples of each; none where the data cannot be read."""
        self.note.setText(why_not)
        self.note.setVisible(bool(why_not))
        if counts != self._counts:
            self._counts = counts
            self.part.blockSignals(True)
            self.part.clear()
            self.part.addItems([part for part in FIRST if part in counts])
            self.part.blockSignals(False)
            self._turn()

    @property
    def count(self) -> int:
        """The number of samples of the part."""
        return self._counts.get(self.part.currentText(), 0)

    def question(self) -> dict[str, object] | None:
        """The sample as a question takes it; ``None`` while there is none."""
        text = self.number.text()
        if not text.isdecimal() or int(text) >= self.count:
            return None
        return {"part": self.part.currentText(), "row": int(text)}

    def step(self, by: int) -> None:
        """Go to another sample, from the last one to the first."""
        text = self.number.text()
        self._go((int(text) if text.isdecimal() else 0) + by)

    def _go(self, number: int) -> None:
        self.number.setText(str(number % max(1, self.count)))

    def _turn(self) -> None:
        self.number.set_suffix(f"of {self.count:,}")
        self.number.setValidator(QIntValidator(0, max(0, self.count - 1), self))
        text = self.number.text()
        if text.isdecimal() and int(text) < self.count:
            self.changed.emit()
        else:
            self._go(0)
