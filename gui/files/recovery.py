"""What a crash left behind: journals of documents that no window has open."""

import json
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from engine.errors import FileProblem
from engine.project import documents
from engine.project.existence import is_there
from engine.project.lock import is_held

_HEAD_CAP = 4 << 20  # bytes of a journal's first line, which holds the project an untitled one starts from


class UnsavedProject(Struct, frozen=True):
    """One document with unsaved steps; ``path``: its file, ``None`` for one that has none."""

    key: str
    name: str
    path: Path | None
    changed_s: float  # when, as seconds of the system's clock


def unsaved_projects(recent: Iterable[str]) -> list[UnsavedProject]:
    """Every document with unsaved steps that is not open anywhere, the latest first; files among the recent ones."""
    found = [_lost(key, None) for key in documents.lost_untitled()]
    for text in recent:
        key = documents.key_of(Path(text))
        journal = documents.journal_place(key)
        if is_there(journal) and not is_held(journal.with_suffix(".lock")):
            found.append(_lost(key, Path(text)))
    return sorted((each for each in found if each is not None), key=lambda each: -each.changed_s)


def discard(each: UnsavedProject) -> None:
    """Forget the unsaved steps of a document, unless a window has just taken it up."""
    try:
        lock = documents.claim(each.key)
        if lock is not None:
            with lock:
                documents.journal_place(each.key).unlink(missing_ok=True)
    except (OSError, FileProblem):
        return  # what cannot be removed is offered again


def _lost(key: str, path: Path | None) -> UnsavedProject | None:
    journal = documents.journal_place(key)
    try:
        return UnsavedProject(key, path.name if path else _name(journal), path, journal.stat().st_mtime)
    except OSError:  # another window has just taken it up
        return None


def _name(journal: Path) -> str:
    """The name of an untitled document, as its journal's first line has it."""
    with journal.open("rb") as file:
        head = file.readline(_HEAD_CAP)
    try:
        name = json.loads(head)["project"]["name"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "untitled"
    return name if isinstance(name, str) else "untitled"
