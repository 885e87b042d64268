"""The ports of a node: declared in the catalogue, or for a block the `Input` and `Output` nodes of its graph."""

from typing import NamedTuple

from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port
from engine.graph.model import Node, Project


class Ports(NamedTuple):
    """The input and output ports of one node, in order."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    def input(self, name: str) -> Port | None:
        """The input port that a wire's end names (``tensors[1]`` is port ``tensors``), or ``None``."""
        base, bracket, _ = name.partition("[")
        return next((port for port in self.inputs if port.name == base and port.variadic == bool(bracket)), None)

    def output(self, name: str) -> Port | None:
        """The output port of that name, or ``None``."""
        return next((port for port in self.outputs if port.name == name), None)


def ports(project: Project, node: Node, owner: Node | None = None) -> Ports:
    """The ports of ``node``; none for an unknown kind or a block whose graph is missing.

    ``owner``: the node whose weights and parameters it uses; without it a node that shares has all declared ports.
    """
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
