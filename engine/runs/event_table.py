"""The table of events in ``docs/file-format.md``, from their declarations: ``python -m engine.runs.event_table``."""

import ast
import inspect
import sys
from collections.abc import Iterator

from engine.runs import events
from engine.runs.events import KINDS, Event

HEAD = ("| Event | Fields | Meaning |", "|---|---|---|")


def table() -> str:
    """A row for each event: its fields with their comments, and its meaning."""
    source = inspect.getsource(events)
    comments = {
        each.name: dict(_fields(each, source.splitlines()))
        for each in ast.parse(source).body
        if isinstance(each, ast.ClassDef)
    }
    return "\n".join((*HEAD, *(_row(name, kind, comments.get(name, {})) for name, kind in KINDS.items())))


def _fields(event: ast.ClassDef, lines: list[str]) -> Iterator[tuple[str, str]]:
    """The fields of a class with the comments after them."""
    for each in event.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            yield each.target.id, lines[each.lineno - 1].partition("  # ")[2]


def _row(name: str, kind: type[Event], comments: dict[str, str]) -> str:
    names = (field for field in kind.__struct_fields__ if field != "t_s")
    fields = ", ".join(f"`{field}`{f' ({comment})' if (comment := comments.get(field)) else ''}" for field in names)
    meaning = " ".join((kind.__doc__ or "").replace("``", "`").split())
    return f"| `{name}` | {fields} | {meaning} |"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
