"""Whether whole numbers in the data stay within the places that an embedding has for them."""

from collections.abc import Iterator

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.runtime.data.fields import Counts


def embedding_places(project: Project) -> dict[str, int]:
    """For each field that embeddings of the main graph read as it is, how many places the smallest of them has."""
    view = View(project, project.main, project.graphs[project.main])
    found: dict[str, int] = {}
    for name, node in view.graph.of_kind("Embedding").items():
        field = None if node.bypass else view.field_behind(name, "input")
        places = view.graph.nodes[node.shares or name].params.get("num_embeddings")
        if field and isinstance(places, int):
            found[field] = min(places, found.get(field, places))
    return found


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """For embeddings of the main graph that read a field as it is, where the field's range is known."""
    view = View(project, project.main, project.graphs[project.main])
    for name, node in view.graph.of_kind("Embedding").items():
        field = None if node.bypass else view.field_behind(name, "input")
        low, high = counts.ranges.get(field or "", (0, -1))
        owner = node.shares or name
        places = view.graph.nodes[owner].params.get("num_embeddings")
        if not isinstance(places, int) or (low >= 0 and high < places):
            continue
        said = f"{name} (Embedding) has places for 0 to {places - 1}, and {field} in the data holds"
        if low < 0:
            yield view.problem("S015", f"{said} {low}.", "Number its entries from 0.", node=name, port="input")
            continue
        label = f"Set num_embeddings to {high + 1}"
        fix = (label, SetParam(view.name, owner, "num_embeddings", high + 1))
        yield view.problem("S015", f"{said} {high}.", f"{label}.", node=name, port="input", fix=fix)
