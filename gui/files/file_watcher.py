"""Reports when another program changes or removes the open file."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from engine.project.existence import is_there
from engine.project.regular_file import content

_SETTLE_MS = 150  # a program that replaces a file removes it for a moment
_CAP = 64 << 20


class FileWatcher(QObject):
    """Compares the file with its last known content whenever the system reports a change."""

    changed = Signal()  # to another content
    removed = Signal()
    returned = Signal()  # with the same content

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._last_digest: bytes | None = None
        self._is_missing = False
        self._system = QFileSystemWatcher(self)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.check)
        self._system.fileChanged.connect(lambda _: self._settle.start())
        self._system.directoryChanged.connect(lambda _: self._settle.start())

    def follow(self, path: Path | None) -> None:
        """Watch this file from now on, or none; its present content counts as known."""
        if old_paths := [*self._system.files(), *self._system.directories()]:
            self._system.removePaths(old_paths)
        self._settle.stop()
        self._path = path
        self._last_digest = _digest(path) if path else None
        self._is_missing = self._last_digest is None
        self._rewatch()

    def check(self) -> bool:
        """Compare now; returns whether the content has changed. Each change is reported once."""
        if self._path is None:
            return False
        digest, before = _digest(self._path), self._last_digest
        was_missing, self._is_missing = self._is_missing, digest is None
        self._last_digest = digest or before
        self._rewatch()
        if digest is None:
            if not was_missing:
                self.removed.emit()
            return False
        if digest != before:
            self.changed.emit()
        elif was_missing:
            self.returned.emit()
        return digest != before

    def _rewatch(self) -> None:
        """Watch the paths again: the system no longer watches a file that was replaced."""
        if self._path is not None:
            paths = {str(self._path), str(self._path.parent)}
            old_paths = {*self._system.files(), *self._system.directories()}
            if missing := [each for each in paths - old_paths if is_there(Path(each))]:
                self._system.addPaths(missing)


def _digest(path: Path) -> bytes | None:
    """A digest of the file, or ``None`` when it cannot be read."""
    try:
        return hashlib.sha256(content(path, _CAP)).digest()
    except OSError:
        return None
