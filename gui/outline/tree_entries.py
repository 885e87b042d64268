"""The entries of the outline: graphs, their nodes, the nodes' ports with shapes, and problems."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from engine.check.view import first_uses
from engine.graph.model import Graph, Node, Project, Wire
from engine.graph.ports import ports
from engine.graph.repetitions import node_name
from gui.formatting.formats import plural, tight_shape
from gui.state.analysis_results import AnalysisResults
from gui.state.problem_level import RANK

Role = Literal["graph", "node", "input", "output", "problem"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree. ``key`` names it among its siblings; ``accessible_text`` is for screen readers."""

    role: Role
    key: str
    name: str
    kind: str = ""
    shape: str = ""
    icon: str = ""  # a severity, or a family's name
    accessible_text: str = ""
    graph: str = ""
    node: str = ""
    problem: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """An entry with the branches below it."""

    entry: Entry
    children: tuple["Branch", ...] = ()


def branches(project: Project, results: AnalysisResults) -> tuple[Branch, ...]:
    """The whole outline, the main graph first."""
    names = sorted(project.graphs, key=lambda name: name != project.main)
    prefixes = first_uses(project)
    problems: dict[tuple[str, str], list[Diagnostic]] = defaultdict(list)
    for problem in results.problems:
        if problem.node is not None:
            problems[problem.graph or project.main, node_name(problem.node.rpartition(".")[2])].append(problem)
    return tuple(_graph(project, results, name, prefixes.get(name, ""), problems) for name in names)


def _graph(
    project: Project,
    results: AnalysisResults,
    name: str,
    prefix: str,
    problems: Mapping[tuple[str, str], list[Diagnostic]],
) -> Branch:
    graph = project.graphs[name]
    into, out_of = defaultdict(list), defaultdict(list)
    for wire in graph.wires:
        into[wire.target.node].append(wire)
        out_of[wire.source.node].append(wire)
    nodes = tuple(
        _node(
            _GraphView(project, results, name, prefix, graph),
            each,
            into[each],
            out_of[each],
            problems.get((name, each), []),
        )
        for each in graph.nodes
    )
    is_main = name == project.main
    uses = 0 if is_main else len(list(project.uses(name)))
    kind = "main" if is_main else f"block, {plural(uses, 'use')}" if uses else "block, not used"
    accessible_text = f"{'main graph' if is_main else kind} {name}, {plural(len(nodes), 'node')}"
    return Branch(Entry("graph", name, name, kind, "", "structure", accessible_text, name), nodes)


@dataclass(frozen=True, slots=True)
class _GraphView:
    """A graph with its analysis results, whose nodes' paths start with ``prefix``."""

    project: Project
    results: AnalysisResults
    name: str
    prefix: str
    graph: Graph

    def shape(self, wire: Wire) -> str:
        value = self.results.value(wire, self.prefix)
        return tight_shape(*value) if value else ""


def _node(view: _GraphView, name: str, into: list[Wire], out_of: list[Wire], problems: list[Diagnostic]) -> Branch:
    node = view.graph.nodes[name]
    declared = layer(node.kind)
    results = view.results.node(view.prefix + name)
    shapes = (
        [tight_shape(shape, results.elements.get(port, "float")) for port, shape in results.outputs.items()]
        if results
        else []
    )
    shape = shapes[0] if len(shapes) == 1 else ""
    worst = max(map(view.results.tone, problems), key=RANK.__getitem__, default="")
    icon = worst if worst in ("error", "warning", "unfinished") else declared.family if declared else "structure"
    kind = node.graph or node.kind
    parts = [name, kind, *(f"gives {each.replace('×', ' by ')}" for each in shapes)]
    parts += ["bypassed"] * node.is_bypassed + ([plural(len(problems), "problem")] if problems else [])
    entry = Entry("node", name, name, kind, shape, icon, ", ".join(parts), view.name, name)
    children = [*_inputs(view, name, node, into), *_outputs(view, name, node, out_of), *_problems(view, name, problems)]
    return Branch(entry, tuple(children))


def _inputs(view: _GraphView, name: str, node: Node, into: list[Wire]) -> Iterator[Branch]:
    wires = {wire.target.port: wire for wire in sorted(into, key=lambda wire: wire.target.index)}
    declared = [port.name for port in ports(view.project, node).inputs if not port.variadic]
    for port in dict.fromkeys((*declared, *wires)):
        wire = wires.get(port)
        source = f"\u2190 {wire.source}" if wire else "not wired"
        shape = view.shape(wire) if wire else ""
        accessible_text = (
            f"input {port}, {f'from {wire.source}' if wire else 'not wires'}{f', {shape}' if shape else ''}"
        )
        yield Branch(Entry("input", f"in {port}", port, source, shape, "", accessible_text, view.name, name))


def _outputs(view: _GraphView, name: str, node: Node, out_of: list[Wire]) -> Iterator[Branch]:
    results = view.results.node(view.prefix + name)
    for port in dict.fromkeys(
        (*(port.name for port in ports(view.project, node).outputs), *(w.source.port for w in out_of))
    ):
        targets = ", ".join(str(wire.target) for wire in out_of if wire.source.port == port)
        shape = ""
        if results and port in results.outputs:
            shape = tight_shape(results.outputs[port], results.elements.get(port, "float"))
        accessible_text = f"output {port}, {f'to {targets}' if targets else 'not used'}{f', {shape}' if shape else ''}"
        kind = f"\u2192 {targets}" if targets else "not used"
        yield Branch(Entry("output", f"out {port}", port, kind, shape, "", accessible_text, view.name, name))


def _problems(view: _GraphView, name: str, problems: list[Diagnostic]) -> Iterator[Branch]:
    for at, problem in enumerate(problems):
        tone = view.results.tone(problem)
        accessible_text = f"{tone}: {problem.message} {problem.hint}".strip()
        key = f"problem {at} {problem.code}"
        entry = Entry(
            "problem", key, problem.message, problem.code, "", tone, accessible_text, view.name, name, problem
        )
        yield Branch(entry)
