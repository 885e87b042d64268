"""The settings of the app; each takes effect at once."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from engine.places import user_data_dir, user_state_dir
from gui.common_dialogs.dialog import Dialog, text_label
from gui.preferences.preferences import Preferences

_THEMES = {"dark": "Dark", "light": "Light", "system": "Same as the system"}
_STARTS = {"example": "The digits example", "last": "The last project"}
_SWITCHES = {
    "keep_training": "Leave a training running when the window closes",
    "keep_trainer": "Keep PyTorch loaded, so that training starts at once (0.3 GB of memory)",
    "glow": "Show the size of gradients on the graph while training",
}


class PreferencesDialog(Dialog):
    """A few settings; the rest, such as the scale of the screen, follows the system."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__("settings", "Settings", parent)
        self._preferences = preferences
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self._add_choice("theme", "Theme", _THEMES)
        self._add_choice("start_with", "Start with", _STARTS)
        for name, text in _SWITCHES.items():
            self._add_switch(name, text)
        self._add_text("Runs and data", str(user_data_dir()))
        self._add_text("Recovery and logs", str(user_state_dir()))
        self.add_close()
        self.setMinimumWidth(520)

    def _add_choice(self, name: str, title: str, choices: Mapping[str, str]) -> None:
        box = QComboBox()
        box.setObjectName(f"settings_{name}")
        for value, text in choices.items():
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(getattr(self._preferences.values, name)))
        box.currentIndexChanged.connect(lambda: self._preferences.set(name, box.currentData()))
        row = self._grid.rowCount()
        label = text_label(title, "dim")
        label.setBuddy(box)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(box, row, 1)

    def _add_switch(self, name: str, text: str) -> None:
        box = QCheckBox(text)
        box.setObjectName(f"settings_{name}")
        box.setChecked(getattr(self._preferences.values, name))
        box.toggled.connect(lambda on: self._preferences.set(name, on))
        self._grid.addWidget(box, self._grid.rowCount(), 1)

    def _add_text(self, title: str, text: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(text_label(title, "dim"), row, 0)
        self._grid.addWidget(text_label(text, "small"), row, 1)
