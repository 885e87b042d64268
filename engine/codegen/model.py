"""A project's ``model.py``: the file that is trained and exported."""

import re
from collections.abc import Iterable

from engine.catalog.spec import Function, Module
from engine.codegen.block import write_class
from engine.codegen.names import class_name, field_name
from engine.codegen.plan import Plan, Step
from engine.codegen.scores import write_losses, write_metrics
from engine.codegen.snippets import Copied, Import, copied, import_lines
from engine.codegen.source import Source, Writer
from engine.codegen.uses import Built, Derived, built
from engine.codegen.variables import Variables, variables
from engine.errors import EngineError
from engine.graph.model import Project

TITLE = '"""A neural network, drawn in Torchloom."""'
IMPORTS: dict[str, Import] = {"torch": ("torch", "", "torch"), "F": ("torch.nn.functional", "", "F")}
ALWAYS: tuple[Import, ...] = (("torch", "Tensor", "Tensor"), ("torch", "nn", "nn"))
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
_USED = re.compile(r"(?<![\w.])(torch|F)\.")


def generate(project: Project, derived: Derived) -> Source:
    """The source of a project's network, its losses and its metrics; the same project always gives the same bytes.

    ``derived``: the parameter values that the analysis read off the wires.
    Raises: `EngineError` for a project with a problem of severity error, naming the node.
    """
    graphs = built(project, derived)
    snippets = copied(_wanted(graphs))
    writer = Writer()
    for graph in graphs.values():
        class_name(graph.plan.name, snippets.names)
        writer.blank(2)
        taken = [*graphs, *snippets.names]
        if graph.plan.name == project.main:
            _write_main(writer, graph, taken)
        else:
            write_class(writer, graph, variables(graph.plan, None, taken))
    return _assembled(writer, snippets)


def _wanted(graphs: dict[str, Built]) -> list[tuple[str, str]]:
    steps: list[Step] = []
    for graph in graphs.values():
        plan = graph.plan
        steps += [*plan.built(), *plan.steps, *plan.aside, *plan.losses, *plan.metrics]
    emits = (step.kind.emit for step in steps)
    found = [(emit.snippet, emit.target) for emit in emits if isinstance(emit, Module | Function) and emit.snippet]
    return list(dict.fromkeys(found))


def _write_main(writer: Writer, graph: Built, taken: Iterable[str]) -> None:
    plan = graph.plan
    fields = _fields(plan)
    entering = {name: field_name(fields[name], name) for name in plan.inputs}
    found: Variables = variables(plan, entering, taken, [step.name for step in (*plan.aside, *plan.losses)])
    write_class(writer, graph, found)
    if plan.losses:
        writer.blank(2)
        write_losses(writer, graph, found, fields)
    if plan.metrics:
        writer.blank(2)
        write_metrics(writer, graph, found, fields)


def _fields(plan: Plan) -> dict[str, str]:
    found = {}
    for name, node in plan.wired.graph.of_kind("Input").items():
        field = node.params.get("field") or name
        if not isinstance(field, str):
            raise EngineError(f"{name}: field must be text, got {field!r}.", node=name, code="P002")
        found[name] = field
    return found


def _assembled(body: Writer, snippets: Copied) -> Source:
    used = {name for line in body.lines for name in _USED.findall(_QUOTED.sub("", line))}
    writer = Writer()
    writer.write(TITLE)
    writer.blank()
    writer.paste("\n".join(import_lines({*ALWAYS, *snippets.imports, *(IMPORTS[name] for name in used)})))
    if snippets.text:
        writer.blank(2)
        writer.paste(snippets.text)
    writer.append(body)
    return writer.source()
