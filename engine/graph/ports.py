"""The ports of a node: declared, or for a block the `Input` and `Output` nodes of its graph; what Inputs read."""

from functools import cache
from typing import NamedTuple

from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port
from engine.graph.model import End, Graph, Node, Project

LENGTH = "length"
"""The output of an Input for the lengths of its samples."""
_OUTPUT = "output"


class Ports(NamedTuple):
    """The input and output ports of one node, in order."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    def input(self, name: str) -> Port | None:
        """The input port that a wire's end names (``tensors[1]`` is port ``tensors``), or ``None``."""
        base, bracket, _ = name.partition("[")
        for port in self.inputs:
            if port.name == base and port.variadic == bool(bracket):
                return port
        return None

    def output(self, name: str) -> Port | None:
        """The output port of that name, or ``None``."""
        for port in self.outputs:
            if port.name == name:
                return port
        return None


@cache
def fixed_ports(kind: str) -> Ports | None:
    """The ports of all nodes of a kind, ``None`` where they depend on the node, or for an unknown kind."""
    declared = layer(kind)
    if declared is None or declared.role == "block" or declared.has_optional_outputs:
        return None
    return Ports(declared.inputs, declared.outputs)


def ports(project: Project, node: Node, owner: Node | None = None) -> Ports:
    """The ports of ``node``; none for an unknown kind or a block whose graph is missing.

    ``owner``: the node whose weights and parameters it uses; without it a node that shares has all declared ports.
    """
    fixed = fixed_ports(node.kind)
    if fixed is not None:
        return fixed
    if node.uses_block:
        graph = project.graphs.get(node.graph or "")
        if graph is None:
            return Ports((), ())
        return Ports(
            tuple(Port(name, "any") for name in graph.of_kind("Input")),
            tuple(Port(name, "any") for name in graph.of_kind("Output")),
        )
    declared = layer(node.kind)
    return declared_ports(declared, node, owner) if declared else Ports((), ())


def declared_ports(declared: Layer, node: Node, owner: Node | None = None) -> Ports:
    """The ports of a node of that kind, which is not a block; its parameters decide which optional outputs it has."""
    source = owner if node.shares else node
    return Ports(declared.inputs, declared.outputs_with(source.params) if source else declared.outputs)


def field_of(name: str, node: Node) -> str:
    """The field of the data that an Input reads."""
    return str(node.params.get("field") or name)


def length_field(field: str) -> str:
    """The field of the lengths of the samples of a field."""
    return f"{field}_{LENGTH}"


def entry_of(end: End) -> str:
    """What an output of an Input reads, as an entry: the name of the node, or ``x.length``."""
    return end.node if end.port == _OUTPUT else f"{end.node}.{end.port}"


def end_of(entry: str) -> End:
    """The output that reads an entry."""
    node, _, port = entry.partition(".")
    return End(node, port or _OUTPUT)


def entries(graph: Graph) -> dict[str, str]:
    """The field of each entry that the Inputs of a main graph read; lengths only where they are wired."""
    fields = {}
    lengths = {wire.source.node for wire in graph.wires if wire.source.port == LENGTH}
    for name, node in graph.of_kind("Input").items():
        fields[name] = field_of(name, node)
        if name in lengths:
            fields[f"{name}.{LENGTH}"] = length_field(fields[name])
    return fields
