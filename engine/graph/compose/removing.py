"""Gestures that remove nodes and blocks."""

from collections.abc import Iterable

from engine.graph.algorithms import order
from engine.graph.compose.draft import Draft
from engine.graph.compose.phases import replace_in_phases, successors
from engine.graph.edits import Batch, EditError, RemoveGraph, RemoveNode
from engine.graph.model import Project, Wire


def remove(project: Project, graph: str, names: Iterable[str]) -> Batch:
    """Remove nodes with their wires, including those of block uses to ports that disappear.

    Weights that others share go to the first of those. Raises: `EditError` when a node does not exist.
    """
    draft = Draft(project, graph)
    selection = draft.require(names)
    _remove(draft, selection)
    return draft.batch(f"Remove {_count_text(selection)}")


def heal(project: Project, graph: str, names: Iterable[str]) -> Batch:
    """Remove nodes and reconnect: the source of a node's first input now feeds the targets of its first output.

    Where ports have different elements the wire is removed. Raises: `EditError` when a node does not exist.
    """
    draft = Draft(project, graph)
    selection = draft.require(names)
    for name in (name for name in order(draft.graph) if name in selection):
        _bridge(draft, name)
    _remove(draft, selection)
    return draft.batch(f"Remove {_count_text(selection)} and reconnect")


def remove_block(project: Project, block: str) -> Batch:
    """Remove a block's graph. Raises: `EditError` when it is the main graph or in use."""
    if uses := list(project.uses(block)):
        raise EditError(f"{block} is used by {', '.join(f'{node} in {owner}' for owner, node in uses)}")
    draft = Draft(project, block)
    draft.do(RemoveGraph(block))
    return draft.batch(f"Remove block {block}")


def _bridge(draft: Draft, name: str) -> None:
    ports = draft.ports(name)
    into = {wire.target.base: wire for wire in reversed(draft.graph.into(name))}
    feed = next((into[port.name] for port in ports.inputs if port.name in into), None)
    if feed is None and not draft.role(name):
        feed = next(iter(draft.graph.into(name)), None)
    for wire in draft.graph.out_of(name) if feed else ():
        is_main = not ports.outputs or wire.source.port == ports.outputs[0].name
        if is_main and feed and draft.accepts(feed.source, wire.target):
            draft.rewire(wire, Wire(feed.source, wire.target, (*feed.points, *wire.points)))


def _remove(draft: Draft, selection: list[str]) -> None:
    removed, after = set(selection), successors(draft, selection)
    draft.hand_over_weights(selection)
    draft.drop_shared_weights(selection)
    draft.drop_ports(selection)
    draft.cut([wire for wire in draft.graph.wires if removed & {wire.source.node, wire.target.node}])
    for name in reversed(selection):  # so that undo adds each at the end, which is fast
        draft.do(RemoveNode(draft.name, name))
    replace_in_phases(draft, after)


def _count_text(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} nodes"
