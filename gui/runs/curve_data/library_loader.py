"""Loads numpy and pyqtgraph in small steps: loading them at once would freeze the window for most of a second.

numpy is imported in a thread, with the modules that pyqtgraph imports from the standard library. pyqtgraph itself is
not: it reads every name of PySide6, which creates each on first access, and two threads that create them at the same
time can crash the process. So the names are created here, a few at a time; then the package is imported by statement.
"""

import ast
import contextlib
import importlib
import importlib.util
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

PLOTS = "pyqtgraph"
MODULES = ("numpy", PLOTS)
_STANDARD = (
    "csv", "decimal", "importlib.resources", "inspect", "locale", "multiprocessing.connection",
    "multiprocessing.managers", "pickle", "pydoc", "socket", "subprocess", "xml.etree.ElementTree",
)  # fmt: skip
_QT = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtSvg", "PySide6.QtTest")
_LOOK_MS = 20
_SLICE_S = 0.008  # of work between two events

log = logging.getLogger(__name__)


class PlotLoader(QObject):
    """``ready`` is emitted once, when both are loaded; ``failed``, with a message, if that is impossible here."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._error: ImportError | None = None
        self._waiting: list[Callable[[], None]] = []
        self._steps = self._work()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._step)
        self.is_ready = all(name in sys.modules for name in MODULES)

    def begin(self) -> None:
        """Start loading, unless it was started before."""
        if not self.is_ready and self._thread is None:
            self._thread = threading.Thread(target=self._load_beside, name="loading")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Load everything before this returns."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
            for _ in self._steps:
                pass
            self._timer.stop()

    def then(self, make: Callable[[], None]) -> None:
        """Call a function now if all is loaded, else just before ``ready``, each in its own event."""
        if self.is_ready:
            make()
        else:
            self._waiting.append(make)

    def _load_beside(self) -> None:
        try:
            importlib.import_module("numpy")
        except ImportError as error:
            self._error = error
            return
        for name in _STANDARD:
            with contextlib.suppress(ImportError):  # pyqtgraph does without it, or reports it itself
                importlib.import_module(name)

    def _step(self) -> None:
        until = time.monotonic() + _SLICE_S
        for is_long in self._steps:
            if is_long or time.monotonic() > until:
                return
        self._timer.stop()

    def _work(self) -> Iterator[bool]:
        """The steps for the window's thread; true after one that ends the slice."""
        for _ in _names_of_qt():
            yield False
        while self._thread is not None and self._thread.is_alive():
            yield True
        try:
            if self._error is None:
                for _ in imported(PLOTS):
                    yield False
        except ImportError as error:
            self._error = error
        if self._error is not None:
            log.error("curves cannot be drawn: %s", self._error)
            self.failed.emit(f"Curves cannot be drawn: {self._error}.")
            return
        self.is_ready = True
        while self._waiting:
            yield True
            self._make(self._waiting.pop(0))
        self.ready.emit()

    @staticmethod
    def _make(make: Callable[[], None]) -> None:
        """Call the function; report its fault like any other, so that the next ones are still called."""
        try:
            make()
        except Exception:  # noqa: BLE001 (reported)
            sys.excepthook(*sys.exc_info())


def imported(package: str) -> Iterator[None]:
    """Import a package, one statement of its first module per step; nothing else may import it meanwhile.

    Raises: ``ImportError``; the package is then not imported at all.
    """
    spec = importlib.util.find_spec(package) if package not in sys.modules else None
    loader: Any = spec.loader if spec else None
    source = loader.get_source(package) if hasattr(loader, "get_source") else None
    # Already imported, missing, without source text, or with a ``__future__`` import, which needs the whole text.
    if spec is None or source is None or "__future__" in source:
        importlib.import_module(package)
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    try:
        for statement in ast.parse(source).body:
            step = compile(ast.Module([statement], []), spec.origin or package, "exec", dont_inherit=True)
            exec(step, module.__dict__)  # noqa: S102 (what an import does with the same text)
            yield
    except BaseException:
        sys.modules.pop(package, None)
        raise


def _names_of_qt() -> Iterator[str]:
    """Create every name of PySide6 that pyqtgraph will read, one per step."""
    for module in _QT:
        try:
            qt = importlib.import_module(module)
        except ImportError:  # pyqtgraph does without it too
            continue
        for name in dir(qt):
            getattr(qt, name)
            yield name
