"""Loads numpy and pyqtgraph while events are handled: in one go they would hold the window for most of a second.

numpy comes in a thread, with what pyqtgraph imports of the standard library. pyqtgraph does not: it asks PySide6 for
every name it has, each of which is made when it is first asked for, and two threads that make them at the same time can
end the process. So they are made here, a few at a time; then the package itself is imported a statement at a time.
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
_SLICE_S = 0.008  # of making names or importing, between two events

log = logging.getLogger(__name__)


class PlotLoader(QObject):
    """``ready`` comes once, when both are there; ``failed``, with a sentence, when this machine cannot load them."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._wrong: ImportError | None = None
        self._waiting: list[Callable[[], None]] = []
        self._steps = self._work()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._step)
        self.is_ready = all(name in sys.modules for name in MODULES)

    def begin(self) -> None:
        """Start, unless it has been already; a second time nothing happens."""
        if not self.is_ready and self._thread is None:
            self._thread = threading.Thread(target=self._load_beside, name="loading")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Be ready when this returns."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
            for _ in self._steps:
                pass
            self._timer.stop()

    def then(self, make: Callable[[], None]) -> None:
        """Call this now if all is loaded, else just before ``ready``: of several, each in an event of its own."""
        if self.is_ready:
            make()
        else:
            self._waiting.append(make)

    def _load_beside(self) -> None:
        try:
            importlib.import_module("numpy")
        except ImportError as wrong:
            self._wrong = wrong
            return
        for name in _STANDARD:
            with contextlib.suppress(ImportError):  # then pyqtgraph does without it, or says so itself
                importlib.import_module(name)

    def _step(self) -> None:
        until = time.monotonic() + _SLICE_S
        for is_long in self._steps:
            if is_long or time.monotonic() > until:
                return
        self._timer.stop()

    def _work(self) -> Iterator[bool]:
        """All that is to be done in the window's thread; true after a step that is a slice of its own."""
        for _ in _names_of_qt():
            yield False
        while self._thread is not None and self._thread.is_alive():
            yield True
        try:
            if self._wrong is None:
                for _ in imported(PLOTS):
                    yield False
        except ImportError as wrong:
            self._wrong = wrong
        if self._wrong is not None:
            log.error("curves cannot be drawn: %s", self._wrong)
            self.failed.emit(f"Curves cannot be drawn: {self._wrong}.")
            return
        self.is_ready = True
        while self._waiting:
            yield True
            self._make(self._waiting.pop(0))
        self.ready.emit()

    @staticmethod
    def _make(make: Callable[[], None]) -> None:
        """Call it; a fault is reported as any other, and keeps nothing else from being made."""
        try:
            make()
        except Exception:  # noqa: BLE001 (reported)
            sys.excepthook(*sys.exc_info())


def imported(package: str) -> Iterator[None]:
    """Import a package, a statement of its first module a step; nothing else may import it meanwhile.

    Raises: ``ImportError``, and the package is then as if it had not been touched.
    """
    spec = importlib.util.find_spec(package) if package not in sys.modules else None
    loader: Any = spec.loader if spec else None
    source = loader.get_source(package) if hasattr(loader, "get_source") else None
    # It may be there already, be nowhere, be built without its text, or be of a kind that one look must read.
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
    """Make every name that pyqtgraph will ask of PySide6, one a step."""
    for module in _QT:
        try:
            qt = importlib.import_module(module)
        except ImportError:  # pyqtgraph does without it too
            continue
        for name in dir(qt):
            getattr(qt, name)
            yield name
