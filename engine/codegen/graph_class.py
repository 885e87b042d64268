"""The class of one graph."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.catalog.expressions import Expression
from engine.catalog.params import Value
from engine.codegen.class_docstring import sentence
from engine.codegen.expression import COUNT, call, constructor
from engine.codegen.indexed import INDEX, Indexed, OfIndex, source
from engine.codegen.literals import literal, quote
from engine.codegen.loops import BlockVariable, Rounds, repetitions, rounds_of
from engine.codegen.names import RUNNING, attribute
from engine.codegen.needs import needs_of_block
from engine.codegen.plan import Plan
from engine.codegen.source import Writer
from engine.codegen.uses import GraphClass, errors_at
from engine.codegen.variables import Variables
from engine.codegen.weights import WeightsCode
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import End

PHASE = "Returns what the losses of the phase `{}` compare."


def write_class(
    writer: Writer, graph: GraphClass, variables: Variables, phases: Mapping[str, Variables] = MappingProxyType({})
) -> None:
    """Write ``class Stem(nn.Module)`` with its constructor, ``forward``, and a method for each of the ``phases``."""
    plan = graph.plan
    writer.write(f"class {plan.name}(nn.Module):")
    writer.write(f'"""{sentence(graph, variables)}"""', 4)
    writer.blank()
    if plan.module_steps() or graph.parameters.are_read:
        weights = WeightsCode(graph.parameters, graph.conditions_by_graph)
        weights.write_constants(writer)
        _write_constructor(writer, graph, weights)
        writer.blank()
        weights.write_train(writer)
    if phases:
        _write_choice(writer, graph, {"": variables, **phases})
    else:
        _write_head(writer, "forward", _annotations(_arguments(graph, variables)), plan)
    if plan.returns:
        _write_steps(writer, graph, variables)
    else:
        writer.write('raise ValueError("Name a phase: the network has no output without one.")', 8)
    for name, phase_variables in phases.items():
        phase_class = replace(graph, plan=plan.phases[name])
        writer.blank()
        _write_head(writer, method(name), _annotations(_arguments(phase_class, phase_variables)), phase_class.plan)
        writer.write(f'"""{PHASE.format(name)}"""', 8)
        _write_steps(writer, phase_class, phase_variables)


def method(phase: str) -> str:
    """The name of the method that computes what a phase needs."""
    return f"_{phase}_phase"


def _write_choice(writer: Writer, graph: GraphClass, variables: Mapping[str, Variables]) -> None:
    """The head of a ``forward`` that takes a phase, and the calls of the methods of the phases."""
    plan = graph.plan
    variants = {phase: variant for phase, variant in {"": plan, **plan.phases}.items() if variant.returns}
    arguments = {
        phase: _arguments(replace(graph, plan=variant), variables[phase]) for phase, variant in variants.items()
    }
    types_by_name = {name: kind for of_phase in arguments.values() for name, kind in of_phase.items()}
    order = dict.fromkeys(plan.wiring.field(name) for name in plan.wiring.graph.of_kind("Input"))
    types = {name: types_by_name[name] for name in (*order, *types_by_name) if name in types_by_name}
    always = [name for name in types if all(name in of_phase for of_phase in arguments.values())]
    takes = _annotations({name: types[name] for name in always})
    takes += [f"{name}: {kind} | None = None" for name, kind in types.items() if name not in always]
    _write_head(writer, "forward", [*takes, "phase: str | None = None"], *variants.values())
    for phase in plan.phases:
        writer.write(f"if phase == {quote(phase)}:", 8)
        writer.write(f"return self.{method(phase)}({', '.join(arguments[phase])})", 12)
    writer.write("if phase is not None:", 8)
    writer.write('raise ValueError(f"There is no phase {phase!r}.")', 12)


def _write_head(writer: Writer, name: str, takes: list[str], *plans: Plan) -> None:
    """The head of a method that returns what one of the plans returns."""
    types = {"Tensor" if len(plan.returns) == 1 else "dict[str, Tensor]" for plan in plans}
    writer.write(f"def {name}({', '.join(['self', *takes])}) -> {' | '.join(sorted(types))}:", 4)


def _write_steps(writer: Writer, graph: GraphClass, variables: Variables) -> None:
    ends = graph.plan.gradient_inputs
    for name in graph.plan.inputs:
        _write_differentiable(writer, ends.get(name, ()), variables)
    condition = ""
    with errors_at(graph) as current:
        for step in graph.plan.steps:
            current.step = step
            condition = _write_step(writer, graph, step, variables, condition)
            if step.name in ends:
                _write_differentiable(writer, ends[step.name], variables)
                condition = ""
    writer.write(f"return {_returns(graph.plan, variables)}", 8)


def _write_differentiable(writer: Writer, ends: Iterable[End], variables: Variables) -> None:
    """Make values differentiable where a gradient needs that, even if no weight before them learns."""
    for end in ends:
        variable = variables.values[end]
        writer.write(f"{variable} = differentiable({variable})", 8, owner=end.node)


def _arguments(graph: GraphClass, variables: Variables) -> dict[str, str]:
    """The type of each argument of ``forward``, by name."""
    fields = {variables.parameters[name]: "Tensor" for name in graph.plan.inputs}
    return fields | ({COUNT: "int"} if graph.needs.count else {})


def _annotations(arguments: Mapping[str, str]) -> list[str]:
    return [f"{name}: {kind}" for name, kind in arguments.items()]


def _write_constructor(writer: Writer, graph: GraphClass, weights: WeightsCode) -> None:
    parameters = graph.parameters
    arguments = [f"{name}: {_types(values.values())}" for name, values in graph.every_argument.items()]
    arguments += map(parameters.default, parameters.arguments)
    writer.write(f"def __init__({', '.join(['self', *arguments])}) -> None:", 4)
    writer.write("super().__init__()", 8)
    for argument, name in parameters.attributes.items():
        writer.write(f"self.{name} = {argument}", 8)
    conditions, before = set[str](), ""
    with errors_at(graph) as current:
        for step in graph.plan.module_steps():
            current.step = step
            condition = parameters.conditions.get(step.name, "")
            if condition and condition != before:
                _write_condition(writer, graph, step.name, conditions)
                writer.write(f"if not self.{condition}:", 8, owner=step.name)
            before, indent = condition, 12 if condition else 8
            construction = weights.construction(step, _construction(graph, step))
            writer.write(f"self.{attribute(step.name)} = {construction}", indent, owner=step.name)
            weights.write_beginning(writer, step, indent)
    for name in parameters.conditions:
        _write_condition(writer, graph, name, conditions)
    weights.write_sharing(writer)
    weights.write_following(writer)


def _write_condition(writer: Writer, graph: GraphClass, name: str, conditions: set[str]) -> None:
    """Write the attribute that is true where a node is bypassed, once. ``conditions``: those that are there."""
    condition, bypass = graph.parameters.conditions[name], graph.plan.wiring.node(name).bypass
    if condition not in conditions and isinstance(bypass, Expression):
        conditions.add(condition)
        writer.write(f"self.{condition} = {graph.parameters.in_constructor(bypass)}", 8, owner=name)


def _types(values: Iterable[Value]) -> str:
    kinds = {"tuple[int, ...]" if isinstance(value, tuple) else type(value).__name__ for value in values}
    return " | ".join(sorted(kinds))


def _construction(graph: GraphClass, step: Step) -> str:
    if not step.block:
        return constructor(step.kind, graph.values[step.name])
    values = graph.uses[step.name]
    arguments = ", ".join(f"{name}={source(value)}" for name, value in values.items())
    one = f"{step.block}({arguments})"
    if step.repeat == 1:
        return one
    variable = INDEX if any(isinstance(value, Indexed | OfIndex) for value in values.values()) else "_"
    return f"nn.ModuleList({one} for {variable} in range({step.repeat}))"


def _write_step(writer: Writer, graph: GraphClass, step: Step, variables: Variables, before: str) -> str:
    """Write the statements of a step, below a condition where its bypass is one; returns that.

    ``before``: the condition of the step before, below which this one may stand too.
    """
    condition, rounds = graph.parameters.conditions.get(step.name, ""), _rounds(graph, step, variables)
    if not condition:
        _write_call(writer, graph, step, variables, rounds)
        return ""
    bypassed = {_first_output(graph, step): variables.values[next(iter(step.inputs.values()))]}
    variable = _variable(graph, step, variables)
    has_begun = rounds is not None and rounds.begins_with(bypassed)
    if rounds is not None and has_begun:
        bypassed = rounds.first
    passing = variable.assignment(bypassed) if variable.name else ""
    if passing and not has_begun:
        writer.write(f"if self.{condition}:", 8, owner=step.name)
        writer.write(passing, 12, owner=step.name)
        writer.write("else:", 8, owner=step.name)
    else:
        if passing:
            writer.write(passing, 8, owner=step.name)
        if passing or condition != before:
            writer.write(f"if not self.{condition}:", 8, owner=step.name)
    _write_call(writer, graph, step, variables, rounds, indent=12, has_begun=has_begun)
    return condition


def _first_output(graph: GraphClass, step: Step) -> str:
    return graph.plan.wiring.ports(step.name).outputs[0].name


def _variable(graph: GraphClass, step: Step, variables: Variables) -> BlockVariable:
    """The variable of what a step gives, of a layer that of its first output."""
    outputs = tuple(port.name for port in graph.plan.wiring.ports(step.name).outputs)
    if step.block:
        return BlockVariable(variables.targets[step.name], outputs)
    return BlockVariable(variables.values.get(End(step.name, outputs[0]), ""), outputs[:1])


def _write_call(
    writer: Writer,
    graph: GraphClass,
    step: Step,
    variables: Variables,
    rounds: Rounds | None,
    *,
    indent: int = 8,
    has_begun: bool = False,
) -> None:
    plan, target = graph.plan, variables.targets[step.name]
    comment = _name_comment(plan, step, variables)
    if rounds:
        rounds.write(writer, step.name, comment, indent, has_begun=has_begun)
        return
    arguments = {port: variables.values[end] for port, end in step.inputs.items()}
    if step.block:
        values = [*_block_arguments(plan, step, arguments), *_count(graph, step)]
        value = f"self.{step.attribute}({', '.join(values)})"
    else:
        own = graph.values.get(step.attribute, step.params)
        call_values = graph.parameters.forward_values(step, own)
        value = call(step.kind, f"self.{step.attribute}", arguments, call_values)
    writer.write(f"{target} = {value}", indent, owner=step.name, comment=comment)


def _count(graph: GraphClass, step: Step) -> list[str]:
    """The argument for the number of samples, for a block that takes it."""
    block_needs = needs_of_block(graph.plan.wiring.project, step.block, graph.needs_by_graph)
    return [f"{COUNT}={COUNT}"] if block_needs.count else []


def _rounds(graph: GraphClass, step: Step, variables: Variables) -> Rounds | None:
    """The ``for`` of a loop or of a repeated block; ``None`` for any other step."""
    if not step.loop and step.repeat == 1:
        return None
    plan, variable, more = graph.plan, _variable(graph, step, variables), _count(graph, step)
    names, outputs = ([port.name for port in ports] for ports in plan.wiring.ports(step.name))
    values = _block_arguments(plan, step, {port: variables.values[end] for port, end in step.inputs.items()})
    if step.loop:
        count = step.loop.count
        text = graph.parameters.in_forward(count) if isinstance(count, Expression) else literal(count)
        inputs = dict(zip(names, values, strict=True))
        return rounds_of(step.loop, step.attribute, variable, inputs, more, variables.rounds[step.name], text)
    if len(outputs) > len(names):
        raise EngineError(
            f"{step.block} gives {len(outputs)} values but takes {len(names)}, so it cannot be repeated.",
            code="G012",
        )
    return repetitions(step.attribute, variable, values, more)


def _block_arguments(plan: Plan, step: Step, arguments: Mapping[str, str]) -> list[str]:
    names = [port.name for port in plan.wiring.ports(step.name).inputs]
    missing = next((name for name in names if name not in arguments), None)
    if missing is not None:
        raise EngineError(f"{step.block} needs a wire into {missing}.", code="G005")
    return [arguments[name] for name in names]


def _name_comment(plan: Plan, step: Step, variables: Variables) -> str:
    """A node's name for a comment, when no attribute or variable has it, so that the source can be parsed back."""
    if step.attribute:
        return "" if step.attribute == step.name else step.name
    variable = variables.values.get(End(step.name, plan.wiring.ports(step.name).outputs[0].name), "")
    return "" if step.name == (step.kind.kind.lower() if variable in ("", *RUNNING) else variable) else step.name


def _returns(plan: Plan, variables: Variables) -> str:
    values = {key: variables.values[end] for key, end in plan.returns.items()}
    if len(values) == 1:
        return next(iter(values.values()))
    return f"{{{', '.join(f'{quote(key)}: {value}' for key, value in values.items())}}}"
