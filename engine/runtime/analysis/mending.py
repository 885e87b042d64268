"""Fixes that put a node on a wire."""

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.check.view import View
from engine.graph.edits import AddNode, AddWire, Batch, Edit, RemoveWire
from engine.graph.model import End, Node, Wire


def inserted(view: View, node: str, port: str, kind: str, **params: Value) -> tuple[str, Edit] | None:
    """The edit that puts a ``kind`` on the wire into a port, with its label; ``None`` where there is no wire."""
    wire = view.into.get(node, {}).get(port)
    declared = layer(kind)
    if wire is None or declared is None:
        return None
    name = free_name(view, kind.lower())
    source, target = (view.graph.nodes[end.node].pos for end in (wire.source, wire.target))
    middle = ((source[0] + target[0]) / 2, (source[1] + target[1]) / 2)
    label = f"Insert {kind}"
    edits: tuple[Edit, ...] = (
        RemoveWire(view.name, wire),
        AddNode(view.name, name, Node(kind, dict(params), middle)),
        AddWire(view.name, Wire(wire.source, End(name, declared.inputs[0].name))),
        AddWire(view.name, Wire(End(name, declared.outputs[0].name), wire.target)),
    )
    return label, Batch(label, edits)


def free_name(view: View, stem: str) -> str:
    """A name for a new node that no node of the graph has: ``float1``, ``float2``."""
    count = 1
    while f"{stem}{count}" in view.graph.nodes:
        count += 1
    return f"{stem}{count}"
