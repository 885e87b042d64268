"""Fixes that put a node on a wire, with room for it."""

from collections.abc import Iterator

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.catalog.recommended import converter
from engine.catalog.spec import Conversion
from engine.check.view import View
from engine.graph.edits import AddNode, AddWire, Batch, Edit, MoveNodes, RemoveWire
from engine.graph.model import USUAL_SIZE, End, Node, Wire

Point = tuple[float, float]
STEP_PX = USUAL_SIZE[0] + 100.0  # from one node of a chain to the next, with a shape between them


Fix = tuple[str, Edit]
"""An edit with its label."""


def conversion_fix(view: View, node: str, port: str, conversion: Conversion, *values: Value) -> Fix | None:
    """The edit that converts what goes into a port; ``values``: of the first parameters of the layer that does it."""
    declaration = converter(conversion)
    params = {param.name: value for param, value in zip(declaration.params, values, strict=False)}
    return insertion_fix(view, node, port, declaration.kind, **params)


def insertion_fix(view: View, node: str, port: str, kind: str, **params: Value) -> Fix | None:
    """The edit that puts a ``kind`` on the wire into a port, with its label; ``None`` where there is no wire."""
    wire = view.into.get(node, {}).get(port)
    declaration = layer(kind)
    if wire is None or declaration is None:
        return None
    name = free_name(view, kind.lower())
    place, moved = _room(view, wire)
    label = f"Insert {kind}"
    edits: tuple[Edit, ...] = (
        *((MoveNodes(view.name, moved),) if moved else ()),
        RemoveWire(view.name, wire),
        AddNode(view.name, name, Node(kind, dict(params), place)),
        AddWire(view.name, Wire(wire.source, End(name, declaration.inputs[0].name))),
        AddWire(view.name, Wire(End(name, declaration.outputs[0].name), wire.target)),
    )
    return label, Batch(label, edits)


def _room(view: View, wire: Wire) -> tuple[Point, dict[str, Point]]:
    """The place of a new node on the wire, and new places for the nodes that have to make room."""
    before, after = view.graph.nodes[wire.source.node].pos, view.graph.nodes[wire.target.node].pos
    if after[0] <= before[0]:  # the chain turns back: the end of its row is free
        return (before[0] + STEP_PX, before[1]), {}
    lacking = 2 * STEP_PX - (after[0] - before[0])
    if lacking <= 0:
        return ((before[0] + after[0]) / 2, (before[1] + after[1]) / 2), {}
    place = (before[0] + STEP_PX, after[1])
    return place, {name: (x + lacking, y) for name, (x, y) in _onwards(view, wire.target.node)}


def _onwards(view: View, start: str) -> Iterator[tuple[str, Point]]:
    """A node and all that follow it, with their places, up to where the chain turns back."""
    visited, todo = {start}, [start]
    while todo:
        name = todo.pop()
        place = view.graph.nodes[name].pos
        yield name, place
        for wire in view.out_of.get(name, ()):
            follower = wire.target.node
            if follower not in visited and view.graph.nodes[follower].pos[0] >= place[0]:
                visited.add(follower)
                todo.append(follower)


def free_name(view: View, stem: str) -> str:
    """A name for a new node that no node of the graph has: ``float1``, ``float2``."""
    count = 1
    while f"{stem}{count}" in view.graph.nodes:
        count += 1
    return f"{stem}{count}"
