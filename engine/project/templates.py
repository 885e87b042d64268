"""The networks that ship with the app, each ready to train on shipped data."""

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from msgspec import Struct

from engine.catalog.index import nearest
from engine.errors import FileProblem

FOLDER = "resources.templates"


class Template(Struct, frozen=True):
    """A project to start from; ``summary`` is one line."""

    name: str
    summary: str

    def text(self) -> str:
        """The project file's text."""
        return _folder().joinpath(f"{self.name}.loom").read_text(encoding="utf-8")


def _folder() -> Traversable:
    return files(FOLDER)


@cache
def templates() -> tuple[Template, ...]:
    """Every template, simplest first."""
    rows = json.loads(_folder().joinpath("index.json").read_text(encoding="utf-8"))
    return tuple(Template(row["name"], row["summary"]) for row in rows)


def template(name: str) -> Template:
    """The template of that name. Raises: `FileProblem` for an unknown name."""
    by_name = {each.name: each for each in templates()}
    if name not in by_name:
        offer = nearest(name, by_name) or f"There are {', '.join(by_name)}."
        raise FileProblem(f"There is no template named {name}.", hint=offer, code="F030")
    return by_name[name]
