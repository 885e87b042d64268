"""A project's ``model.py``: the file that is trained and exported."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from engine.catalog.emit import Function, Gradient, Module
from engine.codegen.block import write_class
from engine.codegen.expression import COUNT
from engine.codegen.names import class_name, field_name
from engine.codegen.needs import needs
from engine.codegen.plan import Plan
from engine.codegen.scores import losses_name, write_losses, write_metrics, write_phases
from engine.codegen.snippets import Import, copy_snippets, import_lines
from engine.codegen.source import Source, Writer
from engine.codegen.uses import Derived, GraphClass, graph_classes
from engine.codegen.variables import Variables, variables
from engine.codegen.wired import Step
from engine.errors import EngineError
from engine.graph.model import Project

TITLE = '"""A neural network, drawn in Torchloom."""'
CLASS_VARIABLE: Import = ("typing", "ClassVar", "ClassVar")
IMPORTS: dict[str, Import] = {"torch": ("torch", "", "torch"), "F": ("torch.nn.functional", "", "F")}
ALWAYS: tuple[Import, ...] = (("torch", "Tensor", "Tensor"), ("torch", "nn", "nn"))
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
_USED = re.compile(r"(?<![\w.])(torch|F)\.")


def generate(project: Project, derived: Derived) -> Source:
    """The source of a project's network, its losses and its metrics; the same project always gives the same bytes.

    ``derived``: the parameter values that the analysis read off the wires.
    Raises: `EngineError` for a project with a problem of severity error, naming the node.
    """
    graphs = graph_classes(project, derived)
    main = graphs[project.main].plan
    layers = copy_snippets(_wanted(step for graph in graphs.values() for step in _in_class(graph.plan)))
    scores = copy_snippets(_wanted(_beside_class(main)), after=layers)
    taken = [*graphs, *scores.names, *map(losses_name, main.phases), *(["phase"] if main.phases else [])]
    writer = Writer()
    for graph in graphs.values():
        class_name(graph.plan.name, {*scores.names, *map(losses_name, main.phases)})
        writer.blank(2)
        if graph.plan is main:
            _write_main(writer, graph, taken, scores.text)
        else:
            write_class(writer, graph, variables(graph.plan, None, [*taken, *_reserved(graph)]))
    return _assembled(writer, layers.text, layers.imports | scores.imports)


def _wanted(steps: Iterable[Step]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for step in steps:
        emit = step.kind.emit
        if isinstance(emit, Module) and emit.snippet:
            found[emit.snippet, emit.target] = None
        elif isinstance(emit, Function) and (target := emit.function_for(step.params)) in emit.functions:
            found[emit.snippet, target] = None
        elif isinstance(emit, Gradient):
            found[emit.snippet, emit.function] = None
    return list(found)


def _in_class(plan: Plan) -> Iterator[Step]:
    """Every node that the class builds or calls."""
    yield from plan.built()
    for way in plan.ways:
        yield from way.steps


def _beside_class(main: Plan) -> Iterator[Step]:
    """Every node that the functions beside the class compute."""
    ways = main.phases.values() if main.phases else [main]
    for way in ways:
        yield from (*way.aside, *way.losses)
    if main.phases:
        yield from main.aside
    yield from main.metrics


def _write_main(writer: Writer, graph: GraphClass, taken: Collection[str], snippets: str) -> None:
    plan = graph.plan
    fields, own = _fields(plan), _reserved(graph)
    found = _variables(plan, fields, taken, own)
    phases = {name: _variables(way, fields, taken, own) for name, way in plan.phases.items()}
    write_class(writer, graph, found, phases)
    if snippets:
        writer.blank(2)
        writer.paste(snippets)
    if plan.phases:
        write_phases(writer, graph, phases, fields)
    elif plan.losses:
        writer.blank(2)
        write_losses(writer, graph, found, fields)
    if plan.losses or plan.metrics:
        writer.blank(2)
        write_metrics(writer, graph, found, fields)


def _variables(plan: Plan, fields: Mapping[str, str], taken: Collection[str], own: Collection[str]) -> Variables:
    """The variables of one way through the main graph, and of the functions that read what it gives.

    ``own``: the arguments of ``forward`` that are no fields.
    """
    entering = {name: field_name(fields[name], name, own) for name in plan.inputs}
    losses = [] if plan.phases else plan.losses
    return variables(plan, entering, [*taken, *own], [step.name for step in (*plan.aside, *losses)])


def _reserved(graph: GraphClass) -> tuple[str, ...]:
    """Names that mean something else in ``forward``: its arguments that are no values, and what it calls."""
    counts = any(needs(way, graph.known).count for way in graph.plan.ways)
    return (*(("phase",) if graph.plan.phases else ()), *((COUNT, "next") if counts else ()))


def _fields(plan: Plan) -> dict[str, str]:
    found = {}
    for name, node in plan.wired.graph.of_kind("Input").items():
        field = node.params.get("field") or name
        if not isinstance(field, str):
            raise EngineError(f"{name}: field must be text, got {field!r}.", node=name, code="P002")
        found[name] = field
    return found


def _assembled(body: Writer, snippets: str, imports: frozenset[Import]) -> Source:
    used = {name for line in body.lines for name in _USED.findall(_QUOTED.sub("", line))}
    if any(line.startswith("    ") and ": ClassVar = " in line for line in body.lines):
        imports |= {CLASS_VARIABLE}
    writer = Writer()
    writer.write(TITLE)
    writer.blank()
    writer.paste("\n".join(import_lines({*ALWAYS, *imports, *(IMPORTS[name] for name in used)})))
    if snippets:
        writer.blank(2)
        writer.paste(snippets)
    writer.append(body)
    return writer.source()
