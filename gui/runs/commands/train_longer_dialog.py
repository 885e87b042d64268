"""The dialog for training a finished run longer: total epochs, and how its schedule continues."""

from msgspec import Struct
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSpinBox, QWidget

from engine.codegen.scripts.run_length import ScheduleMode
from gui.common_dialogs.dialog import Dialog, text_label

MAX_EPOCHS = 1_000_000
WIDTH_PX = 440
INSET_PX = 6
_WAYS: dict[ScheduleMode, tuple[str, str]] = {
    "restart": ("Restart", "{schedule} starts over for the added epochs."),
    "stretch": ("Stretch", "{schedule} goes on as if this end had been planned from the start."),
}


class LongerTraining(Struct, frozen=True):
    """The answer. ``way``: only for a schedule that covers the whole run."""

    epochs: int
    way: ScheduleMode | None = None


class TrainLongerDialog(Dialog):
    """``done``: completed epochs. ``schedule``: the kind of a schedule that covers the whole run, or empty."""

    def __init__(self, name: str, done: int, schedule: str = "", parent: QWidget | None = None) -> None:
        super().__init__("train_longer", "Train longer", parent)
        self.setMinimumWidth(WIDTH_PX)
        self.body.addWidget(text_label(f"{name} has trained {done:,} epoch{'' if done == 1 else 's'}.", wrap=True))
        self.epochs = QSpinBox()
        self.epochs.setObjectName("longer_epochs")
        self.epochs.setAccessibleName("Total epochs")
        self.epochs.setRange(done + 1, max(MAX_EPOCHS, done + 1))
        self.epochs.setValue(2 * done)
        self.epochs.lineEdit().setTextMargins(INSET_PX, 0, 0, 0)  # indented like the text of other fields
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(text_label("Total epochs", "dim"))
        row.addWidget(self.epochs, 1)
        self.body.addLayout(row)
        self.ways: dict[ScheduleMode, QRadioButton] = {}
        if schedule:
            self._offer_ways(schedule)
        self.add_button("Cancel").clicked.connect(self.reject)
        self.go = self.add_button("Train", "longer_train", default=True)
        self.go.clicked.connect(self.accept)
        self.epochs.setFocus()
        self.epochs.selectAll()

    def ask(self) -> LongerTraining | None:
        """Show the dialog and wait; ``None`` if it was cancelled."""
        is_accepted = self.exec()
        self.deleteLater()
        return self.answer if is_accepted else None

    @property
    def answer(self) -> LongerTraining:
        """The current values."""
        way = next((way for way, radio in self.ways.items() if radio.isChecked()), None)
        return LongerTraining(self.epochs.value(), way)

    def _offer_ways(self, schedule: str) -> None:
        self.body.addSpacing(4)
        self.body.addWidget(text_label("Learning rate schedule", "dim"))
        for way, (title, text) in _WAYS.items():
            radio = QRadioButton(title)
            radio.setObjectName(f"longer_{way}")
            radio.setChecked(way == "restart")
            words = text_label(text.format(schedule=schedule), "small", wrap=True)
            words.setContentsMargins(26, 0, 0, 4)
            self.body.addWidget(radio)
            self.body.addWidget(words)
            self.ways[way] = radio
