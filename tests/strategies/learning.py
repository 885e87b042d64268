"""Valid weight settings for the nodes of a network."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hypothesis import strategies as st

from engine.catalog.params import Value
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Initializer
from engine.codegen.plan import Plan, plan_block, plan_main
from engine.graph.model import Node, Part, Project
from engine.graph.repetitions import node_names
from engine.graph.weights import Follows, WeightSettings
from tests.strategies.sizes import Network

WEIGHTS = {
    "Linear": {"weight": 2, "bias": 1},
    "PReLU": {"weight": 1},
    "BatchNorm1d": {"weight": 1, "bias": 1},
    "LSTM": {"weight_ih_l0": 2, "weight_hh_l0": 2, "bias_hh_l0": 1},
    "MultiheadAttention": {"in_proj_weight": 2, "out_proj.weight": 2, "out_proj.bias": 1},
}
"""Weights by kind, with the number of their axes."""
VALUES: dict[str, tuple[dict[str, Value], ...]] = {
    "kaiming_normal_": ({}, {"mode": "fan_out", "nonlinearity": "relu"}, {"a": 0.5}),
    "orthogonal_": ({}, {"gain": 2.0}),
    "normal_": ({}, {"std": 0.02}),
    "trunc_normal_": ({"std": 0.02}, {"a": -1.0, "b": 1.0}),
    "uniform_": ({}, {"a": -0.1, "b": 0.1}),
    "constant_": ({"val": 0.5}, {}),
    "sparse_": ({"sparsity": 0.5},),
}
"""Values of initializers that fit each other."""


def say(draw: st.DrawFn, network: Network) -> None:
    """Set the weight settings of some nodes."""
    project = network.project
    split = _split_projections(network)
    plans = {name: plan_main(project) if name == project.main else plan_block(project, name) for name in project.graphs}
    for plan in plans.values():
        nodes = {step.name: plan.wiring.node(step.name) for step in plan.module_steps()}
        for name, node in nodes.items():
            if draw(st.integers(0, 3)) == 0:
                node.settings = _settings(
                    draw, dict(_weights(project, plans, node, split)), is_block=node.kind == "Block"
                )
            alike = [other for other, its in nodes.items() if other != name and _are_alike(network, plan, name, other)]
            leaders = [other for other in alike if nodes[other].settings.follows is None]
            is_followed = any(its.settings.follows and its.settings.follows.node == name for its in nodes.values())
            if leaders and not is_followed and draw(st.integers(0, 2)) == 0:
                timing = draw(st.sampled_from(({"decay": 0.9}, {"every": 3})))
                node.settings = WeightSettings(follows=Follows(draw(st.sampled_from(leaders)), **timing))


def _split_projections(network: Network) -> set[int]:
    """The ids of attention nodes whose keys or values have another width than their queries at some use.

    They have three matrices in place of ``in_proj_weight``.
    """
    nodes = set()
    for path, values in network.derived.items():
        if not values.keys() & {"kdim", "vdim"}:
            continue
        graph = network.project.graphs[network.project.main]
        for name in node_names(path[:-1]):
            graph = network.project.graphs[graph.nodes[name].graph]
        nodes.add(id(graph.nodes[node_names(path)[-1]]))
    return nodes


def _weights(project: Project, plans: dict[str, Plan], node: Node, split: set[int]) -> Iterator[tuple[str, int]]:
    """The weights below a node that are not parametrized inside a block. ``split``: of `_split_projections`."""
    if node.kind == "Block":
        for step in plans[node.graph].module_steps():
            inner = plans[node.graph].wiring.node(step.name)
            if inner.settings.follows is None:
                for weight, axes in _weights(project, plans, inner, split):
                    if weight not in inner.settings.parametrize:
                        yield f"{step.name}.{weight}", axes
    for weight, axes in WEIGHTS.get(node.kind, {}).items():
        if (weight != "bias" or node.params.get("bias", True)) and (
            weight != "in_proj_weight" or id(node) not in split
        ):
            yield weight, axes


def _settings(draw: st.DrawFn, weights: dict[str, int], *, is_block: bool) -> WeightSettings:
    settings = WeightSettings(
        frozen=draw(st.sampled_from((None, None, True, False) if is_block else (None, None, True))),
        lr_scale=draw(st.none() | st.floats(0.125, 8.0)),
        decay=draw(st.none() | st.booleans()),
    )
    names = draw(st.lists(st.sampled_from(list(weights)), max_size=2, unique=True)) if weights else []
    for weight in names:
        fitting = {kind: one for kind, one in INITIALIZERS.items() if one.axes.fit(weights[weight])}
        settings = replace(settings, init=settings.init | {weight: draw(_declared(fitting))})
    matrices = [weight for weight in weights if weights[weight] == 2]
    if matrices and draw(st.booleans()):
        part = Part(draw(st.sampled_from(list(PARAMETRIZATIONS))))
        settings = replace(settings, parametrize={draw(st.sampled_from(matrices)): part})
    return settings


@st.composite
def _declared(draw: st.DrawFn, declarations: Mapping[str, Initializer]) -> Part:
    kind = draw(st.sampled_from(list(declarations)))
    return Part(kind, dict(draw(st.sampled_from(VALUES.get(kind, ({},))))))


@st.composite
def any_settings(draw: st.DrawFn, weights: list[str], leaders: list[str]) -> WeightSettings:
    """Settings that may fit a node with these weights. ``leaders``: the nodes of its kind."""
    if leaders and draw(st.integers(0, 2)) == 0:
        timing = draw(st.sampled_from(({"decay": 0.9}, {"every": 2})))
        return WeightSettings(follows=Follows(draw(st.sampled_from(leaders)), **timing))
    computed = st.sampled_from(list(PARAMETRIZATIONS)).map(Part)
    return WeightSettings(
        draw(st.dictionaries(st.sampled_from(weights), _declared(INITIALIZERS), max_size=2)),
        draw(st.dictionaries(st.sampled_from(weights), computed, max_size=1)),
        frozen=draw(st.sampled_from((None, None, False, True))),
        lr_scale=draw(st.sampled_from((None, 0.1, 2.0))),
        decay=draw(st.none() | st.booleans()),
    )


def _are_alike(network: Network, plan: Plan, one: str, other: str) -> bool:
    """Whether two nodes have weights of the same names and shapes."""
    first, second = (plan.wiring.node(name) for name in (one, other))
    if (first.kind, first.params, first.graph, first.repeat) != (
        second.kind,
        second.params,
        second.graph,
        second.repeat,
    ):
        return False
    declarations: dict[str, list[object]] = {one: [], other: []}
    for path, values in network.derived.items():
        for depth, name in enumerate(path):
            if name in declarations and _graph_at(network.project, path[:depth]) == plan.name:
                declarations[name].append((path[:depth], path[depth + 1 :], tuple(values.items())))
    return sorted(map(repr, declarations[one])) == sorted(map(repr, declarations[other]))


def _graph_at(project: Project, path: tuple[str, ...]) -> str | None:
    graph: str | None = project.main
    for name in path:
        node = project.graphs[graph].nodes.get(name) if graph in project.graphs else None
        graph = node.graph if node else None
    return graph
