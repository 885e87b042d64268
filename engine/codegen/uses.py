"""Where each graph is used, and which arguments its constructor takes because those places differ."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.catalog.expressions import Expression, names
from engine.catalog.params import FromInput, Value
from engine.codegen.expression import Argument
from engine.codegen.indexed import INDEX, Indexed, OfIndex, UseValue, source
from engine.codegen.literals import literal
from engine.codegen.needs import Needs, needs
from engine.codegen.parameters import Parameters, parameters_of
from engine.codegen.place_values import DerivedValues, Path, Places, places_of
from engine.codegen.plan import Plan, plan_block, plan_main
from engine.codegen.size_sources import expression_of, input_behind
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import Project
from engine.graph.repetitions import node_name, node_names, repetition


@dataclass(slots=True)
class GraphClass:
    """The class of a graph. ``places``: the paths at which it is used.

    ``arguments``: those of its constructor that are read off wires, with the value of each at each place; ``origins``:
    the Input that feeds what reads it; ``paths``: the end of the path of that size, which its name is made from.
    ``size_arguments``: those that expressions read by ``size``. ``values``: the parameters of each layer in it.
    ``uses``: the arguments of each block in it. ``needs_by_graph``: what graphs need, by name.
    ``conditions_by_graph``: the attributes that are true where their nodes are bypassed.
    """

    plan: Plan
    places: Places
    parameters: Parameters
    arguments: dict[str, dict[Path, Value]] = field(default_factory=dict)
    size_arguments: dict[str, dict[Path, Value]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    values: dict[str, dict[str, Value | Argument]] = field(default_factory=dict)
    uses: dict[str, dict[str, UseValue]] = field(default_factory=dict)
    needs_by_graph: dict[str, Needs] = field(default_factory=dict)
    conditions_by_graph: dict[str, dict[str, str]] = field(default_factory=dict)
    _needs: Needs | None = field(default=None, init=False)

    @property
    def every_argument(self) -> dict[str, dict[Path, Value]]:
        """The arguments that depend on shapes, with the value of each at each place."""
        return self.arguments | self.size_arguments

    @property
    def needs(self) -> Needs:
        """What the graph needs beside its inputs, found once, since a complete plan does not change."""
        if self._needs is None:
            self._needs = needs(self.plan, self.needs_by_graph)
        return self._needs


def graph_classes(project: Project, derived: DerivedValues) -> dict[str, GraphClass]:
    """The class of every graph that the main graph uses, each after those it uses itself, the main one last."""
    plans = _plans(project)
    derived = _of_lenders(project, derived)
    places = places_of(project, plans, derived)
    classes: dict[str, GraphClass] = {}
    needs_by_graph: dict[str, Needs] = {}
    conditions_by_graph: dict[str, dict[str, str]] = {}
    for name, plan in plans.items():
        parameters = parameters_of(plan, plans)
        conditions_by_graph[name] = parameters.conditions
        classes[name] = GraphClass(
            plan, places[name], parameters, needs_by_graph=needs_by_graph, conditions_by_graph=conditions_by_graph
        )
        _fill(classes, classes[name], derived)
    return classes


@dataclass(slots=True)
class Current:
    """The step that is written, within `errors_at`."""

    step: Step | None = None


@contextmanager
def errors_at(graph: GraphClass) -> Iterator[Current]:
    """Adds the path of the current step to an `EngineError`; entered once for all steps, as entering takes time."""
    current = Current()
    try:
        yield current
    except EngineError as error:
        if current.step is None:
            raise
        path = ".".join([*node_names(next(iter(graph.places), ())), current.step.name])
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


def _fill(classes: dict[str, GraphClass], graph: GraphClass, derived: DerivedValues) -> None:
    """Find the arguments of a class, and what its constructor passes on."""
    for size, argument in graph.parameters.sizes.items():
        values = {path: here.sizes.get(size) for path, here in graph.places.items()}
        graph.size_arguments[argument] = {path: value for path, value in values.items() if value is not None}
    with errors_at(graph) as current:
        for step in graph.plan.module_steps():
            current.step = step
            if step.block:
                graph.uses[step.name] = dict(_use(classes, graph, step))
            else:
                graph.values[step.name] = _layer(graph, step, derived)
    _name_arguments(graph)


def _layer(graph: GraphClass, step: Step, derived: DerivedValues) -> dict[str, Value | Argument]:
    """The values of a layer: those of its node, and what it reads off wires."""
    values = graph.parameters.constructor_values(step.params)
    for param in step.kind.derived:
        if values.get(param.name) is None:
            by_place = _read_values(graph, step, param, derived)
            if by_place:
                values[param.name] = _entry(graph, step, param.port, (step.name, param.name), by_place)
    return values


def _use(classes: dict[str, GraphClass], graph: GraphClass, step: Step) -> Iterator[tuple[str, UseValue]]:
    """The arguments of a block's class: sizes, then those parameters that are not at their default."""
    block, node = classes[step.block], graph.plan.wiring.node(step.name)
    for name, values in block.every_argument.items():
        by_repetition: list[dict[Path, Value]] = [
            {place: value for place in graph.places if (value := _at(values, place, step.name, index)) is not None}
            for index in range(step.repeat)
        ]
        path = (step.name, *block.paths.get(name, (name,)))
        entries = _entries(graph, step, block.origins.get(name, ""), path, by_repetition)
        yield name, entries[0] if len(set(map(source, entries))) == 1 else Indexed(tuple(entries))
    for name, param in block.plan.wiring.graph.params.items():
        value = node.params.get(name, param.default)
        if isinstance(value, Expression):
            text = graph.parameters.in_constructor(value, step.repeat)
            if text == literal(param.default):
                continue
            yield block.parameters.arguments[name], OfIndex(text) if INDEX in names(value) else Argument(text)
        elif literal(value) != literal(param.default):
            yield block.parameters.arguments[name], value


