"""Whether whole numbers in the data stay within the places that an embedding has for them."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic
from engine.check.value_origin import fields_behind
from engine.check.view import View, first_uses, views
from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.runtime.data.fields import Counts


class Lookup(NamedTuple):
    """A port that takes whole numbers below a limit, and the fields of the data that it reads as they are.

    ``places``: the limit, which the parameter ``param`` sets.
    """

    view: View
    name: str
    port: str
    param: str
    places: int
    fields: tuple[str, ...]


def lookups(project: Project) -> Iterator[Lookup]:
    """The lookups of all graphs that the main one uses; no block may contain itself."""
    used = first_uses(project)
    for view in views(project):
        for name, node in view.graph.nodes.items() if view.name in used else ():
            declaration, owner = view.layers[name], view.graph.nodes.get(node.shares or name, node)
            for port in declaration.inputs if declaration and not node.is_bypassed else ():
                places = effective(declaration.params, owner.params)[port.below] if declaration and port.below else None
                if isinstance(places, int):
                    fields = tuple(sorted(fields_behind(view, name, port.name)))
                    yield Lookup(view, name, port.name, port.below, places, fields)


def embedding_places(project: Project) -> dict[str, int]:
    """For each field that embeddings read as it is, how many places the smallest of them has."""
    places: dict[str, int] = {}
    for lookup in lookups(project):
        for field in lookup.fields:
            places[field] = min(lookup.places, places.get(field, lookup.places))
    return places


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """Problems of embeddings that read a field as it is, where the field's range is known."""
    for lookup in lookups(project):
        field_ranges = [(field, *counts.ranges[field]) for field in lookup.fields if field in counts.ranges]
        wrong = [(field, low, high) for field, low, high in field_ranges if low < 0 or high >= lookup.places]
        if wrong:
            yield _beyond(lookup, *max(wrong, key=lambda each: each[2]))


def _beyond(lookup: Lookup, field: str, low: int, high: int) -> Diagnostic:
    view, name, port, param, places, _ = lookup
    has = f"{name} ({view.graph.nodes[name].kind}) has places for 0 to {places - 1}, and {field} in the data holds"
    if low < 0:
        return view.problem("S015", f"{has} {low}.", "Number its entries from 0.", node=name, port=port)
    label = f"Set {param} to {high + 1}"
    fix = (label, SetParam(view.name, view.graph.nodes[name].shares or name, param, high + 1))
    return view.problem("S015", f"{has} {high}.", f"{label}.", node=name, port=port, fix=fix)
