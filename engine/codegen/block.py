"""The class of one graph."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.catalog.params import Value
from engine.codegen.expression import COUNT, Argument, Values, call, constructor
from engine.codegen.literals import literal, quote
from engine.codegen.names import RUNNING, attribute
from engine.codegen.needs import needs_of_block
from engine.codegen.plan import Plan
from engine.codegen.source import Writer
from engine.codegen.uses import GraphClass, naming
from engine.codegen.variables import Variables, is_dict
from engine.codegen.weights import WeightsCode
from engine.codegen.wired import Step
from engine.errors import EngineError
from engine.graph.model import End

MAX_SENTENCE = 60
PHASE = "Gives what the losses of the phase `{}` compare."


def write_class(
    writer: Writer, built: GraphClass, variables: Variables, phases: Mapping[str, Variables] = MappingProxyType({})
) -> None:
    """Write ``class Stem(nn.Module)`` with its constructor, ``forward``, and a method for each of the ``phases``."""
    plan = built.plan
    writer.write(f"class {plan.name}(nn.Module):")
    writer.write(f'"""{_sentence(built, variables)}"""', 4)
    writer.blank()
    if built.plan.built():
        weights = WeightsCode(plan)
        weights.write_constants(writer)
        _write_constructor(writer, built, weights)
        writer.blank()
        weights.write_train(writer)
    if phases:
        _write_choice(writer, built, {"": variables, **phases})
    else:
        _write_head(writer, "forward", _typed(_arguments(built, variables)), _type(plan.returns))
    if plan.returns:
        _write_steps(writer, built, variables)
    else:
        writer.write('raise ValueError("Name a phase: the network has no output without one.")', 8)
    for name, own in phases.items():
        way = replace(built, plan=plan.phases[name])
        writer.blank()
        _write_head(writer, method(name), _typed(_arguments(way, own)), _type(way.plan.returns))
        writer.write(f'"""{PHASE.format(name)}"""', 8)
        _write_steps(writer, way, own)


def method(phase: str) -> str:
    """What the method is called that computes what a phase needs."""
    return f"_{phase}_phase"


def _write_choice(writer: Writer, built: GraphClass, variables: Mapping[str, Variables]) -> None:
    """The head of a ``forward`` that takes a phase, and its way to the method of each."""
    plan = built.plan
    ways = {"": plan, **plan.phases}
    arguments = {
        phase: _arguments(replace(built, plan=way), variables[phase]) for phase, way in ways.items() if way.returns
    }
    used = {name: kind for own in arguments.values() for name, kind in own.items()}
    order = dict.fromkeys(plan.wired.field(name) for name in plan.wired.graph.of_kind("Input"))
    types = {name: used[name] for name in (*order, *used) if name in used}
    always = [name for name in types if all(name in own for own in arguments.values())]
    takes = _typed({name: types[name] for name in always})
    takes += [f"{name}: {kind} | None = None" for name, kind in types.items() if name not in always]
    gives = dict.fromkeys(_type(way.returns) for way in ways.values() if way.returns)
    _write_head(writer, "forward", [*takes, "phase: str | None = None"], " | ".join(sorted(gives)))
    for phase in plan.phases:
        writer.write(f"if phase == {quote(phase)}:", 8)
        writer.write(f"return self.{method(phase)}({', '.join(arguments[phase])})", 12)
    writer.write("if phase is not None:", 8)
    writer.write('raise ValueError(f"There is no phase {phase!r}.")', 12)


def _write_head(writer: Writer, name: str, takes: list[str], gives: str) -> None:
    writer.write(f"def {name}({', '.join(['self', *takes])}) -> {gives}:", 4)


def _write_steps(writer: Writer, built: GraphClass, variables: Variables) -> None:
    for name in built.plan.inputs:
        _write_differentiable(writer, built.plan, name, variables)
    for step in built.plan.steps:
        with naming(built, step):
            _write_step(writer, built, step, variables)
        _write_differentiable(writer, built.plan, step.name, variables)
    writer.write(f"return {_returned(built.plan, variables)}", 8)


def _write_differentiable(writer: Writer, plan: Plan, name: str, variables: Variables) -> None:
    """Let others be differentiated by the values of a node, whether weights before it learn or not."""
    for end in plan.differentiated:
        if end.node == name:
            variable = variables.values[end]
            writer.write(f"{variable} = differentiable({variable})", 8, owner=name)


def _arguments(built: GraphClass, variables: Variables) -> dict[str, str]:
    """The type of each argument that ``forward`` takes, by name."""
    fields = {variables.parameters[name]: "Tensor" for name in built.plan.inputs}
    return fields | ({COUNT: "int"} if built.needs.count else {})


def _typed(arguments: Mapping[str, str]) -> list[str]:
    return [f"{name}: {kind}" for name, kind in arguments.items()]


def _type(returns: Mapping[str, End]) -> str:
    return "Tensor" if len(returns) == 1 else "dict[str, Tensor]"


def _sentence(built: GraphClass, variables: Variables) -> str:
    plan = built.plan
    if not plan.returns:
        return "Gives what the losses of a phase compare."
    takes = _listed([variables.parameters[name] for name in plan.inputs], "inputs")
    if built.needs.count:
        takes = f"{takes} and `{COUNT}` samples" if takes else f"`{COUNT}` samples"
    return f"Gives {_listed(list(plan.returns), 'values')}" + (f" for {takes}." if takes else ".")


def _listed(names: list[str], what: str) -> str:
    names = [f"`{name}`" for name in dict.fromkeys(names)]
    text = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return text if len(names) < 2 or len(text) <= MAX_SENTENCE else f"{len(names)} {what}"


def _write_constructor(writer: Writer, built: GraphClass, weights: WeightsCode) -> None:
    arguments = (f"{name}: {_types(values.values())}" for name, values in built.arguments.items())
    writer.write(f"def __init__({', '.join(['self', *arguments])}) -> None:", 4)
    writer.write("super().__init__()", 8)
    for step in built.plan.built():
        with naming(built, step):
            construction = weights.construction(step, _construction(step, built.values[step.name]))
            writer.write(f"self.{attribute(step.name)} = {construction}", 8, owner=step.name)
            weights.write_beginning(writer, step)
    weights.write_following(writer)


def _types(values: Iterable[Value]) -> str:
    kinds = {"tuple[int, ...]" if isinstance(value, tuple) else type(value).__name__ for value in values}
    return " | ".join(sorted(kinds))


def _construction(step: Step, values: Values) -> str:
    if not step.block:
        return constructor(step.kind, values)
    arguments = ", ".join(f"{name}={_spelled(value)}" for name, value in values.items())
    one = f"{step.block}({arguments})"
    return f"nn.ModuleList({one} for _ in range({step.repeat}))" if step.repeat > 1 else one


def _spelled(value: Value | Argument) -> str:
    return value.name if isinstance(value, Argument) else literal(value)


def _write_step(writer: Writer, built: GraphClass, step: Step, variables: Variables) -> None:
    plan, target = built.plan, variables.targets[step.name]
    comment = _lost_name(plan, step, variables)
    if step.repeat > 1:
        _write_loop(writer, built, step, variables, comment)
        return
    arguments = {port: variables.values[end] for port, end in step.inputs.items()}
    if step.block:
        passed = [*_block_arguments(plan, step, arguments), *_count(built, step)]
        value = f"self.{step.attribute}({', '.join(passed)})"
    else:
        value = call(step.kind, f"self.{step.attribute}", arguments, built.values.get(step.attribute, step.params))
    writer.write(f"{target} = {value}", 8, owner=step.name, comment=comment)


def _count(built: GraphClass, step: Step) -> list[str]:
    """The number of samples, for a block that takes it."""
    taken = needs_of_block(built.plan.wired.project, step.block, built.known)
    return [f"{COUNT}={COUNT}"] if taken.count else []


def _write_loop(writer: Writer, built: GraphClass, step: Step, variables: Variables, comment: str) -> None:
    """Each repetition is fed what the last one gave; inputs beyond its outputs stay what they were."""
    plan, target = built.plan, variables.targets[step.name]
    ports = plan.wired.ports(step.name)
    if len(ports.outputs) > len(ports.inputs):
        raise EngineError(
            f"{step.block} gives {len(ports.outputs)} values but takes {len(ports.inputs)}, so it cannot be repeated.",
            code="G012",
        )
    given = _block_arguments(plan, step, {port: variables.values[end] for port, end in step.inputs.items()})
    if is_dict(plan, step):
        first = ", ".join(f"{quote(port.name)}: {value}" for port, value in zip(ports.outputs, given, strict=False))
        writer.write(f"{target} = {{{first}}}", 8, owner=step.name)
        carried = [f"{target}[{quote(port.name)}]" for port in ports.outputs]
    else:
        carried = [target]
        if given[0] != target:
            writer.write(f"{target} = {given[0]}", 8, owner=step.name)
    writer.write(f"for block in self.{step.attribute}:", 8, owner=step.name, comment=comment)
    passed = [*carried, *given[len(carried) :], *_count(built, step)]
    writer.write(f"{target} = block({', '.join(passed)})", 12, owner=step.name)


def _block_arguments(plan: Plan, step: Step, arguments: Mapping[str, str]) -> list[str]:
    names = [port.name for port in plan.wired.ports(step.name).inputs]
    missing = next((name for name in names if name not in arguments), None)
    if missing is not None:
        raise EngineError(f"{step.block} needs a wire into {missing}.", code="G005")
    return [arguments[name] for name in names]


def _lost_name(plan: Plan, step: Step, variables: Variables) -> str:
    """A node's name, when neither attribute nor variable tells it: a comment keeps it for whoever reads it back."""
    if step.attribute:
        return "" if step.attribute == step.name else step.name
    variable = variables.values.get(End(step.name, plan.wired.ports(step.name).outputs[0].name), "")
    return "" if step.name == (step.kind.kind.lower() if variable in ("", *RUNNING) else variable) else step.name


def _returned(plan: Plan, variables: Variables) -> str:
    values = {key: variables.values[end] for key, end in plan.returns.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return f"{{{', '.join(f'{quote(key)}: {value}' for key, value in values.items())}}}"
