"""Where each graph is used, and which arguments its constructor takes because those places differ."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.indexed import Indexed, source
from engine.codegen.literals import literal
from engine.codegen.names import Scope
from engine.codegen.needs import Needs, needs
from engine.codegen.plan import Plan, plan_block, plan_main
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import Project
from engine.graph.repetitions import node_name, repetition

Path = tuple[str, ...]
DerivedValues = Mapping[Path, Mapping[str, Value]]
"""The parameter values that were read off the wires, by the path of nodes from the main graph inwards.

A repetition of a block that differs from the first has paths of its own, as in `engine.graph.repetitions`.
"""

MAX_PLACES = 100_000  # blocks within blocks multiply


@dataclass(slots=True)
class GraphClass:
    """The class of a graph. ``places``: the paths at which it is used.

    ``arguments``: those of its constructor, with the value of each at each place. ``values``: the parameters of each
    layer in it. ``uses``: the arguments of each block in it. ``needs_by_graph``: what graphs need, by name.
    """

    plan: Plan
    places: list[Path]
    arguments: dict[str, dict[Path, Value]] = field(default_factory=dict)
    values: dict[str, dict[str, Value | Argument]] = field(default_factory=dict)
    uses: dict[str, dict[str, Value | Argument | Indexed]] = field(default_factory=dict)
    needs_by_graph: dict[str, Needs] = field(default_factory=dict)

    @property
    def needs(self) -> Needs:
        """What the graph needs beside its inputs."""
        return needs(self.plan, self.needs_by_graph)


def graph_classes(project: Project, derived: DerivedValues) -> dict[str, GraphClass]:
    """The class of every graph that the main graph uses, each after those it uses itself, the main one last."""
    plans = _plans(project)
    derived = _of_lenders(project, derived)
    places = _places(project, plans, derived)
    classes: dict[str, GraphClass] = {}
    needs_by_graph: dict[str, Needs] = {}
    for name, plan in plans.items():
        classes[name] = GraphClass(plan, places[name], needs_by_graph=needs_by_graph)
        _fill(classes, classes[name], derived, names=plans)
    return classes


@contextmanager
def errors_at(graph: GraphClass, step: Step) -> Iterator[None]:
    """Adds the path of the node to an `EngineError`."""
    try:
        yield
    except EngineError as error:
        path = ".".join([*graph.places[0], step.name])
        message = f"{path}: {error.message}"
        raise type(error)(message, hint=error.hint, node=path, code=error.code) from error


def _plans(project: Project) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}

    def visit(name: str, users: tuple[str, ...], node: str | None) -> None:
        if name in users:
            circle = " -> ".join([*users[users.index(name) :], name])
            raise EngineError(f"A block contains itself: {circle}.", node=node, code="G010")
        if name not in plans:
            plan = plan_block(project, name) if users else plan_main(project)
            for step in plan.module_steps():
                if step.block:
                    visit(step.block, (*users, name), step.name)
            plans[name] = plan

    visit(project.main, (), None)
    return plans


def _places(project: Project, plans: dict[str, Plan], derived: DerivedValues) -> dict[str, list[Path]]:
    """The paths at which each graph is used; of repetitions, those that differ from the first."""
    different = {path[:depth] for path in derived for depth in range(1, len(path)) if path[depth - 1].endswith("]")}
    places: dict[str, list[Path]] = {name: [] for name in plans}
    places[project.main].append(())
    for name in reversed(plans):
        for step in plans[name].module_steps():
            if step.block:
                places[step.block] += [(*place, step.name) for place in places[name]]
                others = [repetition(step.name, index) for index in range(1, step.repeat)] if different else []
                places[step.block] += [
                    (*place, other) for place in places[name] for other in others if (*place, other) in different
                ]
                if len(places[step.block]) > MAX_PLACES:
                    raise EngineError(
                        f"{step.block} is built more than {MAX_PLACES:,} times.", node=step.name, code="G012"
                    )
    return places


def _of_lenders(project: Project, derived: DerivedValues) -> DerivedValues:
    """The same, also by the names of the nodes that lend their weights, should only the borrowers' values be known."""
    if not any(node.shares for graph in project.graphs.values() for node in graph.nodes.values()):
        return derived
    result = dict(derived)
    for path, values in derived.items():
        graph, leaders = project.graphs.get(project.main), []
        for element in path:
            name = node_name(element)
            node = graph.nodes.get(name) if graph else None
            leaders.append(f"{node.shares}{element.removeprefix(name)}" if node and node.shares else element)
            graph = project.graphs.get(node.graph or "") if node else None
        result.setdefault(tuple(leaders), values)
    return result


def _fill(
    classes: dict[str, GraphClass], graph: GraphClass, derived: DerivedValues, names: Mapping[str, object]
) -> None:
    scope = Scope(names)
    for step in graph.plan.module_steps():
        if step.block:
            uses = graph.uses[step.name] = {}
            for name, by_repetition in _block_needs(classes, graph, step).items():
                entries = _entries(graph, scope, f"{step.name}_{name}", by_repetition)
                uses[name] = entries[0] if len(set(map(source, entries))) == 1 else Indexed(tuple(entries))
            continue
        needs = _needs(graph, step, derived)
        values = graph.values[step.name] = {key: value for key, value in step.params.items() if key not in needs}
        for name, by_place in needs.items():
            if by_place:
                (values[name],) = _entries(graph, scope, f"{step.name}_{name}", [by_place])


def _entries(
    graph: GraphClass, scope: Scope, full_name: str, by_repetition: list[dict[Path, Value]]
) -> list[Value | Argument]:
    """The value of each repetition, or the argument that the constructor takes because places differ."""
    entries: dict[tuple[str, ...], Value | Argument] = {}
    keys = [tuple(map(literal, by_place.values())) for by_place in by_repetition]
    for index, (key, by_place) in enumerate(zip(keys, by_repetition, strict=True)):
        if key in entries:
            continue
        if len(set(key)) == 1:
            entries[key] = next(iter(by_place.values()))
        else:
            name = f"{full_name}_{index}" if index else full_name
            argument = scope.take({name: name})[name]
            graph.arguments[argument] = by_place
            entries[key] = Argument(argument)
    return [entries[key] for key in keys]


def _block_needs(classes: dict[str, GraphClass], graph: GraphClass, step: Step) -> dict[str, list[dict[Path, Value]]]:
    """The arguments of a block's class, for each repetition by place."""
    ways = [repetition(step.name, index) for index in range(step.repeat)]
    return {
        name: [{place: _at(values, place, way, step.name) for place in graph.places} for way in ways]
        for name, values in classes[step.block].arguments.items()
    }


def _at(values: Mapping[Path, Value], place: Path, way: str, first: str) -> Value:
    """The value at a repetition: its own, or that of the first."""
    own = (*place, way)
    return values[own] if own in values else values[*place, first]


def _needs(graph: GraphClass, step: Step, derived: DerivedValues) -> dict[str, dict[Path, Value]]:
    """The derived parameters of a layer that the graph does not contain, by place."""
    missing = [param.name for param in step.kind.derived if step.params.get(param.name) is None]
    values_by_place = {place: derived.get((*place, step.name), {}) for place in graph.places}
    return {
        name: {place: values[name] for place, values in values_by_place.items() if name in values}
        for name in missing
        if all(name in values for values in values_by_place.values())
    }
