"""The edit journal: all edits since the last save, so that a crash loses at most 250 ms of them.

A document's journal is in the user's state folder. Its first line has the hash of the content that it starts from, and
for an untitled document the content; every further line is one edit with its direction: do, undo, redo or drop.
`Journal.record` passes a line to the system at once, which keeps it even if this process is killed; only the edits of
one mouse drag are merged first. `Journal.flush` writes these, and syncs the file, so that it survives a power cut: the
owner calls it `FLUSH_S` after an edit, so that together with the time of the disk every edit is safe within 250 ms.
"""

import contextlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Self

from engine.errors import FileProblem
from engine.graph.edits import Edit, EditError, absorb
from engine.graph.model import Project
from engine.project import disk_errors, documents, durable, file
from engine.project.durable import Appender
from engine.project.existence import is_there
from engine.project.journal_lines import (
    LONGEST,
    edit_line,
    is_step,
    json_line,
    read_line,
    read_lines,
    read_step,
    replay,
    step_line,
)
from engine.project.undo_steps import Direction, Past, Step

FLUSH_S = 0.2
_VERSION = 1
_MAX_BEFORE = 500  # steps from before the last save that are kept


@dataclass(frozen=True, slots=True)
class Recovery:
    """The result of opening a journal: the number of edits, and for one that did not fit its new place and the reason.

    ``past``: the same edits as undo steps.
    """

    edits: int = 0
    aside: Path | None = None
    reason: str = ""
    past: Past = field(default_factory=Past, compare=False)


