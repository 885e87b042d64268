"""Changes preferences and writes them to their file."""

import json
import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.project import durable
from gui.preferences.preferences_file import path, read

_MAX_RECENT = 12
_SAVE_MS = 400

log = logging.getLogger(__name__)


class Preferences(QObject):
    """The current values; each change is signalled at once and written a moment later."""

    changed = Signal(str)  # the name of the value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values, self.is_first_run = read()
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self.write)

    def set(self, name: str, value: object) -> None:
        """Set one of the values."""
        if getattr(self.values, name) != value:
            setattr(self.values, name, value)
            self._timer.start()
            self.changed.emit(name)

    def remember(self, path: Path) -> None:
        """Put a file at the top of the recent files."""
        text = str(path.absolute())
        others = [each for each in self.values.recent if each != text]
        self.set("recent", [text, *others][:_MAX_RECENT])
        self.set("folder", str(path.absolute().parent))

    def forget(self, path: Path) -> None:
        """Remove a file from the recent files."""
        self.set("recent", [each for each in self.values.recent if each != str(path)])

    def write(self) -> None:
        """Write the file now; if that fails, only the changes since the start are lost."""
        self._timer.stop()
        text = json.dumps({"version": 1} | vars(self.values), indent=1, sort_keys=True)
        try:
            path().parent.mkdir(parents=True, exist_ok=True)
            durable.replace(path(), text.encode() + b"\n")
        except OSError as error:
            log.info("settings were not written: %s", error)
