"""Detects changes of the files that hold the data of a project."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from engine.catalog.data.datasets import datasets, path_params
from gui.state.document import Document

MAX_FOLDERS = 1000  # of classes that are checked

Stamp = tuple[str, int, int]


class DataFiles(QObject):
    """``changed``: the files have other content, so everything read from them must be read again.

    Only times and sizes are compared, as in the worker; no file is opened. The files are also checked when the user
    returns from another program.
    """

    changed = Signal()

    def __init__(self, document: Document, base: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._base = document, base
        self._paths: list[Path] = []
        self._stamps_before: list[Stamp] = []
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._take_state)

    @property
    def paths(self) -> list[Path]:
        """The files and folders named by the data settings; none for built-in or generated data."""
        data = self._document.project.data
        declared = datasets().get(data.kind)
        names = [str(data.params.get(param.name) or "") for param in path_params(declared)] if declared else []
        return [Path(self._base()) / name for name in names if name]

    def check(self) -> None:
        """Emit `changed` if the files have changed since the last call for the same paths."""
        paths = self.paths
        stamps = [stamp for path in paths for stamp in _stamps(path)]
        differs = paths == self._paths and stamps != self._stamps_before
        self._paths, self._stamps_before = paths, stamps
        if differs:
            self.changed.emit()

    def assume_changed(self) -> None:
        """Emit `changed` if there are files: they may have changed in a way that times and sizes do not show."""
        self._paths = self.paths
        self._stamps_before = [stamp for path in self._paths for stamp in _stamps(path)]
        if self._paths:
            self.changed.emit()

    def _take_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.check()


def _stamps(path: Path) -> Iterator[Stamp]:
    """The stamps of a file, or of a folder and its subfolders: adding or removing an image changes its folder."""
    yield _stamp(path)
    try:
        with os.scandir(path) as entries:
            folders = sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return  # a file, or missing
    yield from map(_stamp, folders[:MAX_FOLDERS])


def _stamp(path: str | Path) -> Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 (called for many files)
    except (OSError, ValueError):
        return str(path), -1, -1
    return str(path), status.st_mtime_ns, status.st_size
