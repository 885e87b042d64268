"""The edit journal: all edits since the last save, so that a crash loses at most 250 ms of them.

A document's journal is in the user's state folder. Its first line names the content that it starts from, by hash,
and for an untitled document holds it; every further line is one edit, and its place in the history: a new step, or an
undone one. `Journal.record` passes a line to the system at once, which keeps it even if this process is killed; only
the edits of one mouse drag are gathered first. `Journal.flush` writes these, and puts everything on the disk, where a
power cut cannot reach it: the owner calls it `FLUSH_S` after an edit, so that together with the disk's own time every
edit is safe within 250 ms.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Self, get_args

from engine.errors import FileProblem
from engine.graph.edits import Edit, EditError, absorb
from engine.graph.model import Project
from engine.graph.plain import edit_from_json, edit_to_json
from engine.graph.plain.prescan import load
from engine.project import disk_errors, documents, durable, file
from engine.project.durable import Appender
from engine.project.existence import is_there
from engine.project.past import Direction, Past, Step

FLUSH_S = 0.2
_VERSION = 1
_STEP = b'{"step"'
_MOST_BEFORE = 500  # steps from before the last save that are kept
_DIRECTION = "direction"  # of an edit that is no new step
_LONGEST = 16 << 20  # bytes; then a new journal begins with the project as it is now
_CAP = 4 * _LONGEST


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening a journal brought back: how many edits, and where a journal was put that did not fit, and why.

    ``past``: the same edits as steps that can be undone.
    """

    edits: int = 0
    aside: Path | None = None
    reason: str = ""
    past: Past = field(default_factory=Past, compare=False)


class Journal:
    """The journal of one open document. Only one process may have it open: `documents.claim` sees to that.

    ``project`` is the document itself: edits are applied to it first, then recorded. ``settles``: the owner calls
    `settle` before the first of them, and the hash of what the journal starts from, which takes as long as writing it,
    is worked out then.
    """

    def __init__(self, key: str, project: Project, *, settles: bool = False) -> None:
        self.project = project
        self._settles = settles
        self._file: Appender | None = None
        self._held: Edit | None = None  # of a drag that may continue
        self._before: tuple[Step, ...] = ()  # of the history, from before the last save
        self._head: bytes | None = None  # the first line, once it is known
        self._has_gap = False  # an edit could not be written, so later ones would not fit
        self._start(key)

    @classmethod
    def open(cls, key: str, saved: Project, *, settles: bool = False) -> tuple[Self, Recovery]:
        """The journal of a document whose file holds ``saved``, and the edits after that.

        For an untitled one, ``saved`` is what it starts from if no journal says so. ``project`` is then the recovered
        document. A journal that does not fit is moved aside, never applied.

        Raises: ``FileProblem`` when the disk fails.
        """
        journal = cls(key, saved, settles=settles)
        try:
            return journal, journal._recover()
        except OSError as error:
            raise disk_errors.problem("recover", journal._path, error) from error

    def settle(self) -> None:
        """Set the start of the journal to the document as it is now."""
        if self._head is None:
            self._hash = file.content_hash(self.project)
            self._head = self._header(with_project=documents.is_untitled(self._key))

    def record(self, edit: Edit, direction: Direction = "do") -> None:
        """Note an edit that has just been applied, and what it was to the history.

        Raises: ``FileProblem`` when it cannot be written; the next call that succeeds makes up for it.
        """
        is_step = direction == "do"
        merged = absorb(self._held, edit) if self._held is not None and is_step else None
        if merged is not None:
            self._held = merged
            return
        if self._write_held():
            return
        if not is_step:
            self._append(_line(edit_to_json(edit) | {_DIRECTION: direction}))
            return
        self._held = edit
        if absorb(edit, edit) is None:  # not part of a drag: nothing will join it
            self._write_held()

    def flush(self) -> None:
        """Put everything recorded on the disk. Raises: ``FileProblem``."""
        self._write_held()
        if self._file is not None:
            try:
                self._file.sync()
            except OSError as error:
                raise self._failed(error) from error

    def save(self, path: Path, before: Sequence[Step] = ()) -> None:
        """Write the document to a file, which becomes its own, and begin a new journal.

        ``before``: the steps that led to what is saved, which a crash after the next edit is to keep as well.

        Raises: ``FileProblem`` when the file cannot be written; the journal then continues.
        """
        data = file.encoded(self.project, path)
        content = file.hash_of(data)
        with contextlib.suppress(FileProblem):  # a journal that fails must not keep the file from being written
            if is_there(self._path):
                self.flush()
                self._append(_line({"saving": content}))
                self.flush()
        file.put(path, data)
        with contextlib.suppress(FileProblem):  # the mark above records that nothing in it is needed any more
            self.discard()
        self._start(documents.key_of(path), content)
        self._before = tuple(before[-_MOST_BEFORE:])
        with contextlib.suppress(OSError):  # what another document left under this name fits no more
            if self._path.exists():
                documents.move_aside(self._path)

    def rebase(self, saved: Project) -> None:
        """Continue from a file that another program has changed to hold ``saved``; the document stays as it is.

        Raises: ``FileProblem``.
        """
        self._hash = file.content_hash(saved)
        self._head = self._header(with_project=True)
        self._restart()

    def discard(self) -> None:
        """Forget what was recorded: it is saved, or not wanted any more. Raises: ``FileProblem``."""
        self.close()
        self._held, self._has_gap = None, False
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise disk_errors.problem("remove", self._path, error) from error

    def close(self) -> None:
        """Close the file, and leave it for the next `open`."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _start(self, key: str, content: str = "") -> None:
        """Begin with the document as it is; ``content``: its hash, where that is known."""
        self._key, self._path = key, documents.journal_place(key)
        self._hash, self._head = content, None
        if content:
            self._head = self._header(with_project=documents.is_untitled(key))
        elif not self._settles:
            self.settle()
        self._before = ()
        self._held = None
        self._has_gap = False

    def _header(self, *, with_project: bool) -> bytes:
        head: dict[str, object] = {"journal": _VERSION, "document": self._key, "hash": self._hash}
        return _line(head | ({"project": file.to_json(self.project)} if with_project else {}))

    def _write_held(self) -> bool:
        """Write the drag so far; true when a new journal was begun instead, with all that the document holds by now."""
        edit, self._held = self._held, None
        if self._has_gap or (self._file is not None and self._file.offset > _LONGEST):
            self._restart()
            return True
        if edit is not None:
            self._append(_line(edit_to_json(edit)))
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
        yield from map(_step, self._before)

    def _restart(self) -> None:
        """Let the journal hold the document as it is now, the latest edits included."""
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
        """Replay what fits onto the project; put what does not fit aside."""
        edits, past = 0, Past()
        try:
            project, lines = self._beginning(_read_lines(self._path), past)
            for place, line in lines:
                edits += _replay(project, line, f"line {place}", past)
        except (FileProblem, EditError) as wrong:
            aside = documents.move_aside(self._path)
            if edits:
                self.project = project
                self._restart()
            return Recovery(edits, aside, str(wrong), past)
        self.project = project
        return Recovery(edits, past=past)

    def _is_start(self, hashed: object) -> bool:
        """Whether a hash is that of the document's file, as this program or one of an older version wrote it."""
        return hashed == self._hash or (isinstance(hashed, str) and hashed in file.older_hashes(self.project))

    def _beginning(self, lines: list[bytes], past: Past) -> tuple[Project, list[tuple[int, bytes]]]:
        """The project to replay onto, and the edits with their line numbers.

        A journal fits a file that holds what it started from, or what was being saved when the crash came.
        """
        if not lines:
            return self.project, []
        self.settle()
        numbered = list(enumerate(lines, 1))
        head = _load(lines[0], "line 1")
        if head.get("journal") != _VERSION:
            raise FileProblem(f"it is not a journal of version {_VERSION}.")
        marks = [place for place, line in numbered[1:] if line.startswith(b'{"saving"')]
        for place in reversed(marks):
            if self._is_start(_load(lines[place - 1], f"line {place}").get("saving")):
                return deepcopy(self.project), [pair for pair in numbered[place:] if pair[0] not in marks]
        if not self._is_start(head.get("hash")) and not documents.is_untitled(self._key):
            raise FileProblem("the file has been changed since by another program.")
        project = file.from_any_version(head["project"], "line 1") if "project" in head else deepcopy(self.project)
        if "project" in head and not documents.is_untitled(self._key):
            past.clean_at = None  # it began in the middle, with more than the file holds
        edits = [pair for pair in numbered[1:] if pair[0] not in marks]
        earlier = [*takewhile(lambda pair: pair[1].startswith(_STEP), edits)]
        past.steps = [_read_step(line, f"line {place}") for place, line in earlier]
        past.index = len(past.steps)
        past.clean_at = past.index if past.clean_at is not None else None
        return project, edits[len(earlier) :]


