"""Open documents: their identity, the process that has one open, and the place of its journal."""

import hashlib
import os
from pathlib import Path

from engine.places import user_state_dir
from engine.project import disk_errors
from engine.project.lock import Lock, is_held

_UNTITLED = "untitled:"
_MAX_ASIDE = 5  # journals of one document that did not fit and are kept for inspection


def key_of(path: Path) -> str:
    """The identity of the document in a file, by whatever path."""
    try:
        return os.path.normcase(os.path.realpath(path))
    except ValueError:  # no system could have such a path; opening the file reports it
        return str(path)


def new_untitled() -> str:
    """The identity of a document that has no file yet."""
    return _UNTITLED + os.urandom(8).hex()


def is_untitled(key: str) -> bool:
    """Whether the document has no file."""
    return key.startswith(_UNTITLED)


def claim(key: str) -> Lock | None:
    """The lock that allows changes to a document; ``None`` when another process has it, which makes it read-only.

    Raises: ``FileProblem`` when the state folder cannot be written to.
    """
    path = journal_place(key).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Lock.take(path)
    except OSError as error:
        raise disk_errors.problem("lock", path, error) from error


def is_taken(key: str) -> bool:
    """Whether a process has the document now."""
    return is_held(journal_place(key).with_suffix(".lock"))


def journal_place(key: str) -> Path:
    """Where the journal of a document is, or would be."""
    name = key.replace(":", "-") if is_untitled(key) else hashlib.sha256(key.encode(errors="replace")).hexdigest()[:32]
    return _folder() / f"{name}.jsonl"


def lost_untitled() -> list[str]:
    """The untitled documents that have a journal and no living process: a crash left them. Oldest first."""
    journals = [path for path in _folder().glob("untitled-*.jsonl") if "." not in path.stem]
    keys = [_UNTITLED + path.stem.removeprefix("untitled-") for path in sorted(journals, key=_age)]
    return [key for key in keys if not is_held(journal_place(key).with_suffix(".lock"))]


def move_aside(journal: Path) -> Path:
    """Rename a journal so that it is not replayed; only the newest few of a document are kept. Raises: ``OSError``."""
    earlier = sorted(journal.parent.glob(f"{journal.stem}.aside-*.jsonl"), key=_number)
    for path in earlier[: max(0, len(earlier) - _MAX_ASIDE + 1)]:
        path.unlink(missing_ok=True)
    number = _number(earlier[-1]) + 1 if earlier else 1
    return journal.replace(journal.with_name(f"{journal.stem}.aside-{number}.jsonl"))


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # another window has just recovered it
        return 0


def _number(aside: Path) -> int:
    digits = aside.stem.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def _folder() -> Path:
    return user_state_dir() / "journals"
