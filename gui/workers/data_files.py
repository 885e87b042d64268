"""Whether the files that a project's data lies in have changed since they were last looked at."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from engine.catalog.data.datasets import datasets, path_params
from gui.state.document import Document

MOST_FOLDERS = 1000  # of classes that are looked at

Stamp = tuple[str, int, int]


class DataFiles(QObject):
    """``changed``: the files hold something else now, so whatever was read from them is to be read again.

    Only their times and sizes are looked at, as the worker does; nothing is opened. They are looked at by themselves
    when a person comes back from another program.
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
        """The files and folders that are named; none for data that is shipped or computed."""
        data = self._document.project.data
        declared = datasets().get(data.kind)
        names = [str(data.params.get(param.name) or "") for param in path_params(declared)] if declared else []
        return [Path(self._base()) / name for name in names if name]

    def look(self) -> None:
        """Tell if they have changed since the last look at these very files."""
        paths = self.paths
        stamps = [stamp for path in paths for stamp in _stamps(path)]
        differs = paths == self._paths and stamps != self._stamps_before
        self._paths, self._stamps_before = paths, stamps
        if differs:
            self.changed.emit()

    def doubt(self) -> None:
        """Tell that they may have changed in a way that cannot be seen, if there are any."""
        self._paths = self.paths
        self._stamps_before = [stamp for path in self._paths for stamp in _stamps(path)]
        if self._paths:
            self.changed.emit()

    def _take_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.look()


def _stamps(path: Path) -> Iterator[Stamp]:
    """Of a file, or of a folder and the folders in it: an image that comes or goes changes its folder."""
    yield _stamp(path)
    try:
        with os.scandir(path) as entries:
            folders = sorted(entry.path for entry in entries if entry.is_dir())
    except OSError:
        return  # a file, or gone
    yield from map(_stamp, folders[:MOST_FOLDERS])


def _stamp(path: str | Path) -> Stamp:
    try:
        status = os.stat(path)  # noqa: PTH116 (one of many)
    except (OSError, ValueError):
        return str(path), -1, -1
    return str(path), status.st_mtime_ns, status.st_size