def _entries(
    graph: GraphClass, step: Step, port: str, path: Path, by_repetition: list[dict[Path, Value]]
) -> list[Value | Argument]:
    """The value of each repetition, or the argument that the constructor takes because places differ.

    ``path``: of the size in the class; the argument gets its name of it by `_name_arguments`.
    """
    entries: dict[tuple[str, ...], Value | Argument] = {}
    keys = [tuple(map(literal, by_place.values())) for by_place in by_repetition]
    for index, (key, by_place) in enumerate(zip(keys, by_repetition, strict=True)):
        if key not in entries:
            path_here = (f"{path[0]}_{index}", *path[1:]) if index else path
            entries[key] = _entry(graph, step, port, path_here, by_place, index)
    return [entries[key] for key in keys]


def _entry(
    graph: GraphClass, step: Step, port: str, path: Path, by_place: dict[Path, Value], index: int = 0
) -> Value | Argument:
    """The value at all places, or the argument that the constructor takes because they differ.

    ``path``: of the size in the class; the argument gets its name of it by `_name_arguments`.
    """
    expression = expression_of(graph, step, port, by_place, index) if by_place else None
    if expression is not None:
        return expression
    any_value = next(iter(by_place.values()), 0)  # none where the use is bypassed everywhere
    if len(by_place) < 2 or len(set(map(literal, by_place.values()))) == 1:
        return any_value
    argument = ".".join(path)
    graph.paths[argument] = path
    graph.arguments[argument] = {place: by_place.get(place, any_value) for place in graph.places}  # bypassed at some
    graph.origins[argument] = input_behind(graph.plan.wiring, step, port) or ""
    return Argument(argument)


def _name_arguments(graph: GraphClass) -> None:
    """Give each argument the shortest end of its path that is the end of no other, and no other name of the class."""
    if not graph.paths:
        return
    scope = graph.parameters.scope
    ends = {argument: [path[-length:] for length in range(1, len(path) + 1)] for argument, path in graph.paths.items()}
    counts = Counter("_".join(end) for of_path in ends.values() for end in of_path)

    def is_clear(end: Path) -> bool:
        return counts["_".join(end)] == 1 and scope.is_free("_".join(end))

    shortest = {argument: next(filter(is_clear, of_path), of_path[-1]) for argument, of_path in ends.items()}
    names = scope.take({argument: "_".join(end) for argument, end in shortest.items()})
    graph.paths = {names[argument]: end for argument, end in shortest.items()}
    graph.arguments = {names[argument]: values for argument, values in graph.arguments.items()}
    graph.origins = {names[argument]: origin for argument, origin in graph.origins.items()}
    for values in graph.values.values():
        values |= {name: _with_name(value, names) for name, value in values.items() if isinstance(value, Argument)}
    for use in graph.uses.values():
        use |= {name: _with_name(value, names) for name, value in use.items() if isinstance(value, Argument)}
        use |= {
            name: Indexed(tuple(_with_name(each, names) for each in value.values))
            for name, value in use.items()
            if isinstance(value, Indexed)
        }


def _with_name(value: Value | Argument, names: Mapping[str, str]) -> Value | Argument:
    return Argument(names.get(value.name, value.name)) if isinstance(value, Argument) else value


def _at(values: Mapping[Path, Value], place: Path, use: str, index: int) -> Value:
    """The value at a repetition: its own, or that of the first; ``None`` where the use is bypassed."""
    own = (*place, repetition(use, index))
    return values[own] if own in values else values.get((*place, use))


def _read_values(graph: GraphClass, step: Step, param: FromInput, derived: DerivedValues) -> dict[Path, Value]:
    """The values of a derived parameter by place, none where one is unknown; a bypassed layer may lack some."""
    by_place = {
        place: values[param.name]
        for place in graph.places
        if (values := derived.get((*place, step.name))) and param.name in values
    }
    is_complete = len(by_place) == len(graph.places) or isinstance(graph.plan.wiring.node(step.name).bypass, Expression)
    return by_place if is_complete else {}
