"""The rows of the palette: sections with kinds, the project's data and blocks, libraries, and what a search finds."""

from collections.abc import Container, Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from engine.catalog.data.datasets import datasets
from engine.catalog.families import FAMILIES
from engine.catalog.index import layers
from engine.catalog.spec import Layer
from engine.graph.compose import new_node, usual_rounds
from engine.graph.model import Node, Project
from engine.project.library import SHIPPED, Library, LibraryBlock
from gui.matching import fuzzy
from gui.matching.fuzzy import search_texts
from gui.matching.typed_values import Values, set_values, values_text
from gui.state.data_fields import NO_FIELDS, DataFields, available_fields

Role = Literal["heading", "data", "entry", "more", "problem"]


class Row(Struct, frozen=True):
    """One line. ``node``: what an entry adds; ``block``: that it comes from a library; ``detail``: a dim text beside.

    The ``summary`` of a problem says why a file of a library offers no block.
    """

    role: Role
    text: str
    section: str
    family: str = "structure"
    detail: str = ""
    summary: str = ""
    node: Node | None = None
    block: LibraryBlock | None = None


SECTIONS = tuple(dict.fromkeys(family.section for family in FAMILIES.values() if family.section))
DATA, BLOCKS = "Data", "Blocks"
LIBRARY = "Library"
FEW = 6  # blocks of a library that are visible at first
LESS = "less"
NO_DATA_TEXT = "No data"


def all_rows(
    project: Project, expanded: Container[str], fields: DataFields = NO_FIELDS, libraries: Sequence[Library] = ()
) -> list[Row]:
    """The whole palette; sections in ``expanded`` show all their kinds. ``fields``: those found in the data."""
    sections = (row for section in SECTIONS for row in _section(section, expanded))
    others = (row for library in libraries for row in _library(library, expanded))
    return [*_data(project, fields), *sections, *_blocks(project), *others]


def matching_rows(
    project: Project, query: str, fields: DataFields = NO_FIELDS, libraries: Sequence[Library] = ()
) -> list[Row]:
    """The rows that a search finds, the best first; ``fields`` as for `all_rows`."""
    if not query.strip():
        return []
    kinds = [_entry(layer, layer.family) for layer in layers().values() if layer.role in ("layer", "loss", "metric")]
    kinds.sort(key=lambda row: layers()[row.text].prominence == 0)
    others = [
        _library_entry(block, "library" if library.name == SHIPPED else library.name)
        for library in libraries
        for block in library.blocks.values()
    ]
    rows = [*_data(project, fields), *_blocks(project), *kinds, *_loops(project), *others]
    entries = [(row, row.node) for row in rows if row.node is not None]
    items = ((row, node.kind, search_texts(row.text, node.kind, row.family, row.summary)) for row, node in entries)
    return [_with_values(row, values) for row, values in fuzzy.matching(query, items)]


def _with_values(row: Row, values: Values) -> Row:
    if not values or row.node is None:
        return row
    node = row.node.copy()
    set_values(node, values)
    return replace(row, detail=values_text(values), node=node)


def _data(project: Project, data_fields: DataFields) -> Iterator[Row]:
    yield Row("heading", DATA, DATA)
    declared = datasets().get(project.data.kind)
    yield Row("data", project.data.kind or NO_DATA_TEXT, DATA, "data", summary=declared.summary if declared else "")
    fields = available_fields(project.data, data_fields)
    for field in fields:
        node = Node("Input", {"field": field.name})
        yield Row("entry", field.name, DATA, "data", "Input", field.help, node)
    if not fields:
        yield _entry(layers()["Input"], DATA)
    yield _entry(layers()["Output"], DATA)


def _section(section: str, expanded: Container[str]) -> Iterator[Row]:
    yield Row("heading", section, section)
    kinds = [layer for layer in layers().values() if layer.traits.section == section]
    usual = [layer for layer in kinds if layer.prominence > 0]
    rest = [layer for layer in kinds if layer.prominence == 0]
    yield from _few([_entry(layer, section) for layer in (*usual, *rest)], len(usual), section, expanded)


def _few(rows: Sequence[Row], few: int, section: str, expanded: Container[str]) -> Iterator[Row]:
    """The first rows, or all of them, and a line that shows the rest or hides it again."""
    yield from rows if section in expanded else rows[:few]
    if len(rows) > few:
        text = LESS if section in expanded else f"{len(rows) - few} more"
        yield Row("more", text, section, summary=f"{section}: show {text}")


def _library(library: Library, expanded: Container[str]) -> Iterator[Row]:
    section = LIBRARY if library.name == SHIPPED else library.name
    if library.blocks or library.problems:
        yield Row("heading", section, section)
    yield from _few([_library_entry(block) for block in library.blocks.values()], FEW, section, expanded)
    for file, problem in library.problems.items():
        yield Row("problem", file, section, summary=str(problem))


def _library_entry(block: LibraryBlock, detail: str = "") -> Row:
    node = Node("Block", graph=block.name)
    return Row("entry", block.name, block.library, "structure", detail, block.summary, node, block)


def _blocks(project: Project) -> Iterator[Row]:
    names = [name for name in project.graphs if name != project.main]
    if names:
        yield Row("heading", BLOCKS, BLOCKS)
    for name in names:
        block = Node("Block", graph=name)
        yield Row("entry", name, BLOCKS, "structure", "block", "A block of this project.", block)


def _loops(project: Project) -> Iterator[Row]:
    summary = layers()["Loop"].summary
    for name in project.graphs:
        if name != project.main:
            loop = Node("Loop", graph=name, loop=usual_rounds(project, name))
            yield Row("entry", f"Loop of {name}", BLOCKS, "structure", "loop", summary, loop)


def _entry(layer: Layer, section: str) -> Row:
    return Row("entry", layer.kind, section, layer.family, "", layer.summary, new_node(layer.kind))
