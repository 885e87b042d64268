"""The functions ``losses`` and ``metrics``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.catalog.params import Value
from engine.codegen.expression import call
from engine.codegen.literals import literal, quote
from engine.codegen.plan import Plan
from engine.codegen.source import Writer
from engine.codegen.uses import GraphClass, errors_at
from engine.codegen.variables import Variables
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import End
from engine.graph.ports import end_of, entry_of
from engine.graph.reserved import RESERVED_LOSSES

LOSSES = "Returns each loss by name, and `total`, the sum to minimize."
PHASE_LOSSES = "Returns each loss of the phase `{}` by name, and `total`, the sum to minimize."
SOME_LOSSES = "Returns each loss of a phase by name, and `total`, the sum to minimize in it."
METRICS = "Returns each metric by name."


def losses_name(phase: str) -> str:
    """The name of the function that returns the losses of a phase."""
    return f"_{phase}_losses"


def write_phases(
    writer: Writer, graph: GraphClass, variables: Mapping[str, Variables], fields: Mapping[str, str]
) -> None:
    """Write ``losses(outputs, batch, phase)``, and a function for each phase."""
    phases = graph.plan.phases
    for name, plan in phases.items():
        writer.blank(2)
        _write_head(writer, losses_name(name), _outputs_type(plan), PHASE_LOSSES.format(name))
        _write_terms(writer, replace(graph, plan=plan), variables[name], fields)
    writer.blank(2)
    types = " | ".join(sorted({_outputs_type(plan) for plan in phases.values()}))
    _write_head(writer, "losses", types, SOME_LOSSES, more=", phase: str | None = None")
    writer.code("\n".join(phase_choice(phases)), 4)


def phase_choice(phases: Iterable[str]) -> list[str]:
    """The lines of ``losses`` that choose the function of a phase."""
    lines = []
    for name in phases:
        lines += [f"if phase == {quote(name)}:", f"    return {losses_name(name)}(outputs, batch)"]
    return [*lines, 'raise ValueError(f"There is no phase {phase!r}.")']


def write_losses(writer: Writer, graph: GraphClass, variables: Variables, fields: Mapping[str, str]) -> None:
    """Write ``losses(outputs, batch)``."""
    _write_head(writer, "losses", _outputs_type(graph.plan), LOSSES)
    _write_terms(writer, graph, variables, fields)


def _write_terms(writer: Writer, graph: GraphClass, variables: Variables, fields: Mapping[str, str]) -> None:
    plan = graph.plan
    values = _write_target_steps(writer, graph, plan.losses, variables, fields)
    terms = []
    with errors_at(graph) as current:
        for step in plan.losses:
            current.step = step
            if step.name in RESERVED_LOSSES:
                raise EngineError(f"A loss cannot be called {step.name}.", hint="Rename it.", code="G016")
            writer.write(f"{variables.names[step.name]} = {_call(step, values)}", 4, owner=step.name)
            terms.append(_term(step.params.get("scale", 1.0), variables.names[step.name]))
    entries = [f"{quote(step.name)}: {variables.names[step.name]}" for step in plan.losses]
    if len(terms) > 1:
        writer.write(f"total = {' + '.join(terms)}", 4)
    entries.append(f'"total": {terms[0] if len(terms) == 1 else "total"}')
    writer.write(f"return {{{', '.join(entries)}}}", 4)


def write_metrics(writer: Writer, graph: GraphClass, variables: Variables, fields: Mapping[str, str]) -> None:
    """Write ``metrics(outputs, batch)``."""
    plan = graph.plan
    _write_head(writer, "metrics", _outputs_type(plan), METRICS)
    values = _write_target_steps(writer, graph, plan.metrics, variables, fields)
    entries = []
    with errors_at(graph) as current:
        for step in plan.metrics:
            current.step = step
            entries.append((step.name, f"{quote(step.name)}: {_call(step, values)}"))
    if not entries:
        writer.write("return {}", 4)
        return
    if len(entries) == 1:
        writer.write(f"return {{{entries[0][1]}}}", 4, owner=entries[0][0])
        return
    writer.write("return {", 4)
    for name, entry in entries:
        writer.write(f"{entry},", 8, owner=name)
    writer.write("}", 4)


def _outputs_type(plan: Plan) -> str:
    return "Tensor" if len(plan.returns) == 1 else "dict[str, Tensor]"


def _write_head(writer: Writer, name: str, outputs_type: str, sentence: str, more: str = "") -> None:
    writer.write(f"def {name}(outputs: {outputs_type}, batch: dict[str, Tensor]{more}) -> dict[str, Tensor]:")
    writer.write(f'"""{sentence}"""', 4)


def _write_target_steps(
    writer: Writer, graph: GraphClass, scores: Sequence[Step], variables: Variables, fields: Mapping[str, str]
) -> dict[End, str]:
    """Write the target steps that these scores need; returns the expression of each value that scores can read."""
    plan = graph.plan
    values = {end_of(entry): f"batch[{quote(field)}]" for entry, field in fields.items()}
    for key, end in reversed(plan.returns.items()):
        if entry_of(end) not in fields:
            values[end] = "outputs" if len(plan.returns) == 1 else f"outputs[{quote(key)}]"
    read = {end.node for score in scores for end in score.inputs.values()}
    for step in reversed(plan.target_steps):
        read |= {end.node for end in step.inputs.values()} if step.name in read else set()
    with errors_at(graph) as current:
        for step in plan.target_steps:
            current.step = step
            if step.name in read:
                variable = variables.names[step.name]
                values[End(step.name, plan.wiring.ports(step.name).outputs[0].name)] = variable
                comment = "" if variable == step.name else step.name
                writer.write(f"{variable} = {_call(step, values)}", 4, owner=step.name, comment=comment)
    return values


def _call(step: Step, values: Mapping[End, str]) -> str:
    return call(step.kind, "", {port: values[end] for port, end in step.inputs.items()}, step.params)


def _term(scale: Value, variable: str) -> str:
    factor = float(scale) if isinstance(scale, int | float) else 1.0
    return variable if factor == 1.0 else f"{literal(factor)} * {variable}"
