"""Gestures on the ports of a block, which are the `Input` and `Output` nodes of its graph."""

from typing import Literal

from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import taken_names, unused_name
from engine.graph.edits import AddNode, Batch, EditError, RemoveNode
from engine.graph.edits.insertion import graph_of, node_of
from engine.graph.model import Node, Project

Side = Literal["Input", "Output"]
STEP_PX = 100.0  # from one port to the next, below it
ASIDE_PX = 240.0  # from the other nodes
USUAL_NAMES = {"Input": "x", "Output": "y"}


def add_port(project: Project, block: str, side: Side) -> Batch:
    """Add a port after the others of its side, and place it below them."""
    graph = graph_of(project, block)
    name = unused_name(taken_names(graph), USUAL_NAMES[side])
    ports = graph.of_kind(side)
    if ports:
        x, y = max((node.pos for node in ports.values()), key=lambda pos: pos[1])
        pos = x, y + STEP_PX
    else:
        xs = [node.pos[0] for node in graph.nodes.values()] or [0.0]
        ys = [node.pos[1] for node in graph.nodes.values()] or [0.0]
        pos = (min(xs) - ASIDE_PX if side == "Input" else max(xs) + ASIDE_PX), (min(ys) + max(ys)) / 2
    return Batch(f"Add {side.lower()} {name}", (AddNode(block, name, Node(side, pos=pos)),))


def move_port(project: Project, block: str, name: str, by: int) -> Batch:
    """Move a port by some places among those of its side; wires of all uses stay.

    Raises: `EditError` when it is no port, or has no such place.
    """
    draft = Draft(project, block)
    node = node_of(project, block, name)
    if node.kind not in USUAL_NAMES:
        raise EditError(f"{name} is not a port of {block}")
    before = list(draft.graph.of_kind(node.kind))
    place = before.index(name) + by
    if not 0 <= place < len(before):
        raise EditError(f"{name} cannot be moved further")
    index = list(draft.graph.nodes).index(before[place])
    draft.do(RemoveNode(block, name, undo=True))  # its wires stay, and end at it again
    draft.do(AddNode(block, name, node, index))
    return draft.batch(f"Move port {name}")
