"""The settings of the app; each takes effect at once."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.places import user_data_dir, user_state_dir
from engine.project.existence import is_folder
from gui.common_dialogs.dialog import Dialog, text_label
from gui.dialogs.output_paths import with_tilde
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
        for place, text in enumerate(preferences.values.library_folders):
            self._add_folder("" if place else "Folders of blocks", Path(text))
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

    def _add_folder(self, title: str, folder: Path) -> None:
        """A folder that the palette shows as a library, and a button that removes it there."""
        is_there = is_folder(folder)
        label = text_label(with_tilde(folder) + ("" if is_there else " (not found)"), "small" if is_there else "error")
        button = QPushButton("Remove")
        button.setObjectName("settings_remove_folder")
        button.setAccessibleName(f"Remove {folder} from the palette")
        button.setToolTip("The palette does not show its blocks any more; its files stay.")
        row = self._grid.rowCount()
        self._grid.addWidget(text_label(title, "dim"), row, 0)
        line = QWidget()
        parts = QHBoxLayout(line)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.addWidget(label, 1)
        parts.addWidget(button)
        self._grid.addWidget(line, row, 1)
        button.clicked.connect(lambda: self._remove_folder(folder, label, button))

    def _remove_folder(self, folder: Path, label: QLabel, button: QPushButton) -> None:
        others = [text for text in self._preferences.values.library_folders if Path(text) != folder]
        self._preferences.set("library_folders", others)
        label.setText(f"{with_tilde(folder)} (removed)")
        button.setEnabled(False)

    def _add_text(self, title: str, text: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(text_label(title, "dim"), row, 0)
        self._grid.addWidget(text_label(text, "small"), row, 1)
