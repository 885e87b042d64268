"""The ownership of an open document: the lock that allows changes, and the journal of the edits."""

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
    """The key of a document with its lock and journal; without a lock, another window has it, and it is read-only here.

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
        """Own the document of a file, with the changes that a crash left unsaved; a newer format cannot be owned."""
        return cls(documents.key_of(path)) if saved.version > VERSION else cls._claim(documents.key_of(path), saved)

    @classmethod
    def of_untitled(cls, project: Project) -> Self:
        """Own a document without a file."""
        return cls._claim(documents.new_untitled(), project)

    @classmethod
    def of_unsaved(cls, key: str) -> Self:
        """Own an untitled document that a crash left unsaved."""
        return cls._claim(key, Project())

    @classmethod
    def _claim(cls, key: str, saved: Project) -> Self:
        lock = None
        try:
            lock = documents.claim(key)
            if lock is None:
                return cls(key)
            journal, recovery = Journal.open(key, saved, settles=True)
        except FileProblem as error:
            return cls(key, lock, problem=str(error))
        if recovery.edits and file.content_hash(journal.project) == file.content_hash(saved):
            recovery.past.clean_at = recovery.past.index
            recovery = replace(recovery, edits=0)  # all of them were undone
        return cls(key, lock, journal, recovery)

    def moved_to(self, other: Self, path: Path, project: Project) -> Self:
        """The ownership of another file, which gets the journal of this one; this one is released."""
        if self.journal is None:  # it was read-only; from now on it is our own copy
            other.release(discard_journal=True)
            other = self.of_file(path, project)
        else:
            if other.journal is not None:
                other.journal.close()
            other.journal, self.journal = self.journal, None
        self.release(discard_journal=False)
        return other

    def release(self, *, discard_journal: bool) -> None:
        """Release the document for other windows; ``discard_journal``: its journal is not needed any more."""
        if self.journal is not None:
            with contextlib.suppress(FileProblem):
                self.journal.discard() if discard_journal else self.journal.close()
        if self.lock is not None:
            self.lock.release()
