"""A project's ``model.py``: the file that is trained and exported."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.catalog.emit import Function, Gradient, Module
from engine.codegen.expression import COUNT
from engine.codegen.graph_class import write_class
from engine.codegen.losses_and_metrics import losses_name, write_losses, write_metrics, write_phases
from engine.codegen.names import class_name, field_name
from engine.codegen.needs import needs
from engine.codegen.parameters import CHOICE
from engine.codegen.place_values import DerivedValues
from engine.codegen.plan import Plan
from engine.codegen.snippets import Import, copy_snippets, import_lines
from engine.codegen.source import Source, Writer
from engine.codegen.uses import GraphClass, graph_classes
from engine.codegen.variables import Variables, variables
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import Project
from engine.graph.ports import end_of, entries

TITLE = '"""A neural network, drawn in Torchloom."""'
CLASS_VARIABLE: Import = ("typing", "ClassVar", "ClassVar")
OPTIONS: Import = ("typing", CHOICE, CHOICE)
IMPORTS: dict[str, Import] = {"torch": ("torch", "", "torch"), "F": ("torch.nn.functional", "", "F")}
ALWAYS: tuple[Import, ...] = (("torch", "Tensor", "Tensor"), ("torch", "nn", "nn"))
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
_USED = re.compile(r"(?<![\w.])(torch|F)\.")


def generate(project: Project, derived: DerivedValues) -> Source:
    """The source of a project's network, its losses and its metrics; the same project always gives the same bytes.

    ``derived``: the parameter values that the analysis reads off the wires.
    Raises: `EngineError` for a project with a problem of severity error, errors_at the node.
    """
    graphs = graph_classes(project, derived)
    main = graphs[project.main].plan
    layers = copy_snippets(_snippet_names(step for graph in graphs.values() for step in _in_class(graph.plan)))
    scores = copy_snippets(_snippet_names(_outside_class(main)), after=layers)
    reserved = [*graphs, *scores.names, *map(losses_name, main.phases), *(["phase"] if main.phases else [])]
    writer = Writer()
    for graph in graphs.values():
        class_name(graph.plan.name, {*scores.names, *map(losses_name, main.phases)})
        writer.blank(2)
        if graph.plan is main:
            _write_main(writer, graph, reserved, scores.text)
        else:
            write_class(writer, graph, variables(graph.plan, None, [*reserved, *_reserved_names(graph)]))
    return _file(writer, layers.text, layers.imports | scores.imports)


def _snippet_names(steps: Iterable[Step]) -> list[tuple[str, str]]:
    names: dict[tuple[str, str], None] = {}
    for step in steps:
        emit = step.kind.emit
        if isinstance(emit, Module) and emit.snippet:
            names[emit.snippet, emit.target] = None
        elif isinstance(emit, Function) and (target := emit.function_for(step.params)) in emit.functions:
            names[emit.snippet, target] = None
        elif isinstance(emit, Gradient):
            names[emit.snippet, emit.function] = None
    return list(names)


def _in_class(plan: Plan) -> Iterator[Step]:
    """Every node that the class builds or calls."""
    yield from plan.module_steps()
    for variant in plan.variants:
        yield from variant.steps


def _outside_class(main: Plan) -> Iterator[Step]:
    """Every node that the functions beside the class compute."""
    for plan in main.phases.values() if main.phases else [main]:
        yield from (*plan.target_steps, *plan.losses)
    if main.phases:
        yield from main.target_steps
    yield from main.metrics


def _write_main(writer: Writer, graph: GraphClass, reserved: Collection[str], snippets: str) -> None:
    plan = graph.plan
    fields, arguments = _fields(plan), _reserved_names(graph)
    main_variables = _variables(plan, fields, reserved, arguments)
    phases = {name: _variables(phase_plan, fields, reserved, arguments) for name, phase_plan in plan.phases.items()}
    write_class(writer, graph, main_variables, phases)
    if snippets:
        writer.blank(2)
        writer.paste(snippets)
    if plan.phases:
        write_phases(writer, graph, phases, fields)
    elif plan.losses:
        writer.blank(2)
        write_losses(writer, graph, main_variables, fields)
    if plan.losses or plan.metrics:
        writer.blank(2)
        write_metrics(writer, graph, main_variables, fields)


def _variables(
    plan: Plan, fields: Mapping[str, str], reserved: Collection[str], arguments: Collection[str]
) -> Variables:
    """The variables of one variant of the main graph, and of the functions that read its outputs.

    ``arguments``: those of ``forward`` that are not fields.
    """
    entering = {entry: field_name(fields[entry], end_of(entry).node, arguments) for entry in plan.inputs}
    losses = [] if plan.phases else plan.losses
    return variables(plan, entering, [*reserved, *arguments], [step.name for step in (*plan.target_steps, *losses)])


def _reserved_names(graph: GraphClass) -> tuple[str, ...]:
    """Names that mean something else in ``forward``: arguments that are not fields, and functions that it calls."""
    counts = any(needs(variant, graph.needs_by_graph).count for variant in graph.plan.variants)
    return (*(("phase",) if graph.plan.phases else ()), *((COUNT, "next") if counts else ()))


def _fields(plan: Plan) -> dict[str, str]:
    for name, node in plan.wiring.graph.of_kind("Input").items():
        field = node.params.get("field") or name
        if not isinstance(field, str):
            raise EngineError(f"{name}: field must be text, got {field!r}.", node=name, code="P002")
    return entries(plan.wiring.graph)


def _file(body: Writer, snippets: str, imports: frozenset[Import]) -> Source:
    lines = [
        _QUOTED.sub("", line)  # slow, so only where one of these may be left
        for line in body.lines
        if "torch." in line or "F." in line or "ClassVar" in line or CHOICE in line
    ]
    used = {name for line in lines for name in _USED.findall(line)}
    if any(line.startswith("    ") and ": ClassVar = " in line for line in lines):
        imports |= {CLASS_VARIABLE}
    if any(f": {CHOICE}[" in line for line in lines):
        imports |= {OPTIONS}
    writer = Writer()
    writer.write(TITLE)
    writer.blank()
    writer.paste("\n".join(import_lines({*ALWAYS, *imports, *(IMPORTS[name] for name in used)})))
    if snippets:
        writer.blank(2)
        writer.paste(snippets)
    writer.append(body)
    return writer.source()
