"""Unsaved changes that a crash left: journals of documents that are open in no window."""

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
    """One document with unsaved changes; ``path``: its file, ``None`` for one that has none."""

    key: str
    name: str
    path: Path | None
    changed_s: float  # the time of the last change, in seconds since the epoch


def unsaved_projects(recent: Iterable[str]) -> list[UnsavedProject]:
    """Documents with unsaved changes that no window has open, the latest first: untitled ones and ``recent`` ones."""
    projects = [_unsaved_project(key, None) for key in documents.lost_untitled()]
    for text in recent:
        key = documents.key_of(Path(text))
        journal = documents.journal_place(key)
        if is_there(journal) and not is_held(journal.with_suffix(".lock")):
            projects.append(_unsaved_project(key, Path(text)))
    return sorted((project for project in projects if project is not None), key=lambda project: -project.changed_s)


def discard(project: UnsavedProject) -> None:
    """Delete the unsaved changes of a document, unless a window has just opened it."""
    try:
        lock = documents.claim(project.key)
        if lock is not None:
            with lock:
                documents.journal_place(project.key).unlink(missing_ok=True)
    except (OSError, FileProblem):
        return  # what cannot be removed is listed again


def _unsaved_project(key: str, path: Path | None) -> UnsavedProject | None:
    journal = documents.journal_place(key)
    try:
        return UnsavedProject(key, path.name if path else _name(journal), path, journal.stat().st_mtime)
    except OSError:  # another window has just opened it
        return None


def _name(journal: Path) -> str:
    """The name of an untitled document, from the first line of its journal."""
    with journal.open("rb") as file:
        head = file.readline(_HEAD_CAP)
    try:
        name = json.loads(head)["project"]["name"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "untitled"
    return name if isinstance(name, str) else "untitled"
