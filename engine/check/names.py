"""Rules about names: they are identifiers, and have no other meaning in the generated source."""

from collections.abc import Collection, Iterator
from functools import cache

from engine.catalog.index import layers, usual_metrics
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, RenameGraph, RenameNode
from engine.graph.model import is_name
from engine.graph.reserved import RESERVED_ATTRIBUTES, RESERVED_CLASSES, RESERVED_FIELDS, RESERVED_LOSSES

SPELLING = "Use letters, digits and underscores, no digit first, and no Python keyword."


@cache
def snippet_names() -> frozenset[str]:
    """The names that snippets define above the classes in the source."""
    return frozenset(name for layer in layers().values() for _, name in layer.definitions)


def problems(view: View) -> Iterator[Diagnostic]:
    """Names that are not identifiers, or that have another meaning in the source."""
    yield from _graph(view)
    for name in view.graph.nodes:
        if not is_name(name):
            yield view.problem("G015", f"{name!r} cannot name a node.", SPELLING, node=name)
        elif clash := clash_of(view, name):
            free = _free_name(name, view.graph.nodes)
            edit: Edit = RenameNode(view.name, name, free)
            yield view.problem(
                "G016",
                f"A {view.graph.nodes[name].kind} cannot be named {name}: {clash}.",
                f"Rename it, say to {free}.",
                node=name,
                fix=(f"Rename to {free}", edit),
            )
    if view.is_main:
        yield from _fields(view)


def _graph(view: View) -> Iterator[Diagnostic]:
    if not is_name(view.name):
        yield view.problem("G015", f"{view.name!r} cannot name a graph.", SPELLING)
    elif view.name in RESERVED_CLASSES or view.name in snippet_names() or view.name.startswith("__"):
        free = _free_name(view.name, view.project.graphs)
        yield view.problem(
            "G016",
            f"A graph cannot be named {view.name}: the generated source uses that name.",
            f"Rename it, say to {free}.",
            fix=(f"Rename to {free}", RenameGraph(view.name, free)),
        )


def clash_of(view: View, name: str) -> str:
    """Why a node cannot have its name, as half a sentence, or ``""``."""
    declared = view.layers[name]
    if declared is None:
        return ""
    if declared.stateful or declared.role == "block":
        if name in RESERVED_ATTRIBUTES:
            return "torch.nn.Module uses that name"
        return "torch.nn.Module keeps names with a leading underscore" if name.startswith("_") else ""
    if declared.role == "loss" and (name in RESERVED_LOSSES or name in usual_metrics()):
        return "a run uses that name for a metric of its own"
    return "a run calls the total loss by that name" if declared.role == "metric" and name == "loss" else ""


def _fields(view: View) -> Iterator[Diagnostic]:
    for name, node in view.graph.of_kind("Input").items():
        field = str(node.params.get("field") or name)
        if not is_name(field) or field in RESERVED_FIELDS or field.startswith("__"):
            yield view.problem(
                "G016",
                f"{name} reads the field {field!r}, which no argument of a function can be called.",
                "Rename the field in the data.",
                node=name,
            )


def _free_name(name: str, names: Collection[str]) -> str:
    stem = name.strip("_") or "node"
    return next(free for count in range(1, len(names) + 2) if (free := f"{stem}{count}") not in names)
