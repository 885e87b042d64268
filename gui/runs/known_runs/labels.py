"""Sets names and tags of runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from engine.errors import FileProblem
from engine.runs.label import Label, label_of, write_label


def rename(run: Path, name: str) -> str:
    """Set the name of a run; an empty one means that of its folder. Returns a message if that failed."""
    return _relabel(run, lambda label: replace(label, name="" if name.strip() == run.name else name))


def set_tag(run: Path, tag: str, *, is_on: bool) -> str:
    """Add or remove a tag of a run. Returns a message if that failed."""

    def change(label: Label) -> Label:
        others = tuple(each for each in label.tags if each != tag)
        return replace(label, tags=(*others, tag) if is_on else others)

    return _relabel(run, change)


def _relabel(run: Path, change: Callable[[Label], Label]) -> str:
    before, _ = label_of(run)
    try:
        if (after := change(before)) != before:
            write_label(run, after)
    except FileProblem as error:
        return str(error)
    return ""
