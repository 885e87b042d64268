"""The analysis results of the shown graph: shapes, sizes and problems by node and wire."""

from collections.abc import Container, Mapping
from typing import NamedTuple, Protocol

from engine.check.diagnostics import Diagnostic
from engine.graph.model import Wire
from engine.graph.repetitions import dotted_names
from gui.canvas.items.size_text import Shape
from gui.state.data_fields import DataFields
from gui.state.problem_level import RANK, Key, Tone, tone

MISSING = "G005"  # a port without a wire: no wire is to blame


class NodeResultsView(Protocol):
    """The results of one node."""

    @property
    def outputs(self) -> Mapping[str, Shape]: ...
    @property
    def elements(self) -> Mapping[str, str]: ...
    @property
    def parameters(self) -> int: ...
    @property
    def macs(self) -> int: ...
    @property
    def times(self) -> int: ...


class ResultsView(Protocol):
    """The part of `gui.state.analysis_results.AnalysisResults` that the canvas reads."""

    @property
    def nodes(self) -> Mapping[str, NodeResultsView]: ...
    @property
    def problems(self) -> tuple[Diagnostic, ...]: ...
    @property
    def fields(self) -> DataFields: ...
    @property
    def reported(self) -> Container[Key]: ...


class Value(NamedTuple):
    """The shape and the element type of the value in a wire."""

    shape: Shape
    element: str


class GraphResults:
    """The results of the shown graph, whose nodes' paths start with ``prefix``."""

    def __init__(self, results: ResultsView | None, graph: str, prefix: str) -> None:
        self._nodes: Mapping[str, NodeResultsView] = results.nodes if results else {}
        self._prefix = prefix
        self._reported: Container[Key] = results.reported if results else ()
        self.problems: dict[str, list[Diagnostic]] = {}
        for problem in results.problems if results else ():
            path = dotted_names(problem.node or "")
            if path and (problem.graph == graph or path.startswith(prefix)):
                self._file(path, is_here=problem.graph == graph, problem=problem)

    @property
    def is_empty(self) -> bool:
        """Whether there are no results."""
        return not self._nodes and not self.problems

    def node(self, name: str) -> NodeResultsView | None:
        """The results of a node, or ``None``."""
        return self._nodes.get(self._prefix + name)

    def value(self, wire: Wire) -> Value | None:
        """The value in a wire, or ``None`` if unknown."""
        results = self.node(wire.source.node)
        if results is None or wire.source.port not in results.outputs:
            return None
        return Value(results.outputs[wire.source.port], results.elements.get(wire.source.port, "float"))

    def tone(self, problem: Diagnostic) -> Tone:
        """The tone in which a problem is shown."""
        return tone(problem, self._reported)

    def severity(self, name: str) -> str:
        """The tone of the worst problem of a node; empty if it is only a remark."""
        worst = max((self.tone(each) for each in self.problems.get(name, ())), key=RANK.__getitem__, default="")
        return "" if worst == "info" else worst

    def wire_problem(self, wire: Wire) -> Diagnostic | None:
        """The problem of a wire whose value does not fit, or ``None``.

        A value that does not fit into a node outside the network is a warning; such a node then has no results.
        """
        is_left_out = self.node(wire.target.node) is None
        for each in self.problems.get(wire.target.node, ()):
            counts = each.severity == "error" or (is_left_out and each.code.startswith("S"))
            if each.port == wire.target.port and counts and each.code != MISSING:
                return each
        return None

    def _file(self, path: str, problem: Diagnostic, *, is_here: bool) -> None:
        """Add a problem to its node in the shown graph, or to the block use that contains its node."""
        # A block is checked once, where it is first used; its problems have the path of that use.
        name = path.rpartition(".")[2] if is_here else path.removeprefix(self._prefix).partition(".")[0]
        self.problems.setdefault(name, []).append(problem)
