"""Loads numpy and pyqtgraph beside the event loop: in the window's thread they would hold it for a second."""

import importlib
import logging
import sys
import threading

from PySide6.QtCore import QObject, QTimer, Signal

MODULES = ("numpy", "pyqtgraph")
_LOOK_MS = 20

log = logging.getLogger(__name__)


class Loading(QObject):
    """``ready`` comes once, when both are there; ``failed``, with a sentence, when this machine cannot load them."""

    ready = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._wrong: ImportError | None = None
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.is_ready = all(name in sys.modules for name in MODULES)

    def begin(self) -> None:
        """Start, unless it has been already; a second time nothing happens."""
        if not self.is_ready and self._thread is None:
            self._thread = threading.Thread(target=self._load, name="loading")
            self._thread.start()
            self._timer.start()

    def wait(self) -> None:
        """Be ready when this returns."""
        self.begin()
        if self._thread is not None:
            self._thread.join()
            self._look()

    def _load(self) -> None:
        try:
            for name in MODULES:
                importlib.import_module(name)
        except ImportError as wrong:
            self._wrong = wrong

    def _look(self) -> None:
        if self.is_ready or self._thread is None or self._thread.is_alive():
            return
        self._timer.stop()
        if self._wrong is not None:
            log.error("curves cannot be drawn: %s", self._wrong)
            self.failed.emit(f"Curves cannot be drawn: {self._wrong}.")
        else:
            self.is_ready = True
            self.ready.emit()
