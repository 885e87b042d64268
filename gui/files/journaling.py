"""Keeps the journal of the open document: every edit is noted at once, and on the disk a moment later."""

import logging
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import FileProblem
from engine.graph.edits import Batch, Edit
from engine.project.journal import FLUSH_S, Journal
from engine.project.past import Direction
from gui.state.document import Document
from gui.system.time_slices import PAUSE_MS

MANY = 300  # edits in one; such a one is noted in the next turn of the event loop
SETTLE_MS = 400  # after a document was opened: what is seen of it comes first

log = logging.getLogger(__name__)


class Journaling(QObject):
    """Follows a document with a journal. Without one (read-only documents) it does nothing."""

    failed = Signal(str)  # edits can no longer be noted: what is wrong, and what to do
    recovered = Signal()  # they are noted again
    flushed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.journal: Journal | None = None
        self.flushed_s: float | None = None  # time.monotonic() of the last one
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
        """Keep this journal from now on; the one before is somebody else's to close."""
        self._timer.stop()
        self._soon.stop()
        self._unwritten.clear()
        self.journal = journal
        self._idle.start()
        self.flushed_s = None
        self._has_failed = False

    def flush(self) -> None:
        """Put what was noted on the disk."""
        self._write()
        self._timer.stop()
        if self.journal is not None:
            self._try(self.journal.flush)
            if not self._has_failed:
                self.flushed_s = time.monotonic()
                self.flushed.emit()

    def _settle(self) -> None:
        """Have the journal know what it starts from: when all is quiet, else before the first edit."""
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
            if not self._timer.isActive():  # the first edit counts: a drag that goes on must not put it off
                self._timer.start()

    def _write(self) -> None:
        """Hand over what was recorded, in order."""
        self._soon.stop()
        while self._unwritten and (journal := self.journal) is not None:
            edit, direction = self._unwritten.pop(0)
            self._try(partial(journal.record, edit, direction))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except FileProblem as wrong:
            log.info("journal: %s", wrong)
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(str(wrong))
            return
        if self._has_failed:
            self._has_failed = False
            self.recovered.emit()
