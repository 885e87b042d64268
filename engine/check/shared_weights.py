"""Rules about single weights that are those of another node, as far as they need only the graphs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from engine.catalog.expressions import Expression
from engine.catalog.index import did_you_mean
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetWeights
from engine.graph.model import Graph, Node, Project
from engine.graph.optimizers import sparse_flag
from engine.graph.weights import Field, WeightSettings, owner_of


class Step(NamedTuple):
    """A node on the way from a graph through blocks to a weight. ``weight``: its name below the node."""

    path: str
    node: Node
    weight: str


def problems(view: View) -> Iterator[Diagnostic]:
    """The problems of weights that are to be those of other nodes."""
    for name, node in view.graph.nodes.items():
        if node.shares is not None or node.settings.follows:
            continue  # `engine.check.weights` refuses them there
        for key, weight in node.settings.shares.items():
            code, wrong, hint = _problem(view, name, node, key, weight)
            if wrong:
                yield view.problem(code, wrong, hint, node=name, fix=own_weight(view, name, key))
    yield from _set_from_outside(view)


def _set_from_outside(view: View) -> Iterator[Diagnostic]:
    """Initializers and parametrizations that a use of a block sets for a weight that is shared inside of it.

    The initializer of its owner fills it for all; a parametrization would compute the weight of one layer alone.
    """
    fields: tuple[Field, ...] = ("init", "parametrize")
    for name, node in view.graph.nodes.items():
        for field in fields if node.graph else ():
            for weight in node.settings.parts(field):
                owner, sharer = _shared_inside(view.project, node, weight)
                if not sharer or (owner == weight and field == "init"):
                    continue
                what, block = "fill" if field == "init" else "compute", node.graph
                rest = view.unresolved.nodes[name].settings.without(field, weight)
                yield view.problem(
                    "W006",
                    f"{name} is to {what} {weight}, but inside of {block} {owner} and {sharer} are one weight.",
                    f"Set it inside of {block}, or {what} {owner}." if field == "init" else "Remove it.",
                    node=name,
                    fix=(f"Remove it from {name}", SetWeights(view.name, name, rest)),
                )


def _shared_inside(project: Project, use: Node, weight: str) -> tuple[str, str]:
    """The owner and the sharer of a weight inside a block, by their names below the use; empty if it is not shared."""
    graph, before, inner = project.graphs.get(use.graph or ""), "", weight
    while graph is not None and inner:
        for name, node in graph.nodes.items():
            for key, owner in node.settings.shares.items():
                if inner in (owner, f"{name}.{key}"):
                    return before + owner, f"{before}{name}.{key}"
        first, _, inner = inner.partition(".")
        before += f"{first}."
        node_inside = graph.nodes.get(first)
        graph = project.graphs.get(node_inside.graph or "") if node_inside else None
    return "", ""


def own_weight(view: View, name: str, key: str) -> tuple[str, SetWeights]:
    """The fix that gives a node a weight of its own again."""
    settings = view.unresolved.nodes[name].settings
    shares = {each: weight for each, weight in settings.shares.items() if each != key}
    return f"Give {name} a {key} of its own", SetWeights(view.name, name, replace(settings, shares=shares))


def _problem(view: View, name: str, node: Node, key: str, weight: str) -> tuple[str, str, str]:
    """A code, what is wrong with a weight that is that of another node, and a hint; all empty if nothing is."""
    owner = owner_of(weight)
    if owner == name:
        return "W012", f"{name} is to share {weight}, a weight of its own.", "Name a weight of another node."
    graph = view.project.graphs[view.name]  # with expressions, whose values differ between its uses
    own, way = (_way(view.project, graph, each) for each in (f"{name}.{key}", weight))
    what = f"{key} of {name} is to be {weight}"
    if not way:
        hint = did_you_mean(owner, view.graph.nodes) or "Name a node of the same graph."
        return "W012", f"{what}, but there is no node {owner}.", hint
    for wrong, hint in (*map(_owner_problem, way), _end_problem(view.project, way)):
        if wrong and not (node.is_bypassed and way[0].node.is_bypassed):
            return "W012", f"{what}, but {wrong}.", hint
    for wrong, hint in (*map(_several, own), _end_problem(view.project, own)):
        if wrong:
            return "W012", f"{what}, but {wrong}.", hint
    for step in own:
        if wrong := _excluded(step.node.settings, step.weight):
            hint = f"Set it for {owner}, or give {name} a {key} of its own."
            return "W006", f"{what}, but {step.path} has {wrong}.", hint
    return "", "", ""


def _way(project: Project, graph: Graph, weight: str) -> list[Step]:
    """The nodes on the way to a weight; it ends at the first that is not there."""
    steps: list[Step] = []
    inside: Graph | None = graph
    path = ""
    while inside is not None and weight:
        first, _, weight = weight.partition(".")
        node = inside.nodes.get(first)
        if node is None:
            break
        path = f"{path}.{first}" if path else first
        steps.append(Step(path, node, weight))
        inside = project.graphs.get(node.graph or "") if node.uses_block else None
    return steps


def _end_problem(project: Project, way: list[Step]) -> tuple[str, str]:
    """Why a way does not lead to a layer, and a hint; both empty when it does."""
    last = way[-1]
    if not last.node.uses_block or last.node.graph not in project.graphs:
        return "", ""
    inner = owner_of(last.weight)
    wrong = f"{last.path} has no node {inner}" if inner else f"{last.path} is a block"
    hint = did_you_mean(inner, project.graphs[last.node.graph].nodes) or f"Name a layer in it, {last.path}.NODE.WEIGHT."
    return wrong, hint


def _owner_problem(step: Step) -> tuple[str, str]:
    """Why a weight of a node, or one in it, cannot be that of another node too, and a hint."""
    path, node, settings = step.path, step.node, step.node.settings
    if node.is_bypassed:
        return f"{path} is bypassed", f"Turn off bypass of {path}."
    if flag := sparse_flag(node)[0]:
        return f"the gradient of {path} is sparse, which that of another layer is not", f"Turn {flag} of {path} off."
    several, hint = _several(step)
    return (several, hint) if several else _other_source(path, settings, step.weight)


def _several(step: Step) -> tuple[str, str]:
    """Why a weight below a node is not one weight of it, and a hint."""
    path, node = step.path, step.node
    if isinstance(node.bypass, Expression):
        return f"{path} is bypassed by an expression, so it may be missing", f"Let {path} be there in every use."
    if node.repeat > 1:
        return f"{path} is repeated {node.repeat} times, so it has {node.repeat} of them", "Name a block used once."
    if node.shares is not None:
        return f"{path} uses the weights of {node.shares}", f"Name the weight of {node.shares}."
    return "", ""


def _other_source(path: str, settings: WeightSettings, weight: str) -> tuple[str, str]:
    if settings.follows:
        return f"{path} follows the weights of {settings.follows.node}", f"Name that of {settings.follows.node}."
    if weight in settings.shares:
        return f"that is itself {settings.shares[weight]}", f"Name {settings.shares[weight]}."
    if weight in settings.parametrize:
        return f"{settings.parametrize[weight].kind} computes it", "Remove that parametrization."
    return "", ""


def _excluded(settings: WeightSettings, weight: str) -> str:
    """The settings that only a weight of its own can have, in words."""
    if weight in settings.init:
        return f"{settings.init[weight].kind} to fill it"
    if weight in settings.parametrize:
        return f"{settings.parametrize[weight].kind} to compute it"
    if settings.weights:
        return "a file to start from"
    return "frozen weights" if settings.frozen else ""
