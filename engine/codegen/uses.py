"""Where each graph is used, and which arguments its constructor takes because those places differ."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.literals import literal
from engine.codegen.names import Scope
from engine.codegen.needs import Needs, needs
from engine.codegen.plan import Plan, plan_block, plan_main
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import Project

Path = tuple[str, ...]
DerivedValues = Mapping[Path, Mapping[str, Value]]
"""The parameter values that were read off the wires, by the path of node names from the main graph inwards."""

MAX_PLACES = 100_000  # blocks within blocks multiply


@dataclass(slots=True)
class GraphClass:
    """The class of a graph. ``places``: the paths at which it is used.

    ``arguments``: those of its constructor, with the value of each at each place. ``values``: the parameters of each
    module in it (of a block: the constructor's arguments). ``needs_by_graph``: what graphs need, by name.
    """

    plan: Plan
    places: list[Path]
    arguments: dict[str, dict[Path, Value]] = field(default_factory=dict)
    values: dict[str, dict[str, Value | Argument]] = field(default_factory=dict)
    needs_by_graph: dict[str, Needs] = field(default_factory=dict)

    @property
    def needs(self) -> Needs:
        """What the graph needs beside its inputs."""
        return needs(self.plan, self.needs_by_graph)


def graph_classes(project: Project, derived: DerivedValues) -> dict[str, GraphClass]:
    """The class of every graph that the main graph uses, each after those it uses itself, the main one last."""
    plans = _plans(project)
    places = _places(project, plans)
    derived = _of_lenders(project, derived)
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


def _places(project: Project, plans: dict[str, Plan]) -> dict[str, list[Path]]:
    places: dict[str, list[Path]] = {name: [] for name in plans}
    places[project.main].append(())
    for name in reversed(plans):
        for step in plans[name].module_steps():
            if step.block:
                places[step.block] += [(*place, step.name) for place in places[name]]
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
        for name in path:
            node = graph.nodes.get(name) if graph else None
            leaders.append(node.shares if node and node.shares else name)
            graph = project.graphs.get(node.graph or "") if node else None
        result.setdefault(tuple(leaders), values)
    return result


def _fill(
    classes: dict[str, GraphClass], graph: GraphClass, derived: DerivedValues, names: Mapping[str, object]
) -> None:
    scope = Scope(names)
    for step in graph.plan.module_steps():
        needs = _needs(classes, graph, step, derived)
        graph.values[step.name] = {name: value for name, value in step.params.items() if name not in needs}
        for name, by_place in needs.items():
            if len({literal(value) for value in by_place.values()}) == 1:
                graph.values[step.name][name] = next(iter(by_place.values()))
            elif by_place:
                full_name = f"{step.name}_{name}"
                argument = scope.take({full_name: full_name})[full_name]
                graph.arguments[argument] = by_place
                graph.values[step.name][name] = Argument(argument)


def _needs(
    classes: dict[str, GraphClass], graph: GraphClass, step: Step, derived: DerivedValues
) -> dict[str, dict[Path, Value]]:
    """The values by place that the graph does not contain: derived parameters, or arguments of a block's class."""
    if step.block:
        return {
            name: {place: values[(*place, step.name)] for place in graph.places}
            for name, values in classes[step.block].arguments.items()
        }
    missing = [param.name for param in step.kind.derived if step.params.get(param.name) is None]
    values_by_place = {place: derived.get((*place, step.name), {}) for place in graph.places}
    return {
        name: {place: values[name] for place, values in values_by_place.items() if name in values}
        for name in missing
        if all(name in values for values in values_by_place.values())
    }
