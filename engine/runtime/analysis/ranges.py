"""Whether whole numbers in the data stay within the places that an embedding has for them."""

from collections.abc import Iterator
from typing import NamedTuple

from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic
from engine.check.origin import fields_behind
from engine.check.view import View, first_uses, views
from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.runtime.data.fields import Counts


class Reading(NamedTuple):
    """An embedding of some graph, the places it has, and the fields of the data that it reads as they are."""

    view: View
    name: str
    places: int
    fields: tuple[str, ...]


def readings(project: Project) -> Iterator[Reading]:
    """The embeddings of all graphs that the main one uses; blocks must not use each other in a circle."""
    used = first_uses(project)
    for view in views(project):
        for name, node in view.graph.of_kind("Embedding").items() if view.name in used else ():
            declared, owner = view.layers[name], view.graph.nodes.get(node.shares or name, node)
            places = effective(declared.params, owner.params)["num_embeddings"] if declared else None
            if isinstance(places, int) and not node.bypass:
                yield Reading(view, name, places, tuple(sorted(fields_behind(view, name, "input"))))


def embedding_places(project: Project) -> dict[str, int]:
    """For each field that embeddings read as it is, how many places the smallest of them has."""
    found: dict[str, int] = {}
    for reading in readings(project):
        for field in reading.fields:
            found[field] = min(reading.places, found.get(field, reading.places))
    return found


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """For embeddings that read a field as it is, where the field's range is known."""
    for reading in readings(project):
        known = [(field, *counts.ranges[field]) for field in reading.fields if field in counts.ranges]
        wrong = [(field, low, high) for field, low, high in known if low < 0 or high >= reading.places]
        if wrong:
            yield _beyond(reading, *max(wrong, key=lambda each: each[2]))


def _beyond(reading: Reading, field: str, low: int, high: int) -> Diagnostic:
    view, name, places, _ = reading
    said = f"{name} (Embedding) has places for 0 to {places - 1}, and {field} in the data holds"
    if low < 0:
        return view.problem("S015", f"{said} {low}.", "Number its entries from 0.", node=name, port="input")
    label = f"Set num_embeddings to {high + 1}"
    fix = (label, SetParam(view.name, view.graph.nodes[name].shares or name, "num_embeddings", high + 1))
    return view.problem("S015", f"{said} {high}.", f"{label}.", node=name, port="input", fix=fix)
