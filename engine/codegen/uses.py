"""Where each graph is built, and what its constructor must be told because the places differ."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.literals import literal
from engine.codegen.names import Scope
from engine.codegen.needs import Needs, needs
from engine.codegen.plan import Plan, plan_block, plan_main
from engine.codegen.wired import Step
from engine.errors import EngineError
from engine.graph.model import Project

Path = tuple[str, ...]
Derived = Mapping[Path, Mapping[str, Value]]
"""By the names of nodes from the main graph inwards, the parameter values that were read off the wires."""

MAX_PLACES = 100_000  # blocks within blocks multiply


@dataclass(slots=True)
class GraphClass:
    """One graph's class. ``arguments``: what its constructor takes, with the value at each place it is built.

    ``values``: for each module it holds, the parameters (of a block: the constructor's arguments). ``known``: what
    graphs need, by name.
    """

    plan: Plan
    places: list[Path]
    arguments: dict[str, dict[Path, Value]] = field(default_factory=dict)
    values: dict[str, dict[str, Value | Argument]] = field(default_factory=dict)
    known: dict[str, Needs] = field(default_factory=dict)

    @property
    def needs(self) -> Needs:
        """What the graph needs beside its inputs."""
        return needs(self.plan, self.known)


def graph_classes(project: Project, derived: Derived) -> dict[str, GraphClass]:
    """Every graph that the main one is made of, each after those it uses, the main one last."""
    plans = _plans(project)
    places = _places(project, plans)
    derived = _of_lenders(project, derived)
    found: dict[str, GraphClass] = {}
    known: dict[str, Needs] = {}
    for name, plan in plans.items():
        found[name] = GraphClass(plan, places[name], known=known)
        _fill(found, found[name], derived, taken=plans)
    return found


@contextmanager
def naming(own: GraphClass, step: Step) -> Iterator[None]:
    """Lets an `EngineError` say at which node it arose."""
    try:
        yield
    except EngineError as wrong:
        path = ".".join([*own.places[0], step.name])
        message = f"{path}: {wrong.message}"
        raise type(wrong)(message, hint=wrong.hint, node=path, code=wrong.code) from wrong


def _plans(project: Project) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}

    def visit(name: str, users: tuple[str, ...], node: str | None) -> None:
        if name in users:
            circle = " -> ".join([*users[users.index(name) :], name])
            raise EngineError(f"Blocks use each other in a circle: {circle}.", node=node, code="G010")
        if name not in plans:
            plan = plan_block(project, name) if users else plan_main(project)
            for step in plan.built():
                if step.block:
                    visit(step.block, (*users, name), step.name)
            plans[name] = plan

    visit(project.main, (), None)
    return plans


def _places(project: Project, plans: dict[str, Plan]) -> dict[str, list[Path]]:
    places: dict[str, list[Path]] = {name: [] for name in plans}
    places[project.main].append(())
    for name in reversed(plans):
        for step in plans[name].built():
            if step.block:
                places[step.block] += [(*place, step.name) for place in places[name]]
                if len(places[step.block]) > MAX_PLACES:
                    raise EngineError(
                        f"{step.block} is built more than {MAX_PLACES:,} times.", node=step.name, code="G012"
                    )
    return places


def _of_lenders(project: Project, derived: Derived) -> Derived:
    """The same, also by the names of the nodes that lend their weights, should only the borrowers' values be known."""
    if not any(node.shares for graph in project.graphs.values() for node in graph.nodes.values()):
        return derived
    found = dict(derived)
    for path, values in derived.items():
        graph, own = project.graphs.get(project.main), []
        for name in path:
            node = graph.nodes.get(name) if graph else None
            own.append(node.shares if node and node.shares else name)
            graph = project.graphs.get(node.graph or "") if node else None
        found.setdefault(tuple(own), values)
    return found


def _fill(found: dict[str, GraphClass], own: GraphClass, derived: Derived, taken: Mapping[str, object]) -> None:
    scope = Scope(taken)
    for step in own.plan.built():
        needs = _needs(found, own, step, derived)
        own.values[step.name] = {name: value for name, value in step.params.items() if name not in needs}
        for name, by_place in needs.items():
            if len({literal(value) for value in by_place.values()}) == 1:
                own.values[step.name][name] = next(iter(by_place.values()))
            elif by_place:
                wanted = f"{step.name}_{name}"
                argument = scope.take({wanted: wanted})[wanted]
                own.arguments[argument] = by_place
                own.values[step.name][name] = Argument(argument)


def _needs(found: dict[str, GraphClass], own: GraphClass, step: Step, derived: Derived) -> dict[str, dict[Path, Value]]:
    """What cannot be read in the drawing, by place: derived parameters, or what a block's constructor takes."""
    if step.block:
        return {
            name: {place: values[(*place, step.name)] for place in own.places}
            for name, values in found[step.block].arguments.items()
        }
    wanted = [param.name for param in step.kind.derived if step.params.get(param.name) is None]
    known = {place: derived.get((*place, step.name), {}) for place in own.places}
    return {
        name: {place: values[name] for place, values in known.items() if name in values}
        for name in wanted
        if all(name in values for values in known.values())
    }