def _replay(project: Project, line: bytes, where: str, past: Past) -> int:
    raw = _load(line, where)
    word = raw.pop(_DIRECTION, "do")
    known: tuple[Direction, ...] = get_args(Direction)
    direction = next((each for each in known if each == word), None)
    if direction is None:
        raise FileProblem(f"{where} has the direction {word!r}, which there is not.")
    past.apply(project, edit_from_json(raw, where), direction)
    return 1


def _step(step: Step) -> bytes:
    return _line({"step": edit_to_json(step.edit), "inverse": edit_to_json(step.inverse)})


def _read_step(line: bytes, where: str) -> Step:
    raw = _load(line, where)
    if raw.keys() != {"step", "inverse"}:
        raise FileProblem(f"{where} is no step.")
    return Step(edit_from_json(raw["step"], where), edit_from_json(raw["inverse"], where))


def _load(line: bytes, where: str) -> dict[str, object]:
    raw = load(line, where)
    if not isinstance(raw, dict):
        raise FileProblem(f"{where} is not an object.")
    return raw


def _read_lines(path: Path) -> list[bytes]:
    """The whole lines of a file; a torn last one is what a crash left."""
    try:
        with path.open("rb") as journal:
            data = journal.read(_CAP + 1)
    except FileNotFoundError:
        return []
    if len(data) > _CAP:
        raise FileProblem(f"it is larger than {_CAP >> 20} MiB.")
    return data.split(b"\n")[:-1]


def _line(raw: dict[str, object]) -> bytes:
    return json.dumps(raw, ensure_ascii=False, allow_nan=False).encode(errors="replace") + b"\n"
