"""One graph with what the rules look up: declarations, ports, wires, and paths for the messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.catalog.index import layer
from engine.catalog.params import Param
from engine.catalog.spec import Layer, Port
from engine.check.diagnostics import Diagnostic, Fix, Severity
from engine.graph.block_params import block_params
from engine.graph.edits import Edit
from engine.graph.model import Graph, Node, Project, Wire
from engine.graph.node_expressions import has_expressions
from engine.graph.ports import Ports, fixed_ports, ports
from engine.graph.resolved import Values, first_values, resolved

SINKS = ("output", "loss", "metric")
"""The roles that end a computation: a node that reaches none of them has no effect."""


@dataclass
class View:
    """A graph of a project, with every expression that has a value at its first use replaced by that.

    What rules look up is found when one first asks, as many views only name the place of a problem.

    ``prefix``: the path of its first use with a dot; empty for main and unused ones. ``values``: of the parameters
    that the graph has as a block; ``None`` for those at its first use, without those that depend on sizes.
    """

    project: Project
    name: str
    graph: Graph
    prefix: str = ""
    values: Values | None = None

    def __post_init__(self) -> None:
        if any(map(has_expressions, self.graph.nodes.values())):
            if self.values is None:
                self.values = first_values(self.project).get(self.name, {})
            self.graph = resolved(self.graph, self.values)

    @cached_property
    def layers(self) -> dict[str, Layer | None]:
        """The declaration of each node, ``None`` for an unknown kind."""
        return {name: layer(node.kind) for name, node in self.graph.nodes.items()}

    @cached_property
    def ports(self) -> dict[str, Ports]:
        """The ports of each node."""
        return {name: fixed_ports(node.kind) or self._ports(node) for name, node in self.graph.nodes.items()}

    @cached_property
    def into(self) -> dict[str, dict[str, Wire]]:
        """The first wire into each port, by node and port."""
        into: dict[str, dict[str, Wire]] = defaultdict(dict)
        for wire in self.graph.wires:
            into[wire.target.node].setdefault(wire.target.port, wire)
        return into

    @cached_property
    def out_of(self) -> dict[str, list[Wire]]:
        """The wires that start at each node."""
        out_of: dict[str, list[Wire]] = defaultdict(list)
        for wire in self.graph.wires:
            out_of[wire.source.node].append(wire)
        return out_of

    def _ports(self, node: Node) -> Ports:
        return ports(self.project, node, self.graph.nodes.get(node.shares or ""))

    def params(self, name: str) -> tuple[Param, ...]:
        """The parameters that a node can have: of its kind, or of the block that it uses."""
        declared = self.layers[name]
        if declared is None or declared.role != "block":
            return declared.params if declared else ()
        block = self.project.graphs.get(self.graph.nodes[name].graph or "")
        return block_params(block) if block else ()

    @property
    def unresolved(self) -> Graph:
        """The graph as the project has it, with its expressions."""
        return self.project.graphs[self.name]

    @property
    def is_main(self) -> bool:
        return self.name == self.project.main

    def role(self, node: str) -> str:
        """The declared role of a node, ``""`` for an unknown kind."""
        declared = self.layers.get(node)
        return declared.role if declared else ""

    def sinks(self) -> list[str]:
        """The nodes that end a computation."""
        return [name for name in self.graph.nodes if self.role(name) in SINKS]

    def live(self) -> set[str]:
        """The nodes that reach an output, a loss or a metric."""
        nodes, todo = set(), self.sinks()
        while todo:
            name = todo.pop()
            if name not in nodes and name in self.graph.nodes:
                nodes.add(name)
                todo += [wire.source.node for wire in self.into[name].values()] if name in self.into else []
        return nodes

    def missing_inputs(self, name: str) -> list[Port]:
        """The inputs of a node that need a wire and have none."""
        wires: Mapping[str, Wire] = self.into.get(name, {})
        params, inputs = self.graph.nodes[name].params, self.ports[name].inputs
        lacking = []
        for port in inputs:
            is_wired = any(key.startswith(f"{port.name}[") for key in wires) if port.variadic else port.name in wires
            if not (is_wired or port.optional) and params.get(port.number) is None:
                lacking.append(port)
        if not (lacking or wires) and all(port.number for port in inputs):
            return [*inputs[-1:]]  # with numbers alone there is nothing to compute from
        return lacking

    def is_open(self, live: Iterable[str]) -> bool:
        """Whether a ``live`` node lacks a wire, which may come from a node that reaches nothing yet."""
        return any(self.missing_inputs(name) for name in live)

    def field_behind(self, name: str, port: str) -> str | None:
        """The field of the data whose values reach a port, changed at most in layout, or ``None``."""
        visited: set[str] = set()
        while (wire := self.into.get(name, {}).get(port)) is not None and name not in visited:
            visited.add(name)
            name = wire.source.node
            if name not in self.graph.nodes:
                return None
            node, declared = self.graph.nodes[name], self.layers[name]
            if node.kind == "Input":
                return str(node.params.get("field") or name)
            if declared is None or not (declared.layout != "computed" or node.is_bypassed):
                return None
            inputs = self.ports[name].inputs
            if not inputs:
                return None
            port = inputs[0].name
        return None

    def problem(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        node: str | None = None,
        port: str | None = None,
        severity: Severity = "error",
        fix: tuple[str, Edit] | None = None,
    ) -> Diagnostic:
        """A problem of this graph; ``node`` is a name in it, and becomes a path."""
        return Diagnostic(
            code,
            severity,
            message,
            hint,
            node=None if node is None else self.prefix + node,
            port=port,
            graph=self.name,
            fix=Fix(*fix) if fix else None,
        )


def views(project: Project) -> Iterable[View]:
    """Every graph of a project, each with the path of its first use from the main graph."""
    first, values = first_uses(project), first_values(project)
    for name, graph in project.graphs.items():
        yield View(project, name, graph, first.get(name, ""), values[name])


def first_uses(project: Project) -> dict[str, str]:
    """The dotted prefix of the first use of each graph from the main one; unused graphs are left out."""
    prefixes = {project.main: ""}
    todo = [project.main]
    for owner in todo:
        graph = project.graphs.get(owner)
        for name, node in graph.nodes.items() if graph else ():
            if node.uses_block and node.graph in project.graphs and node.graph not in prefixes:
                prefixes[node.graph] = f"{prefixes[owner]}{name}."
                todo.append(node.graph)
    return prefixes
