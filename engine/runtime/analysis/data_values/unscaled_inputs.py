"""Whether the network gets numbers of a size that it can learn from."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.data.transforms import SCALERS, scaler
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.view import View
from engine.graph.edits import SetData
from engine.graph.model import Part, Project
from engine.runtime.data.fields import Counts

LARGE = 1000.0  # farther from 0 than weights start, and than few steps move them


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """Problems of fields that the main graph reads, where it is known how far from 0 they go."""
    view = View(project, project.main, project.graphs[project.main])
    scaled = {part.params.get("field") for part in project.data.transforms if part.kind in SCALERS}
    for name, node in view.graph.of_kind("Input").items():
        field = str(node.params.get("field") or name)
        readers = [wire.target.node for wire in view.out_of.get(name, ())]
        reach = max(map(abs, counts.bounds.get(field, (0.0,))))
        conversions = {declaration.converts for reader in readers if (declaration := view.layers.get(reader))}
        if field in counts.ranges and "to float" in conversions:
            reach = float(max(map(abs, counts.ranges[field])))  # whole numbers that are used as quantities
        if reach < LARGE or field in scaled or all(_normalizes(view, reader) for reader in readers):
            continue
        scaled.add(field)  # of two inputs that read it only the first reports it
        is_answer = any(view.role(reader) == "loss" for reader in readers)
        data = replace(project.data, transforms=(*project.data.transforms, Part(scaler("to mean 0"), {"field": field})))
        yield Diagnostic(
            "D111",
            "warning",
            f"{field} holds numbers up to {reach:,.0f}; a network learns best from numbers around 1.",
            f"Normalize {field}{'; answers and errors are still given in its own unit' if is_answer else ''}.",
            fix=Fix(f"Normalize {field}", SetData(data, f"Normalize {field}")),
        )


def _normalizes(view: View, node: str) -> bool:
    declaration = view.layers.get(node)
    return declaration is not None and declaration.traits.scales
