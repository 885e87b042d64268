"""Notices when another program changes or removes the open file."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from engine.project.existence import is_there
from engine.project.regular_file import content

_SETTLE_MS = 150  # a program that replaces a file removes it for a moment
_CAP = 64 << 20


class FileWatcher(QObject):
    """Compares the file with what was last read from or written to it, whenever the system says that it was touched."""

    changed = Signal()  # it holds something else now
    removed = Signal()
    returned = Signal()  # it is there again, with what it held

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._known: bytes | None = None
        self._is_gone = False
        self._system = QFileSystemWatcher(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self._system.fileChanged.connect(lambda _: self._settle.start())
        self._system.directoryChanged.connect(lambda _: self._settle.start())

    def follow(self, path: Path | None) -> None:
        """Watch this file from now on, or none; what it holds now is known."""
        if watched := [*self._system.files(), *self._system.directories()]:
            self._system.removePaths(watched)
        self._settle.stop()
        self._path = path
        self._known = _content(path) if path else None
        self._is_gone = self._known is None
        self._rewatch()

    def look(self) -> bool:
        """Compare now; tells whether it holds something else than it did. Each change is told once."""
        if self._path is None:
            return False
        found, before = _content(self._path), self._known
        was_gone, self._is_gone = self._is_gone, found is None
        self._known = found or before
        self._rewatch()
        if found is None:
            if not was_gone:
                self.removed.emit()
            return False
        if found != before:
            self.changed.emit()
        elif was_gone:
            self.returned.emit()
        return found != before

    def _rewatch(self) -> None:
        """A file that was replaced is another file to the system."""
        if self._path is not None:
            wanted = {str(self._path), str(self._path.parent)}
            watched = {*self._system.files(), *self._system.directories()}
            if new := [each for each in wanted - watched if is_there(Path(each))]:
                self._system.addPaths(new)


def _content(path: Path) -> bytes | None:
    """A digest of the file, or ``None`` when it cannot be read."""
    try:
        return hashlib.sha256(content(path, _CAP)).digest()
    except OSError:
        return None
