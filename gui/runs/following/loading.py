"""Loads numpy and pyqtgraph while events are handled: in one go they would hold the window for most of a second.

numpy comes in a thread. pyqtgraph does not: it asks PySide6 for every name it has, each of which is made when it is
first asked for, and two threads that make them at the same time can end the process. So they are made here, a few at
a time.
"""

import importlib
import logging
import sys
import threading
import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

MODULES = ("numpy", "pyqtgraph")
_QT = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtSvg", "PySide6.QtTest")
_LOOK_MS = 20
_SLICE_S = 0.008  # of making names, between two events

log = logging.getLogger(__name__)


class Loading(QObject):
    """``ready`` comes once, when both are there; ``failed``, with a sentence, when this machine cannot load them."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._wrong: ImportError | None = None
        self._names = _names_of_qt()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._step)
        self.is_ready = all(name in sys.modules for name in MODULES)

    def begin(self) -> None:
        """Start, unless it has been already; a second time nothing happens."""
        if not self.is_ready and self._thread is None:
            self._thread = threading.Thread(target=self._load_numpy, name="loading")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Be ready when this returns."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
            for _ in self._names:
                pass
            self._finish()

    def _load_numpy(self) -> None:
        try:
            importlib.import_module("numpy")
        except ImportError as wrong:
            self._wrong = wrong

    def _step(self) -> None:
        until = time.monotonic() + _SLICE_S
        for _ in self._names:
            if time.monotonic() > until:
                return
        if self._thread is not None and not self._thread.is_alive():
            self._finish()

    def _finish(self) -> None:
        if self.is_ready or not self._timer.isActive():
            return
        self._timer.stop()
        try:
            if self._wrong is None:
                importlib.import_module("pyqtgraph")
        except ImportError as wrong:
            self._wrong = wrong
        if self._wrong is not None:
            log.error("curves cannot be drawn: %s", self._wrong)
            self.failed.emit(f"Curves cannot be drawn: {self._wrong}.")
        else:
            self.is_ready = True
            self.ready.emit()


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
