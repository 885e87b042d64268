"""Which variable holds each value of a generated ``forward``, and what stands on the left of each assignment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.catalog.emit import Module, Pattern
from engine.codegen.literals import quote
from engine.codegen.names import RUNNING, Scope
from engine.codegen.plan import Plan, key_of
from engine.codegen.wired import Step
from engine.graph.model import End


@dataclass(slots=True)
class Variables:
    """``parameters``: of each Input node. ``values``: the expression of each value. ``targets``: of each step.

    ``names``: of nodes outside ``forward``.
    """

    parameters: dict[str, str]
    values: dict[End, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def is_dict(plan: Plan, step: Step) -> bool:
    """Whether a step is a block that returns several values by name."""
    return bool(step.block) and len(plan.wired.ports(step.name).outputs) > 1


def variables(
    plan: Plan, fields: Mapping[str, str] | None, taken: Iterable[str], others: Iterable[str] = ()
) -> Variables:
    """The variables of a graph.

    ``fields``: what Input nodes are called in ``forward``; ``None``: as they are. ``taken``: names that mean something
    else in the file. ``others``: nodes outside ``forward`` that need a variable too.
    """
    inputs = plan.inputs if fields is None else ()  # others go by their fields, their names are nowhere in the source
    scope = Scope([*taken, *(fields or {}).values()], avoid=[*(step.name for step in plan.steps), *inputs])
    parameters = dict(fields) if fields is not None else _own_names(plan, scope)
    readers = _readers(plan)
    ports = {
        step.name: [End(step.name, port.name) for port in plan.wired.ports(step.name).outputs] for step in plan.steps
    }
    rebound, running = _rebound(plan, ports, readers, parameters)
    wanted: dict[End | str, str] = {}
    for step in plan.steps:
        if is_dict(plan, step):
            wanted[step.name] = step.name
        else:
            kept = (end for end in ports[step.name] if end in readers and end not in rebound)
            wanted |= {end: key_of(plan.wired, end) for end in kept}
    given = scope.take(wanted | {name: name for name in others})
    found = Variables(parameters, names={name: given[name] for name in others})
    found.values = {End(name, "output"): variable for name, variable in parameters.items()}
    for step in plan.steps:
        if is_dict(plan, step):
            found.targets[step.name] = given[step.name]
            found.values |= {end: f"{given[step.name]}[{quote(end.port)}]" for end in ports[step.name]}
        else:
            own = {end.port: running if end in rebound else given[end] for end in ports[step.name] if end in readers}
            found.values |= {End(step.name, port): variable for port, variable in own.items()}
            found.targets[step.name] = _target(step, [end.port for end in ports[step.name]], own)
    return found


def _own_names(plan: Plan, scope: Scope) -> dict[str, str]:
    """A parameter may bear the name of a running variable; `_rebound` minds that."""
    given = scope.take({name: name for name in plan.inputs if name not in RUNNING})
    return {name: given.get(name, name) for name in plan.inputs}


def _readers(plan: Plan) -> dict[End, set[float]]:
    """The places of the statements that read each value; half a place later where a loop reads it again and again."""
    readers: dict[End, set[float]] = defaultdict(set)
    for place, step in enumerate(plan.steps):
        carried = len(plan.wired.ports(step.name).outputs) if step.repeat > 1 else len(step.inputs)
        for number, end in enumerate(step.inputs.values()):
            readers[end].add(place if number < carried else place + 0.5)
    for end in plan.returns.values():
        readers[end].add(len(plan.steps))
    return readers


def _rebound(
    plan: Plan, ports: Mapping[str, list[End]], readers: Mapping[End, set[float]], parameters: Mapping[str, str]
) -> tuple[set[End], str]:
    """The values that only the very next statement reads, and the variable that all of them share."""
    found: dict[End, int] = {}
    for place, step in enumerate(plan.steps):
        used = [end for end in ports[step.name] if end in readers]
        if len(used) == 1 and readers[used[0]] == {place + 1} and not is_dict(plan, step):
            found[used[0]] = place
    first = min(found.values(), default=0)
    last_read = {variable: max(readers.get(End(name, "output"), {0.0})) for name, variable in parameters.items()}
    running = next((name for name in RUNNING if last_read.get(name, 0.0) <= first), None)
    return (set(found), running) if running else (set(), "")


def _target(step: Step, ports: list[str], used: Mapping[str, str]) -> str:
    gives = step.kind.emit.gives if isinstance(step.kind.emit, Module) else ()
    if not gives and len(ports) == 1:
        return used[ports[0]]
    return ", ".join(_unpacked(part, used) for part in gives or tuple(ports))


def _unpacked(part: Pattern | str, used: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return used.get(part, "_")
    inside = [_unpacked(inner, used) for inner in part]
    return "_" if set(inside) == {"_"} else f"({', '.join(inside)})"
