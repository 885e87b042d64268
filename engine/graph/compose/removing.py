"""Gestures that take things away."""

from collections.abc import Iterable

from engine.graph.algorithms import order
from engine.graph.compose.draft import Draft
from engine.graph.compose.phases import follow, heirs
from engine.graph.edits import Batch, EditError, RemoveGraph, RemoveNode
from engine.graph.model import Project, Wire


def remove(project: Project, graph: str, names: Iterable[str]) -> Batch:
    """Remove nodes with their wires, those of block uses to ports that vanish included.

    Weights that others share go on in the first of those. Raises: `EditError` when a node is not there.
    """
    draft = Draft(project, graph)
    chosen = draft.require(names)
    _remove(draft, chosen)
    return draft.batch(f"Remove {_counted(chosen)}")


def heal(project: Project, graph: str, names: Iterable[str]) -> Batch:
    """Remove nodes and mend the chain: what fed a node's first input now feeds what its first output fed.

    Where ports carry different elements the wire is cut. Raises: `EditError` when a node is not there.
    """
    draft = Draft(project, graph)
    chosen = draft.require(names)
    for name in (name for name in order(draft.graph) if name in chosen):
        _bridge(draft, name)
    _remove(draft, chosen)
    return draft.batch(f"Remove {_counted(chosen)} and reconnect")


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
    fed = next((into[port.name] for port in ports.inputs if port.name in into), None)
    if fed is None and not draft.role(name):
        fed = next(iter(draft.graph.into(name)), None)
    for wire in draft.graph.out_of(name) if fed else ():
        is_main = not ports.outputs or wire.source.port == ports.outputs[0].name
        if is_main and fed and draft.accepts(fed.source, wire.target):
            draft.rewire(wire, Wire(fed.source, wire.target, (*fed.points, *wire.points)))


def _remove(draft: Draft, chosen: list[str]) -> None:
    gone, after = set(chosen), heirs(draft, chosen)
    draft.release(chosen)
    draft.drop_ports(chosen)
    draft.cut([wire for wire in draft.graph.wires if gone & {wire.source.node, wire.target.node}])
    for name in reversed(chosen):  # so that undoing puts each behind those that are there, which is quick
        draft.do(RemoveNode(draft.name, name))
    follow(draft, after)


def _counted(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} nodes"
