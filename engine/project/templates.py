"""The networks that ship with the app; most are ready to train on shipped data."""

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from msgspec import Struct

from engine.catalog.index import did_you_mean
from engine.errors import FileProblem

FOLDER = "resources.templates"


class Template(Struct, frozen=True):
    """A project to start from.

    ``summary``: one line for a list. ``topic``: what it shows. ``minutes``: how long its whole training takes on one
    thread of a usual processor, at least 0.1; 0 for one that comes without data.
    """

    name: str
    summary: str
    topic: str
    minutes: float

    def text(self) -> str:
        """The project file's text."""
        return _folder().joinpath(f"{self.name}.loom").read_text(encoding="utf-8")

    @property
    def data(self) -> str | None:
        """The kind of its data; ``None`` for one that comes without."""
        kind: str | None = json.loads(self.text()).get("data", {}).get("kind")
        return kind


def _folder() -> Traversable:
    return files(FOLDER)


@cache
def templates() -> tuple[Template, ...]:
    """Every template, simplest first."""
    rows = json.loads(_folder().joinpath("index.json").read_text(encoding="utf-8"))
    return tuple(Template(row["name"], row["summary"], row["topic"], row["minutes"]) for row in rows)


def template(name: str) -> Template:
    """The template of that name. Raises: `FileProblem` for an unknown name."""
    by_name = {each.name: each for each in templates()}
    if name not in by_name:
        offer = did_you_mean(name, by_name) or f"There are {', '.join(by_name)}."
        raise FileProblem(f"There is no template named {name}.", hint=offer, code="F030")
    return by_name[name]
