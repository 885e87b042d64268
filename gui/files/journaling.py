"""Writes the journal of the open document: each edit is recorded at once and reaches the disk a moment later."""

import logging
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import FileProblem
from engine.graph.edits import Batch, Edit
from engine.project.journal import FLUSH_S, Journal
from engine.project.undo_steps import Direction
from gui.state.document import Document
from gui.system.time_slices import PAUSE_MS

MANY = 300  # edits in a batch; a larger one is recorded in the next turn of the event loop
SETTLE_MS = 400  # after a document was opened, so that it is shown first

log = logging.getLogger(__name__)


class Journaling(QObject):
    """Records the edits of a document in a journal; a read-only document has none."""

    failed = Signal(str)  # edits can no longer be recorded: why, and what to do
    recovered = Signal()  # edits are recorded again
    flushed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.journal: Journal | None = None
        self.flushed_s: float | None = None  # time.monotonic() of the last flush
        self._has_failed = False
        self._timer = QTimer(self, singleShot=True, interval=int(FLUSH_S * 1000))
        self._timer.timeout.connect(self.flush)
        self._unwritten: list[tuple[Edit, Direction]] = []
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._write)
        self._idle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._idle.timeout.connect(self._settle)
        self._document = document
        document.changing.connect(self._settle)
        document.edited.connect(self._record)

    def follow(self, journal: Journal | None) -> None:
        """Write to this journal from now on. The caller closes the former one."""
        self._timer.stop()
        self._soon.stop()
        self._unwritten.clear()
        self.journal = journal
        self._idle.start()
        self.flushed_s = None
        self._has_failed = False

    def flush(self) -> None:
        """Write the recorded edits to the disk."""
        self._write()
        self._timer.stop()
        if self.journal is not None:
            self._try(self.journal.flush)
            if not self._has_failed:
                self.flushed_s = time.monotonic()
                self.flushed.emit()

    def _settle(self) -> None:
        """Store the project that the journal starts from: when the window is idle, else before the first edit."""
        self._idle.stop()
        self._write()
        if self.journal is not None:
            self._try(self.journal.settle)

    def _record(self, edit: Edit) -> None:
        if self.journal is not None:
            self._unwritten.append((edit, self._document.direction))
            if isinstance(edit, Batch) and len(edit.edits) > MANY:  # it takes as long to write as to apply
                self._soon.start()
            else:
                self._write()
            if not self._timer.isActive():  # a drag that goes on must not delay the flush of its first edit
                self._timer.start()

    def _write(self) -> None:
        """Hand the collected edits to the journal, in order."""
        self._soon.stop()
        while self._unwritten and (journal := self.journal) is not None:
            edit, direction = self._unwritten.pop(0)
            self._try(partial(journal.record, edit, direction))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except FileProblem as error:
            log.info("journal: %s", error)
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(str(error))
            return
        if self._has_failed:
            self._has_failed = False
            self.recovered.emit()
