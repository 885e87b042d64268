"""The class of one graph."""

from collections.abc import Iterable, Mapping

from engine.catalog.params import Value
from engine.codegen.expression import Argument, Values, call, constructor
from engine.codegen.literals import literal, quoted
from engine.codegen.names import RUNNING, attribute
from engine.codegen.plan import Plan, Step
from engine.codegen.source import Writer
from engine.codegen.uses import Built, naming
from engine.codegen.variables import Variables, is_dict
from engine.errors import EngineError
from engine.graph.model import End

MAX_SENTENCE = 60


def write_class(writer: Writer, built: Built, variables: Variables) -> None:
    """Write ``class Stem(nn.Module)`` with its constructor and ``forward``."""
    plan = built.plan
    writer.write(f"class {plan.name}(nn.Module):")
    writer.write(f'"""{_sentence(plan, variables)}"""', 4)
    writer.blank()
    if built.plan.built():
        _write_constructor(writer, built)
        writer.blank()
    parameters = dict.fromkeys(variables.parameters[name] for name in plan.inputs)
    gives = "Tensor" if len(plan.returns) == 1 else "dict[str, Tensor]"
    writer.write(f"def forward({', '.join(['self', *(f'{name}: Tensor' for name in parameters)])}) -> {gives}:", 4)
    for step in plan.steps:
        with naming(built, step):
            _write_step(writer, built, step, variables)
    writer.write(f"return {_returned(plan, variables)}", 8)


def _sentence(plan: Plan, variables: Variables) -> str:
    takes = _listed([variables.parameters[name] for name in plan.inputs], "inputs")
    return f"Gives {_listed(list(plan.returns), 'values')}" + (f" for {takes}." if takes else ".")


def _listed(names: list[str], what: str) -> str:
    names = [f"`{name}`" for name in dict.fromkeys(names)]
    text = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return text if len(names) < 2 or len(text) <= MAX_SENTENCE else f"{len(names)} {what}"


def _write_constructor(writer: Writer, built: Built) -> None:
    arguments = (f"{name}: {_type(values.values())}" for name, values in built.arguments.items())
    writer.write(f"def __init__({', '.join(['self', *arguments])}) -> None:", 4)
    writer.write("super().__init__()", 8)
    for step in built.plan.built():
        with naming(built, step):
            made = _made(step, built.values[step.name])
            writer.write(f"self.{attribute(step.name)} = {made}", 8, owner=step.name)


def _type(values: Iterable[Value]) -> str:
    kinds = {"tuple[int, ...]" if isinstance(value, tuple) else type(value).__name__ for value in values}
    return " | ".join(sorted(kinds))


def _made(step: Step, values: Values) -> str:
    if not step.block:
        return constructor(step.kind, values)
    arguments = ", ".join(f"{name}={_spelled(value)}" for name, value in values.items())
    one = f"{step.block}({arguments})"
    return f"nn.ModuleList({one} for _ in range({step.repeat}))" if step.repeat > 1 else one


def _spelled(value: Value | Argument) -> str:
    return value.name if isinstance(value, Argument) else literal(value)


def _write_step(writer: Writer, built: Built, step: Step, variables: Variables) -> None:
    plan, target = built.plan, variables.targets[step.name]
    comment = _lost_name(plan, step, variables)
    if step.repeat > 1:
        _write_loop(writer, plan, step, variables, comment)
        return
    arguments = {port: variables.values[end] for port, end in step.inputs.items()}
    if step.block:
        made = f"self.{step.attribute}({', '.join(_block_arguments(plan, step, arguments))})"
    else:
        made = call(step.kind, f"self.{step.attribute}", arguments, built.values.get(step.attribute, step.params))
    writer.write(f"{target} = {made}", 8, owner=step.name, comment=comment)


def _write_loop(writer: Writer, plan: Plan, step: Step, variables: Variables, comment: str) -> None:
    """Each repetition is fed what the last one gave; inputs beyond its outputs stay what they were."""
    target = variables.targets[step.name]
    ports = plan.wired.ports(step.name)
    if len(ports.outputs) > len(ports.inputs):
        raise EngineError(
            f"{step.block} gives {len(ports.outputs)} values but takes {len(ports.inputs)}, so it cannot be repeated.",
            code="G012",
        )
    given = _block_arguments(plan, step, {port: variables.values[end] for port, end in step.inputs.items()})
    if is_dict(plan, step):
        first = ", ".join(f"{quoted(port.name)}: {value}" for port, value in zip(ports.outputs, given, strict=False))
        writer.write(f"{target} = {{{first}}}", 8, owner=step.name)
        carried = [f"{target}[{quoted(port.name)}]" for port in ports.outputs]
    else:
        carried = [target]
        if given[0] != target:
            writer.write(f"{target} = {given[0]}", 8, owner=step.name)
    writer.write(f"for block in self.{step.attribute}:", 8, owner=step.name, comment=comment)
    writer.write(f"{target} = block({', '.join([*carried, *given[len(carried) :]])})", 12, owner=step.name)


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
    told = variables.values.get(End(step.name, plan.wired.ports(step.name).outputs[0].name), "")
    return "" if step.name == (step.kind.kind.lower() if told in ("", *RUNNING) else told) else step.name


def _returned(plan: Plan, variables: Variables) -> str:
    values = {key: variables.values[end] for key, end in plan.returns.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return f"{{{', '.join(f'{quoted(key)}: {value}' for key, value in values.items())}}}"
