"""The variable of each value in a generated ``forward``, and the left side of each assignment."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from engine.catalog.emit import Module, Pattern
from engine.codegen.literals import quote
from engine.codegen.loops import loop_variables
from engine.codegen.names import RUNNING, Scope
from engine.codegen.plan import Plan, key_of
from engine.codegen.wiring import Step
from engine.graph.model import End
from engine.graph.ports import end_of


@dataclass(slots=True)
class Variables:
    """The expressions of values. ``parameters``: the argument of each Input node.

    ``values``: the expression of each value. ``targets``: the left side of each step's assignment. ``names``: the
    variables of nodes outside ``forward``. ``rounds``: those within a loop, by its name and the port of its block.
    """

    parameters: dict[str, str]
    values: dict[End, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, dict[str, str]] = field(default_factory=dict)


def is_dict(plan: Plan, step: Step) -> bool:
    """Whether a step is a block that returns several values by name."""
    return bool(step.block) and len(plan.wiring.ports(step.name).outputs) > 1


def variables(
    plan: Plan, fields: Mapping[str, str] | None, reserved: Iterable[str], others: Iterable[str] = ()
) -> Variables:
    """The variables of a graph.

    ``fields``: the names of Input nodes in ``forward``; ``None``: their own. ``reserved``: names that mean something
    else in the file. ``others``: nodes outside ``forward`` that need a variable too.
    """
    inputs = plan.inputs if fields is None else ()  # with fields, the names of Input nodes are not in the source
    scope = Scope([*reserved, *(fields or {}).values()], avoid=[*(step.name for step in plan.steps), *inputs])
    parameters = dict(fields) if fields is not None else _own_names(plan, scope)
    readers = _readers(plan)
    ports = {
        step.name: [End(step.name, port.name) for port in plan.wiring.ports(step.name).outputs] for step in plan.steps
    }
    read_ends = {name: [end for end in ends if end in readers] for name, ends in ports.items()}
    rebound, running = _rebound(plan, read_ends, readers, parameters)
    by_value = scope.take(_names(plan, read_ends, rebound) | {name: name for name in others})
    result = Variables(parameters, names={name: by_value[name] for name in others})
    result.values = {end_of(name): variable for name, variable in parameters.items()}
    for step in plan.steps:
        if step.loop:
            ports_of_loop = loop_variables(step.loop, _block_inputs(plan, step))
            result.rounds[step.name] = {port: by_value[f"{step.name}.{port}"] for port in ports_of_loop}
        if is_dict(plan, step):
            result.targets[step.name] = by_value[step.name]
            result.values |= {end: f"{by_value[step.name]}[{quote(end.port)}]" for end in ports[step.name]}
        else:
            by_port = {}
            for end in read_ends[step.name]:
                by_port[end.port] = result.values[end] = running if end in rebound else by_value[end]
            result.targets[step.name] = _target(step, [end.port for end in ports[step.name]], by_port)
    return result


def _names(plan: Plan, read_ends: Mapping[str, list[End]], rebound: set[End]) -> dict[End | str, str]:
    """The names that the variables of values ask for, and of blocks with several outputs, and within loops."""
    names: dict[End | str, str] = {}
    for step in plan.steps:
        if is_dict(plan, step):
            names[step.name] = step.name
        else:
            for end in read_ends[step.name]:
                if end not in rebound:
                    names[end] = key_of(plan.wiring, end)
        if step.loop:
            variables_of_loop = loop_variables(step.loop, _block_inputs(plan, step))
            names |= {f"{step.name}.{port}": name for port, name in variables_of_loop.items()}
    return names


def _block_inputs(plan: Plan, step: Step) -> dict[str, End]:
    """What feeds the inputs of a block, in their order."""
    names = (port.name for port in plan.wiring.ports(step.name).inputs)
    return {name: step.inputs[name] for name in names if name in step.inputs}


def _own_names(plan: Plan, scope: Scope) -> dict[str, str]:
    """The arguments of Input nodes; one may have the name of a running variable, which `_rebound` then avoids."""
    variables = scope.take({name: name for name in plan.inputs if name not in RUNNING})
    return {name: variables.get(name, name) for name in plan.inputs}


def _readers(plan: Plan) -> dict[End, set[float]]:
    """The places of the statements that read each value; half a place later where a loop reads it repeatedly."""
    readers: dict[End, set[float]] = defaultdict(set)
    for place, step in enumerate(plan.steps):
        once = _read_before(plan, step)
        for port, end in step.inputs.items():
            readers[end].add(place if port in once else place + 0.5)
    for end in plan.returns.values():
        readers[end].add(len(plan.steps))
    return readers


def _read_before(plan: Plan, step: Step) -> Collection[str]:
    """The inputs of a step that are read before it assigns anything."""
    if step.loop:
        return [port for port, _ in step.loop.carry]
    if step.repeat > 1:
        return list(step.inputs)[: len(plan.wiring.ports(step.name).outputs)]
    return step.inputs


def _rebound(
    plan: Plan, read_ends: Mapping[str, list[End]], readers: Mapping[End, set[float]], parameters: Mapping[str, str]
) -> tuple[set[End], str]:
    """The values that only the next statement reads, and the variable that all of them share."""
    places: dict[End, int] = {}
    for place, step in enumerate(plan.steps):
        ends = read_ends[step.name]
        if len(ends) == 1 and readers[ends[0]] == {place + 1} and not is_dict(plan, step):
            places[ends[0]] = place
    first = min(places.values(), default=0)
    last_read = {variable: max(readers.get(end_of(name), {0.0})) for name, variable in parameters.items()}
    running = next((name for name in RUNNING if last_read.get(name, 0.0) <= first), None)
    return (set(places), running) if running else (set(), "")


def _target(step: Step, ports: list[str], variable_by_port: Mapping[str, str]) -> str:
    gives = step.kind.emit.pattern(step.params) if isinstance(step.kind.emit, Module) else ()
    if not gives and len(ports) == 1:
        return variable_by_port[ports[0]]
    return ", ".join(_unpack(part, variable_by_port) for part in gives or tuple(ports))


def _unpack(part: Pattern | str, variable_by_port: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return variable_by_port.get(part, "_")
    inside = [_unpack(inner, variable_by_port) for inner in part]
    return "_" if set(inside) == {"_"} else f"({', '.join(inside)})"
