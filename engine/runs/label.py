"""The user's name and tags for a run: ``label.json`` in its folder, so that they move with the folder."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.errors import FileProblem, RunProblem
from engine.project import disk_errors, durable
from engine.project.existence import is_folder
from engine.project.regular_file import content

FILE = "label.json"
VERSION = 1
MAX_NAME, MAX_TAG, MAX_TAGS = 120, 40, 20
_CAP = 64 << 10  # bytes
_HINT = "It is ignored; name the run again, or delete the file."


@dataclass(frozen=True, slots=True)
class Label:
    """A name and tags. ``name``: empty for the folder's name."""

    name: str = ""
    tags: tuple[str, ...] = ()

    def display_name(self, run: Path) -> str:
        """The display name of the run in this folder."""
        return self.name or run.name


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    name: str = ""
    tags: tuple[str, ...] = ()


def read_label(run: Path) -> Label:
    """The label in a run's folder, an empty one where there is none.

    Raises: ``RunProblem`` when the file is damaged, too large or of a newer version.
    """
    path = run / FILE
    try:
        raw = content(path, _CAP + 1)
        if len(raw) > _CAP:
            raise _damaged(path, f"is larger than {_CAP >> 10} KiB")
        stored = msgspec.json.decode(raw, type=_Stored)
    except FileNotFoundError:
        return Label()
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror or error}") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _damaged(path, f"is damaged: {' '.join(str(error).split())}") from None
    if stored.version != VERSION:
        raise _damaged(path, f"has version {stored.version}, and this Torchloom reads {VERSION}")
    return Label(cleaned_name(stored.name), cleaned_tags(stored.tags))


def label_of(run: Path) -> tuple[Label, str]:
    """The label in a run's folder, and a sentence if the file was ignored."""
    try:
        return read_label(run), ""
    except RunProblem as wrong:
        return Label(), str(wrong)


def write_label(run: Path, label: Label) -> Label:
    """Write the label of a run, and return it as stored; an empty label deletes the file.

    Raises: ``FileProblem`` when there is no such run, or the disk fails.
    """
    path, cleaned = run / FILE, Label(cleaned_name(label.name), cleaned_tags(label.tags))
    if not is_folder(run):
        raise FileProblem(f"There is no run in {run} any more.")
    try:
        if cleaned == Label():
            path.unlink(missing_ok=True)
        else:
            raw = msgspec.json.encode({"version": VERSION, "name": cleaned.name, "tags": cleaned.tags})
            durable.replace(path, raw + b"\n")
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error
    return cleaned


def cleaned_name(text: str) -> str:
    """A name in one line: no control characters, no space around it, and not too long."""
    return _one_line(text)[:MAX_NAME].strip()


def cleaned_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in their order, each once; a text with commas is several tags."""
    parts = (_one_line(part)[:MAX_TAG].strip() for tag in tags for part in tag.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))[:MAX_TAGS]


def _one_line(text: str) -> str:
    """The text without control characters and lone surrogates, which JSON or a terminal cannot hold."""
    visible = (" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    return " ".join("".join(visible).split())


def _damaged(path: Path, what: str) -> RunProblem:
    return RunProblem(f"{path} {what}.", hint=_HINT, code="R042")
