"""Settings of single weights, against the weights that the layers have."""

from collections.abc import Collection, Container, Iterator, Mapping
from copy import copy
from math import prod

from engine.catalog.index import did_you_mean
from engine.catalog.spec import effective
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Parametrization
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.check.weights import has_weights
from engine.graph.edits import SetWeights
from engine.graph.effective_settings import settings_at
from engine.graph.model import Part, Project
from engine.graph.repetitions import node_names
from engine.graph.weights import NO_SETTINGS, Field
from engine.runtime.analysis.build import shape_text
from engine.runtime.analysis.node_analysis import NodeAnalysis, Path, Sizes
from engine.runtime.analysis.weights.shared import shared_weights


def problems(
    project: Project,
    nodes: Mapping[Path, NodeAnalysis],
    views: Mapping[str, View],
    blocked: Collection[tuple[str, str]],
) -> Iterator[Diagnostic]:
    """Problems of the weight settings of nodes. ``blocked``: (graph, node) pairs with errors of the rules."""
    reported = set(blocked)
    for path, node in nodes.items():
        if node.weights is None:
            continue
        view, name = views[_graph_at(project, path[:-1])], path[-1]
        settings = view.graph.nodes[name].settings
        if settings is NO_SETTINGS or (view.name, name) in reported:
            continue
        here = copy(view)
        here.prefix = "".join(f"{each}." for each in node_names(path[:-1]))
        leader = nodes.get((*path[:-1], settings.follows.node)) if settings.follows else None
        owners = {owner: nodes.get((*path[:-1], owner)) for owner in settings.owners}
        sizes_by_owner = {owner: analysis.weights for owner, analysis in owners.items() if analysis}
        for problem in (
            *_problems(here, name, node.weights, leader.weights if leader else None),
            *shared_weights(here, name, node.weights, sizes_by_owner),
        ):
            reported.add((view.name, name))
            yield problem


def block_weights(nodes: Mapping[Path, NodeAnalysis], path: Path, view: View, live: Container[str]) -> Sizes | None:
    """The weights of a block, by their names below the use of it; ``None`` where some are not known.

    ``path``: of the use. ``view``: of the block. ``live``: the nodes inside of which its class is made.
    """
    sizes: dict[str, tuple[int, ...]] = {}
    for name, node in view.graph.nodes.items():
        if node.shares is None and not node.is_bypassed and name in live and has_weights(view, name):
            analysis = nodes.get((*path, name))
            if analysis is None or analysis.weights is None:
                return None
            sizes |= {f"{name}.{weight}": shape for weight, shape in analysis.weights.items()}
    return sizes


def own_parameters(project: Project, path: Path, sizes: Sizes) -> int:
    """How many learned numbers a layer has, without the weights of others, and with those of parametrizations.

    ``path``: of the layer.
    """
    settings = settings_at(project, path) if sizes else NO_SETTINGS
    count = sum(prod(shape) for weight, shape in sizes.items() if weight not in settings.shares)
    for weight, part in settings.parametrize.items():
        declaration = PARAMETRIZATIONS.get(part.kind)
        if declaration and declaration.along and weight in sizes:
            axis = effective(declaration.params, part.params)[declaration.along]
            count += _lengths(axis, sizes[weight])
    return count


def _graph_at(project: Project, path: Path) -> str:
    graph = project.main
    for name in node_names(path):
        graph = project.graphs[graph].nodes[name].graph or ""
    return graph


def _problems(view: View, name: str, sizes: Sizes, leader: Sizes | None) -> Iterator[Diagnostic]:
    """Problems of the settings of a node. ``sizes``: of its weights. ``leader``: of those that it follows."""
    settings, whole = view.graph.nodes[name].settings, view.unresolved.nodes[name].settings
    fields: tuple[Field, ...] = ("init", "parametrize")
    for field in fields:
        for weight, part in settings.parts(field).items():
            drop = (f"Remove the setting of {weight}", SetWeights(view.name, name, whole.without(field, weight)))
            if weight not in sizes:
                has = f"It has {', '.join(sizes)}." if sizes else "It has none."
                yield view.problem(
                    "W001",
                    f"{name} has no weight {weight}.",
                    did_you_mean(weight, sizes) or has,
                    node=name,
                    fix=drop,
                )
            elif wrong := _unfit(part, sizes[weight]):
                message = f"{part.kind} does not fit {weight} of {name}, {shape_text(sizes[weight])}: {wrong}."
                hint = "Biases and the scales of normalization have one axis." if len(sizes[weight]) == 1 else ""
                yield view.problem("W004", message, hint, node=name, fix=drop)
    if settings.follows and leader is not None and leader != sizes:
        weight = next(each for each in (*sizes, *leader) if sizes.get(each) != leader.get(each))
        here, there = (shape_text(each[weight]) if weight in each else "not there" for each in (sizes, leader))
        yield view.problem(
            "W005",
            f"{name} follows {settings.follows.node}, but {weight} is {here} here and {there} there.",
            "Feed both values of the same sizes.",
            node=name,
        )


def _lengths(axis: object, shape: tuple[int, ...]) -> int:
    """The numbers along an axis; -1 and ``None`` mean one for the whole weight."""
    if not isinstance(axis, int) or axis == -1:
        return 1
    return shape[axis] if -len(shape) <= axis < len(shape) else 0


def _unfit(part: Part, shape: tuple[int, ...]) -> str:
    """Why a shape does not suit an initializer or a parametrization; empty if it does."""
    declaration = INITIALIZERS.get(part.kind) or PARAMETRIZATIONS.get(part.kind)
    if declaration is None:
        return ""
    values = effective(declaration.params, part.params)
    if not declaration.axes.fit(len(shape)):
        return f"it needs {declaration.axes.text()}"
    if not prod(shape):
        return "it is empty"
    groups = values.get("groups", 1)
    if isinstance(groups, int) and groups > 0 and shape[0] % groups:
        return f"groups must divide {shape[0]}, got {groups}"
    axis = values.get("dim") if isinstance(declaration, Parametrization) else None
    if isinstance(axis, int) and not -len(shape) <= axis < len(shape):
        return f"dim must be an axis of it, from 0 to {len(shape) - 1}, got {axis}"
    return ""
