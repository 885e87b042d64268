"""What makes an open document ours: the right to change it, and the journal of what was drawn."""

import contextlib
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from engine.errors import FileProblem
from engine.graph.model import Project
from engine.project import documents, file
from engine.project.journal import Journal, Recovery
from engine.project.lock import Lock
from engine.project.upgrade import VERSION

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Ownership:
    """A document's key with its lock and journal; without a lock it is another window's, and read-only here.

    ``problem``: why there is no journal although the document is ours: the state folder cannot be written to.
    """

    key: str = ""
    lock: Lock | None = None
    journal: Journal | None = None
    recovery: Recovery = field(default_factory=Recovery)
    problem: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the document may be changed here."""
        return self.lock is not None or bool(self.problem)

    @classmethod
    def of_file(cls, path: Path, saved: Project) -> Self:
        """Own what lies in a file, with what a crash had left unsaved; a newer format is nobody's to change."""
        return cls(documents.key_of(path)) if saved.version > VERSION else cls._claimed(documents.key_of(path), saved)

    @classmethod
    def of_untitled(cls, project: Project) -> Self:
        """Own a document that lies in no file yet."""
        return cls._claimed(documents.new_untitled(), project)

    @classmethod
    def of_lost(cls, key: str) -> Self:
        """Own an untitled document that a crash has left."""
        return cls._claimed(key, Project())

    @classmethod
    def _claimed(cls, key: str, saved: Project) -> Self:
        lock = None
        try:
            lock = documents.claim(key)
            if lock is None:
                return cls(key)
            journal, recovery = Journal.open(key, saved, settles=True)
        except FileProblem as wrong:
            return cls(key, lock, problem=str(wrong))
        if recovery.edits and file.content_hash(journal.project) == file.content_hash(saved):
            recovery.past.clean_at = recovery.past.index
            recovery = replace(recovery, edits=0)  # all of them had been undone
        return cls(key, lock, journal, recovery)

    def let_go(self, *, forget: bool) -> None:
        """Leave the document to others; ``forget``: nothing of its journal is wanted any more."""
        if self.journal is not None:
            with contextlib.suppress(FileProblem):
                self.journal.discard() if forget else self.journal.close()
        if self.lock is not None:
            self.lock.release()
