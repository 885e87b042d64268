"""What a person can choose about the window; every choice holds at once."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from engine.places import user_data_dir, user_state_dir
from gui.common_dialogs.dialog import Dialog, labelled
from gui.preferences.preferences import Preferences

_THEMES = {"dark": "Dark", "light": "Light", "system": "Same as the system"}
_STARTS = {"example": "The digits example", "last": "The last project"}
_HABITS = {
    "keep_training": "Leave a training running when the window closes",
    "keep_trainer": "Keep PyTorch loaded, so that training starts at once (0.3 GB of memory)",
    "glow": "Show the size of gradients on the graph while training",
}


class PreferencesDialog(Dialog):
    """A few choices; everything else follows the system, the scale of the screen included."""

    def __init__(self, settings: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("settings", "Settings", parent)
        self._settings = settings
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._choice("theme", "Theme", _THEMES)
        self._choice("start_with", "Start with", _STARTS)
        for name, text in _HABITS.items():
            self._habit(name, text)
        self._line("Runs and data", str(user_data_dir()))
        self._line("Recovery and logs", str(user_state_dir()))
        self.add_close()
        self.setMinimumWidth(520)

    def _choice(self, name: str, title: str, choices: Mapping[str, str]) -> None:
        box = QComboBox()
        box.setObjectName(f"settings_{name}")
        for value, text in choices.items():
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(getattr(self._settings.values, name)))
        box.currentIndexChanged.connect(lambda: self._settings.set(name, box.currentData()))
        place = self._grid.rowCount()
        label = labelled(title, "dim")
        label.setBuddy(box)
        self._grid.addWidget(label, place, 0)
        self._grid.addWidget(box, place, 1)

    def _habit(self, name: str, text: str) -> None:
        box = QCheckBox(text)
        box.setObjectName(f"settings_{name}")
        box.setChecked(getattr(self._settings.values, name))
        box.toggled.connect(lambda on: self._settings.set(name, on))
        self._grid.addWidget(box, self._grid.rowCount(), 1)

    def _line(self, title: str, text: str) -> None:
        place = self._grid.rowCount()
        self._grid.addWidget(labelled(title, "dim"), place, 0)
        self._grid.addWidget(labelled(text, "small"), place, 1)
