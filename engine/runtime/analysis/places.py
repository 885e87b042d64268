"""The places in which graphs are used, each with what the walk looks up there."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from engine.check import blocks, shared_weights, weights
from engine.check.diagnostics import Diagnostic
from engine.check.parameters import values as value_rules
from engine.check.view import View
from engine.graph.algorithms import order
from engine.graph.model import Project, Wire
from engine.graph.node_expressions import has_expressions
from engine.graph.ports import LENGTH
from engine.graph.repetitions import node_name
from engine.graph.resolved import SizeValues, Values, resolved
from engine.runtime.analysis.block_values import undecided, unresolved
from engine.runtime.analysis.build import INT, SAMPLES, Spec
from engine.runtime.analysis.node_analysis import Path
from engine.runtime.analysis.repeated import key_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """A graph in which every expression has its value. ``order``: the nodes, each after those that it needs.

    ``live``: those that lead to an end of the network, or share weights with one that does. ``problems``: of the values
    of expressions, by node.
    """

    view: View
    order: list[str]
    live: set[str]
    problems: dict[str, list[Diagnostic]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """One use of a graph. ``home``: the path of the use that has its weights.

    ``borrows``: whether that is another one. ``total_nodes``: those that count in the totals of the network; none in a
    use that is not live itself.
    """

    view: View
    graph: Resolved
    path: Path
    home: Path
    borrows: bool
    total_nodes: set[str]

    def wires_into(self, name: str) -> list[Wire]:
        """The wires into a node, in the order of its ports."""
        wires = self.view.into.get(name, {}).values()
        if len(wires) < 2:
            return list(wires)
        places = {port.name: place for place, port in enumerate(self.view.ports[name].inputs)}
        return sorted(wires, key=lambda wire: (places.get(wire.target.base, 0), wire.target.index))

    def lengths(self, name: str) -> dict[str, Spec]:
        """The lengths of the samples of an Input of the network, by port, where it gives them."""
        has_port = not self.path and self.view.ports[name].output(LENGTH) is not None
        return {LENGTH: Spec((SAMPLES,), INT)} if has_port else {}

    def problems_of(self, name: str) -> list[Diagnostic]:
        """The problems of the values that the expressions of a node have here."""
        wrong = self.graph.problems.get(name, ())
        return [replace(problem, node=f"{self.view.prefix}{name}") for problem in wrong]


@dataclass(slots=True)
class Places:
    """Makes the places of a project; what is known of a graph with the same values is found once."""

    project: Project
    rule_problems: Sequence[Diagnostic] = ()  # of the rules without torch, which judge the first use of each block
    views: dict[str, View] = field(default_factory=dict)
    _resolved: dict[object, Resolved] = field(default_factory=dict)
    _with_expressions: dict[str, bool] = field(default_factory=dict)

    def at(
        self, graph: str, path: Path, home: Path, values: Values, sizes: SizeValues, *, borrows: bool, counts: bool
    ) -> Place:
        """The place of a graph at a path, with the values of its parameters, and the sizes that it reads."""
        if graph not in self.views:
            nodes = self.project.graphs[graph].nodes
            self.views[graph] = View(self.project, graph, self.project.graphs[graph])
            self._with_expressions[graph] = any(map(has_expressions, nodes.values()))
        key: object = (graph, *values.items(), *sizes.items()) if self._with_expressions[graph] else graph
        if key not in self._resolved:
            self._resolved[key] = self._resolve(graph, values, sizes)
        inside = self._resolved[key]
        view = copy(inside.view)
        view.prefix = "".join(f"{node_name(name)}." for name in path)
        return Place(view, inside, path, home, borrows, inside.live if counts else set())

    def _resolve(self, graph: str, values: Values, sizes: SizeValues) -> Resolved:
        base = self.project.graphs[graph]
        inside = resolved(base, values, sizes)
        if inside is base:
            return Resolved(self.views[graph], order(base), _live_nodes(self.views[graph]))
        view = View(self.project, graph, inside, values=values)
        problems: dict[str, list[Diagnostic]] = {}
        reported = set(map(key_of, self.rule_problems))
        for problem in (*undecided(self.views[graph]), *_value_problems(view, values, sizes)):
            name = problem.node or ""
            mentions = [base.nodes[each] for each in base.nodes[name].mentions if each in base.nodes]
            if key_of(problem) not in reported and any(map(has_expressions, (base.nodes[name], *mentions))):
                problems.setdefault(name, []).append(problem)
        return Resolved(view, order(inside), _live_nodes(view), problems)


def _value_problems(view: View, block_values: Values, sizes: SizeValues) -> Iterator[Diagnostic]:
    """Problems of values that expressions have here; rules without torch judge only the first use of a block."""
    yield from unresolved(view, block_values, sizes)
    for rule in (value_rules.problems, blocks.problems, weights.problems, shared_weights.problems):
        yield from (problem for problem in rule(view) if problem.node is not None)


def _live_nodes(view: View) -> set[str]:
    """The nodes that lead to an end of the network or share weights with one that does; all while a wire is missing."""
    live = view.live()
    if not live or view.is_open(live):
        return set(view.graph.nodes)
    return live | {view.graph.nodes[name].shares or name for name in live}
