"""What the outline says: graphs, their nodes, the nodes' ports with shapes, and problems."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from engine.check.view import first_uses
from engine.graph.model import Graph, Node, Project, Wire
from engine.graph.ports import ports
from gui.state.analysis_results import AnalysisResults
from gui.state.problem_level import RANK
from gui.text.formats import plural, tight_shape

Sort = Literal["graph", "node", "input", "output", "problem"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree. ``key`` names it among its siblings; ``spoken`` is what a screen reader says."""

    sort: Sort
    key: str
    name: str
    kind: str = ""
    shape: str = ""
    icon: str = ""  # a severity, or a family's name
    spoken: str = ""
    graph: str = ""
    node: str = ""
    problem: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """An entry with what stands below it."""

    entry: Entry
    children: tuple["Branch", ...] = ()


def branches(project: Project, results: AnalysisResults) -> tuple[Branch, ...]:
    """The whole outline, the main graph first."""
    names = sorted(project.graphs, key=lambda name: name != project.main)
    prefixes = first_uses(project)
    problems: dict[tuple[str, str], list[Diagnostic]] = defaultdict(list)
    for problem in results.problems:
        if problem.node is not None:
            problems[problem.graph or project.main, problem.node.rpartition(".")[2]].append(problem)
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
            _Seen(project, results, name, prefix, graph), each, into[each], out_of[each], problems.get((name, each), [])
        )
        for each in graph.nodes
    )
    kind = "main" if name == project.main else "block"
    spoken = f"{kind} graph {name}, {plural(len(nodes), 'node')}"
    return Branch(Entry("graph", name, name, kind, "", "structure", spoken, name), nodes)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A graph, and where it is seen from."""

    project: Project
    results: AnalysisResults
    name: str
    prefix: str
    graph: Graph

    def shape(self, wire: Wire) -> str:
        value = self.results.value(wire, self.prefix)
        return tight_shape(*value) if value else ""


def _node(seen: _Seen, name: str, into: list[Wire], out_of: list[Wire], problems: list[Diagnostic]) -> Branch:
    node = seen.graph.nodes[name]
    declared = layer(node.kind)
    known = seen.results.node(seen.prefix + name)
    shapes = (
        [tight_shape(shape, known.elements.get(port, "float")) for port, shape in known.outputs.items()]
        if known
        else []
    )
    shape = shapes[0] if len(shapes) == 1 else ""
    worst = max(map(seen.results.tone, problems), key=RANK.__getitem__, default="")
    icon = worst if worst in ("error", "warning", "unfinished") else declared.family if declared else "structure"
    kind = node.graph or node.kind
    told = [name, kind, *(f"gives {each.replace('×', ' by ')}" for each in shapes)]
    told += ["bypassed"] * node.bypass + ([plural(len(problems), "problem")] if problems else [])
    entry = Entry("node", name, name, kind, shape, icon, ", ".join(told), seen.name, name)
    children = [*_inputs(seen, name, node, into), *_outputs(seen, name, node, out_of), *_problems(seen, name, problems)]
    return Branch(entry, tuple(children))


def _inputs(seen: _Seen, name: str, node: Node, into: list[Wire]) -> Iterator[Branch]:
    wired = {wire.target.port: wire for wire in sorted(into, key=lambda wire: wire.target.index)}
    declared = [port.name for port in ports(seen.project, node).inputs if not port.variadic]
    for port in dict.fromkeys((*declared, *wired)):
        wire = wired.get(port)
        source = f"\u2190 {wire.source}" if wire else "not wired"
        shape = seen.shape(wire) if wire else ""
        spoken = f"input {port}, {f'from {wire.source}' if wire else 'not wired'}{f', {shape}' if shape else ''}"
        yield Branch(Entry("input", f"in {port}", port, source, shape, "", spoken, seen.name, name))


def _outputs(seen: _Seen, name: str, node: Node, out_of: list[Wire]) -> Iterator[Branch]:
    known = seen.results.node(seen.prefix + name)
    for port in dict.fromkeys(
        (*(port.name for port in ports(seen.project, node).outputs), *(w.source.port for w in out_of))
    ):
        targets = ", ".join(str(wire.target) for wire in out_of if wire.source.port == port)
        shape = ""
        if known and port in known.outputs:
            shape = tight_shape(known.outputs[port], known.elements.get(port, "float"))
        spoken = f"output {port}, {f'to {targets}' if targets else 'not used'}{f', {shape}' if shape else ''}"
        kind = f"\u2192 {targets}" if targets else "not used"
        yield Branch(Entry("output", f"out {port}", port, kind, shape, "", spoken, seen.name, name))


def _problems(seen: _Seen, name: str, problems: list[Diagnostic]) -> Iterator[Branch]:
    for at, problem in enumerate(problems):
        tone = seen.results.tone(problem)
        spoken = f"{tone}: {problem.message} {problem.hint}".strip()
        key = f"problem {at} {problem.code}"
        entry = Entry("problem", key, problem.message, problem.code, "", tone, spoken, seen.name, name, problem)
        yield Branch(entry)
