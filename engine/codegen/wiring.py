"""The wires of a graph, followed past bypassed nodes to the source of each value, and its nodes as steps."""

from collections import defaultdict
from functools import cached_property

from msgspec import Struct

from engine.catalog.index import did_you_mean, layer
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.errors import EngineError
from engine.graph.algorithms import order
from engine.graph.loops import LoopSettings
from engine.graph.model import End, Node, Project, is_name
from engine.graph.ports import LENGTH, Ports, end_of, field_of, fixed_ports, length_field, ports


class Step(Struct, frozen=True):
    """A node that is computed. ``inputs``: the value at each wired port. ``attribute``: the name of its module."""

    name: str
    kind: Layer
    inputs: dict[str, End]
    params: dict[str, Value]
    attribute: str = ""
    block: str = ""  # the graph it uses
    repeat: int = 1
    loop: LoopSettings | None = None


class Wiring:
    """The wires of a graph by target, followed past bypassed nodes."""

    def __init__(self, project: Project, name: str) -> None:
        if name not in project.graphs:
            raise EngineError(f"There is no graph {name}.", hint=did_you_mean(name, project.graphs), code="G009")
        self.project, self.name = project, name
        self.graph = project.graphs[name]
        for node in self.graph.nodes:
            if not is_name(node):
                raise EngineError(f"{node!r} cannot name a node.", hint="Rename it.", code="G015")
        self._ports: dict[str, Ports] = {}
        self._inputs: dict[str, dict[str, End]] = {}
        self._steps: dict[str, Step] = {}
        self._into: dict[str, dict[End, End]] = defaultdict(dict)
        for wire in self.graph.wires:
            self._into[wire.target.node].setdefault(wire.target, wire.source)

    @cached_property
    def order(self) -> list[str]:
        """The nodes, each after those that it needs."""
        return order(self.graph)

    def kind(self, name: str) -> Layer:
        """The declaration of a node. Raises: `EngineError` for a node that no source can be generated for."""
        node = self.node(name)
        kind = layer(node.kind)
        if kind is None or kind.role == "custom":
            raise EngineError(f"{name} is of kind {node.kind!r}, which has no source.", node=name, code="G001")
        if kind.role == "block" and node.graph not in self.project.graphs:
            raise EngineError(f"{name} uses the block {node.graph}, which does not exist.", node=name, code="G009")
        return kind

    def node(self, name: str) -> Node:
        """The node of that name. Raises: `EngineError`."""
        node = self.graph.nodes.get(name)
        if node is None:
            raise EngineError(f"There is no node {name}.", hint=did_you_mean(name, self.graph.nodes), code="G002")
        return node

    def field(self, name: str) -> str:
        """The field of the data that an entry of the main graph reads: an Input, or its lengths, ``x.length``."""
        end = end_of(name)
        field = field_of(end.node, self.node(end.node))
        return length_field(field) if end.port == LENGTH else field

    def role(self, name: str) -> str:
        """The role of a node, ``""`` for an unknown kind."""
        kind = layer(self.graph.nodes[name].kind)
        return kind.role if kind else ""

    def ports(self, name: str) -> Ports:
        """The ports of a node."""
        result = self._ports.get(name)
        if result is None:
            node = self.node(name)
            owner = self.graph.nodes.get(node.shares or "")
            result = self._ports[name] = fixed_ports(node.kind) or ports(self.project, node, owner)
        return result

    def inputs(self, name: str) -> dict[str, End]:
        """The value at each wired input port of a node, in the order of its ports."""
        inputs = self._inputs.get(name)
        if inputs is None:
            inputs = self._inputs[name] = {end.port: self.value(source) for end, source in self._wires_into(name)}
        return inputs

    def _wires_into(self, name: str) -> list[tuple[End, End]]:
        """The target and the source of each wire into a port of a node, in the order of its ports."""
        places = {port.name: place for place, port in enumerate(self.ports(name).inputs)}
        wires = [pair for pair in self._into.get(name, {}).items() if pair[0].base in places]
        if len(wires) > 1:
            wires.sort(key=lambda pair: (places[pair[0].base], pair[0].index))
        return wires

    def value(self, end: End) -> End:
        """The output port that a value comes from, past bypassed nodes."""
        if self.node(end.node).is_bypassed:
            end = self._past_bypassed(end)
        if self.ports(end.node).output(end.port) is None:
            self.kind(end.node)
            raise EngineError(f"{end.node} has no output {end.port}.", node=end.node, code="G003")
        return end

    def _past_bypassed(self, end: End) -> End:
        """The output port that a value comes from which bypassed nodes pass on."""
        visited = set()
        while self.node(end.node).is_bypassed and self.role(end.node) in ("layer", "block"):
            entries = self.ports(end.node).inputs
            wires = self._into.get(end.node, {})
            first = next(
                (entry for entry in sorted(wires, key=lambda e: e.index) if entries and entry.base == entries[0].name),
                None,
            )
            if first is None or end in visited or end.port != self.ports(end.node).outputs[0].name:
                raise EngineError(f"{end.node} is bypassed and has nothing to pass on.", node=end.node, code="G014")
            visited.add(end)
            end = wires[first]
        return end

    def step(self, name: str) -> Step:
        """A node as it is computed; one that shares weights has the parameters of the node it shares them with."""
        step = self._steps.get(name)
        if step is None:
            step = self._steps[name] = self._step(name)
        return step

    def _step(self, name: str) -> Step:
        kind, owner = self.kind(name), self.node(name)
        node, attribute = owner, name
        if node.shares is not None and (kind.stateful or kind.role == "block"):
            attribute, owner = node.shares, self.node(node.shares)
            if owner.kind != node.kind or owner.shares is not None:
                raise EngineError(f"{name} cannot use the weights of {attribute}.", node=name, code="G013")
        if kind.role == "block":
            block, repeat = owner.graph or "", max(owner.repeat, 1)
            return Step(name, kind, self.inputs(name), {}, attribute, block, repeat, node.loop)
        return Step(name, kind, self.inputs(name), owner.params, attribute if kind.stateful else "")
