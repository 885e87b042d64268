"""The libraries of blocks that the palette and the search offer: shipped, the user's own, and those of folders."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from engine.errors import FileProblem
from engine.project.existence import is_folder
from engine.project.library import (
    OWN,
    SHIPPED,
    Library,
    LibraryBlock,
    block_files,
    library_of,
    own_folder,
    project_folder,
    read_block,
    shipped_block,
    shipped_names,
)
from gui.preferences.preferences import Preferences
from gui.state.document import Document
from gui.system.time_slices import TimeSlices

SETTLE_MS = 150  # the window is painted first; a program that writes files needs a moment
MISSING = "folder not found"
Stamp = tuple[int, int]
"""Time of change in nanoseconds, and size in bytes."""


class BlockLibraries(QObject):
    """Reads the libraries in slices, a file each; one that has not changed is not read again.

    The folders are the user's own, those in the preferences, and `project_folder`.
    """

    changed = Signal()

    def __init__(self, document: Document, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.libraries: tuple[Library, ...] = ()
        self._document, self._preferences = document, preferences
        self._cache: dict[tuple[Path, str], tuple[Stamp, LibraryBlock | FileProblem]] = {}
        self._slices = TimeSlices(self)
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(lambda: self._slices.start(self._steps()))
        for signal in (self._watcher.directoryChanged, document.replaced, document.path_changed):
            signal.connect(self.refresh)
        preferences.changed.connect(lambda name: self.refresh() if name == "library_folders" else None)

    def folders(self) -> dict[str, Path]:
        """The folders by the names of their libraries, the user's own first."""
        others = {name: path for name, path in self._others().items() if is_folder(path)}
        return {OWN: own_folder(), **others}

    def chosen_folders(self) -> dict[str, Path]:
        """Those in the preferences, by the names of their libraries; some may not exist."""
        paths = {Path(text) for text in self._preferences.values.library_folders}
        return {name: path for name, path in self._others().items() if path in paths}

    def _others(self) -> dict[str, Path]:
        """All folders but the user's own, by the names of their libraries; some may not exist."""
        others = [Path(text) for text in self._preferences.values.library_folders]
        if self._document.path is not None:
            others.append(project_folder(self._document.path))
        others = [path for path in dict.fromkeys(others) if path != own_folder()]
        short = [f"{path.parent.name}/{path.name}" for path in others]
        names = [name if short.count(name) == 1 else str(path) for name, path in zip(short, others, strict=True)]
        return dict(zip(names, others, strict=True))

    def add_folder(self, folder: Path) -> None:
        """Keep a folder as a library, for every project."""
        folders = self._preferences.values.library_folders
        if folder not in self.folders().values():
            self._preferences.set("library_folders", [*folders, str(folder)])

    def remove_folder(self, folder: Path) -> None:
        """Do not show the library of a folder any more; its files stay."""
        folders = self._preferences.values.library_folders
        self._preferences.set("library_folders", [text for text in folders if Path(text) != folder])

    def refresh(self) -> None:
        """Look at all folders again a moment later."""
        self._soon.start()

    def finish(self) -> None:
        """Look at all folders now."""
        self._soon.stop()
        self._slices.start(self._steps())
        self._slices.finish()

    def _steps(self) -> Iterator[None]:
        libraries = [Library(SHIPPED, {})]
        for name in shipped_names():
            libraries[0].blocks[name] = shipped_block(name)
            yield
        folders = self.folders()
        for name, folder in folders.items():
            results: dict[Path, LibraryBlock | FileProblem] = {}
            for path in block_files(folder):
                results[path] = self._read(path, name)
                yield
            libraries.append(library_of(name, results))
        libraries += [_missing(name, path) for name, path in self.chosen_folders().items() if name not in folders]
        self._watch(folders)
        if libraries != list(self.libraries):
            self.libraries = tuple(libraries)
            self.changed.emit()

    def _read(self, path: Path, name: str) -> LibraryBlock | FileProblem:
        """The block in a file, or why there is none."""
        stamp = _stamp(path)
        last = self._cache.get((path, name))
        if last is not None and last[0] == stamp:
            return last[1]
        result: LibraryBlock | FileProblem
        try:
            result = read_block(path, name)
        except FileProblem as wrong:
            result = wrong
        self._cache[path, name] = stamp, result
        return result

    def _watch(self, folders: dict[str, Path]) -> None:
        folder_texts = {str(path) for path in folders.values() if is_folder(path)}
        old_texts = set(self._watcher.directories())
        if superfluous := sorted(old_texts - folder_texts):
            self._watcher.removePaths(superfluous)
        if new := sorted(folder_texts - old_texts):
            self._watcher.addPaths(new)


def _missing(name: str, folder: Path) -> Library:
    """The library of a folder that does not exist."""
    hint = "Bring the folder back, or remove it from the palette by a right click."
    return Library(name, {}, {MISSING: FileProblem(f"{folder} does not exist.", hint=hint)})


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size