class Journal:
    """The journal of one open document. Only one process may have it open, which `documents.claim` ensures.

    ``project`` is the document itself: edits are applied to it first, then recorded. ``settles``: the owner calls
    `settle` before the first edit, which computes the hash of the content that the journal starts from; that takes as
    long as writing it.
    """

    def __init__(self, key: str, project: Project, *, settles: bool = False) -> None:
        self.project = project
        self._settles = settles
        self._file: Appender | None = None
        self._pending: Edit | None = None  # of a drag that may continue
        self._before: tuple[Step, ...] = ()  # of the history, from before the last save
        self._head: bytes | None = None  # the first line, once it is known
        self._has_gap = False  # an edit could not be written, so later ones would not fit
        self._start(key)

    @classmethod
    def open(cls, key: str, saved: Project, *, settles: bool = False) -> tuple[Self, Recovery]:
        """The journal of a document whose file holds ``saved``, and the edits after that.

        For an untitled one, ``saved`` is used if there is no journal. ``project`` is then the recovered document. A
        journal that does not fit is moved aside, never applied.

        Raises: ``FileProblem`` when the disk fails.
        """
        journal = cls(key, saved, settles=settles)
        try:
            return journal, journal._recover()
        except OSError as error:
            raise disk_errors.problem("recover", journal._path, error) from error

    def settle(self) -> None:
        """Set the start of the journal to the current document."""
        if self._head is None:
            self._hash = file.content_hash(self.project)
            self._head = self._header(with_project=documents.is_untitled(self._key))

    def record(self, edit: Edit, direction: Direction = "do") -> None:
        """Record an edit that has just been applied, with its direction in the history.

        Raises: ``FileProblem`` when it cannot be written; the next call that succeeds writes the whole document.
        """
        is_step = direction == "do"
        merged = absorb(self._pending, edit) if self._pending is not None and is_step else None
        if merged is not None:
            self._pending = merged
            return
        if self._write_pending():
            return
        if not is_step:
            self._append(edit_line(edit, direction))
            return
        self._pending = edit
        if absorb(edit, edit) is None:  # not part of a drag: no later edit can merge with it
            self._write_pending()

    def flush(self) -> None:
        """Write everything recorded to the disk. Raises: ``FileProblem``."""
        self._write_pending()
        if self._file is not None:
            try:
                self._file.sync()
            except OSError as error:
                raise self._failed(error) from error

    def save(self, path: Path, before: Sequence[Step] = ()) -> None:
        """Write the document to a file, which becomes the document's file, and begin a new journal.

        ``before``: the undo steps up to this save, which are to survive a crash after the next edit.

        Raises: ``FileProblem`` when the file cannot be written; the journal then continues.
        """
        data = file.encoded(self.project, path)
        content = file.hash_of(data)
        with contextlib.suppress(FileProblem):  # the file must be written even if the journal fails
            if is_there(self._path):
                self.flush()
                self._append(json_line({"saving": content}))
                self.flush()
        file.put(path, data)
        with contextlib.suppress(FileProblem):  # the line "saving" above marks its edits as saved
            self.discard()
        self._start(documents.key_of(path), content)
        self._before = tuple(before[-_MAX_BEFORE:])
        with contextlib.suppress(OSError):  # a journal that another document left under this name does not fit
            if self._path.exists():
                documents.move_aside(self._path)

    def rebase(self, saved: Project) -> None:
        """Continue from a file that another program has changed to ``saved``; the document does not change.

        Raises: ``FileProblem``.
        """
        self._hash = file.content_hash(saved)
        self._head = self._header(with_project=True)
        self._restart()

    def discard(self) -> None:
        """Delete the journal, whose edits are saved or not needed. Raises: ``FileProblem``."""
        self.close()
        self._pending, self._has_gap = None, False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise disk_errors.problem("remove", self._path, error) from error

    def close(self) -> None:
        """Close the file; the next `open` reads it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _start(self, key: str, content: str = "") -> None:
        """Begin with the current document; ``content``: its hash, if it is known."""
        self._key, self._path = key, documents.journal_place(key)
        self._hash, self._head = content, None
        if content:
            self._head = self._header(with_project=documents.is_untitled(key))
        elif not self._settles:
            self.settle()
        self._before = ()
        self._pending = None
        self._has_gap = False

    def _header(self, *, with_project: bool) -> bytes:
        head: dict[str, object] = {"journal": _VERSION, "document": self._key, "hash": self._hash}
        return json_line(head | ({"project": file.to_json(self.project)} if with_project else {}))

    def _write_pending(self) -> bool:
        """Write the drag so far; true when a new journal was begun instead, with the current document."""
        edit, self._pending = self._pending, None
        if self._has_gap or (self._file is not None and self._file.offset > LONGEST):
            self._restart()
            return True
        if edit is not None:
            self._append(edit_line(edit))
        return False

    def _append(self, line: bytes) -> None:
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = Appender(self._path)
            self._file.write(line if self._file.offset else b"".join((*self._beginning_lines(), line)))
        except OSError as error:
            raise self._failed(error) from error

    def _beginning_lines(self) -> Iterator[bytes]:
        self.settle()
        yield self._head or b""
        yield from map(step_line, self._before)

    def _restart(self) -> None:
        """Replace the journal by one that holds the current document."""
        self.settle()
        self.close()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            durable.replace(self._path, self._header(with_project=True))
        except OSError as error:
            raise self._failed(error) from error
        self._has_gap = False

    def _failed(self, error: OSError) -> FileProblem:
        self._has_gap = True
        return disk_errors.problem("write the journal", self._path, error)

    def _recover(self) -> Recovery:
        """Replay the journal onto the project; move it aside where it does not fit."""
        edits, past = 0, Past()
        try:
            project, lines = self._beginning(read_lines(self._path), past)
            for place, line in lines:
                replay(project, line, f"line {place}", past)
                edits += 1
        except (FileProblem, EditError) as wrong:
            aside = documents.move_aside(self._path)
            if edits:
                self.project = project
                self._restart()
            return Recovery(edits, aside, str(wrong), past)
        self.project = project
        return Recovery(edits, past=past)

    def _is_start(self, content_hash: object) -> bool:
        """Whether a hash is that of the document's file, as this or an older version computes it."""
        return content_hash == self._hash or (
            isinstance(content_hash, str) and content_hash in file.older_hashes(self.project)
        )

    def _beginning(self, lines: list[bytes], past: Past) -> tuple[Project, list[tuple[int, bytes]]]:
        """The project to replay onto, and the edits with their line numbers.

        A journal fits a file with the content that it started from, or that was being saved at the time of the crash.
        """
        if not lines:
            return self.project, []
        self.settle()
        numbered_lines = list(enumerate(lines, 1))
        head = read_line(lines[0], "line 1")
        if head.get("journal") != _VERSION:
            raise FileProblem(f"it is not a journal of version {_VERSION}.")
        marks = [place for place, line in numbered_lines[1:] if line.startswith(b'{"saving"')]
        for place in reversed(marks):
            if self._is_start(read_line(lines[place - 1], f"line {place}").get("saving")):
                return deepcopy(self.project), [pair for pair in numbered_lines[place:] if pair[0] not in marks]
        if not self._is_start(head.get("hash")) and not documents.is_untitled(self._key):
            raise FileProblem("the file has been changed since by another program.")
        project = file.from_any_version(head["project"], "line 1") if "project" in head else deepcopy(self.project)
        if "project" in head and not documents.is_untitled(self._key):
            past.clean_at = None  # the journal began with unsaved edits
        edits = [pair for pair in numbered_lines[1:] if pair[0] not in marks]
        earlier = [*takewhile(lambda pair: is_step(pair[1]), edits)]
        past.steps = [read_step(line, f"line {place}") for place, line in earlier]
        past.index = len(past.steps)
        past.clean_at = past.index if past.clean_at is not None else None
        return project, edits[len(earlier) :]
