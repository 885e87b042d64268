"""Gestures that change the name or the kind of a node, and keep what depends on it."""

from dataclasses import replace

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.graph.compose.draft import Draft
from engine.graph.compose.phases import drop_from_phases, replace_in_phases
from engine.graph.edits import (
    Batch,
    EditError,
    RenameNode,
    SetGeneration,
    SetLoop,
    SetNode,
    SetParam,
    SetTraining,
    SetWeights,
)
from engine.graph.edits.insertion import node_of
from engine.graph.model import UNSET, Node, Project, Wire
from engine.graph.weights import NO_SETTINGS


def rename(project: Project, graph: str, old: str, new: str) -> Batch:
    """Rename a node, also where its name is used: the field that an input reads, phases, watched metrics.

    Raises: `EditError` when the name is taken; a port of a block cannot have that of a parameter.
    """
    draft = Draft(project, graph)
    node = node_of(project, graph, old)
    if node.kind in ("Input", "Output") and new in draft.graph.params:
        raise EditError(f"{graph} has a parameter of the name {new}")
    if draft.is_main and node.kind == "Input" and not node.params.get("field"):
        draft.do(SetParam(graph, old, "field", old))
    is_watched = draft.is_main and draft.role(old) in ("loss", "metric")
    draft.do(RenameNode(graph, old, new))
    generation = draft.project.generation
    if draft.is_main and generation and generation.params.get("output") == old:
        draft.do(SetGeneration(replace(generation, params={**generation.params, "output": new})))
    replace_in_phases(draft, {old: [new]})
    if is_watched:
        _follow_watched(draft, {f"{part}_{old}": f"{part}_{new}" for part in ("train", "val")})
    return draft.batch(f"Rename {old} to {new}")


def _follow_watched(draft: Draft, renamed: dict[str, str]) -> None:
    before = after = draft.project.training
    if after.best.watch in renamed:
        after = replace(after, best=replace(after.best, watch=renamed[after.best.watch]))
    if after.early_stop and after.early_stop.watch in renamed:
        after = replace(after, early_stop=replace(after.early_stop, watch=renamed[after.early_stop.watch]))
    if after != before:
        draft.do(SetTraining(after))


def change_kind(project: Project, graph: str, name: str, kind: str) -> Batch:
    """Change the kind of a node; wires stay where ports have the same name, values where they are legal.

    Raises: `EditError` for an unknown kind, and for a block.
    """
    draft = Draft(project, graph)
    node = node_of(project, graph, name)
    declared = layer(kind)
    if declared is None or declared.role == "block":
        raise EditError(f"a node cannot be made a {kind}")
    if node.kind == kind:
        return draft.batch(f"Make {name} a {kind}")
    former = _required(node)
    draft.hand_over_weights((name,))
    draft.drop_ports((name,))
    usual = (
        SetNode(graph, name, "shares", None),
        SetNode(graph, name, "graph", None),
        SetNode(graph, name, "repeat", 1),
        SetLoop(graph, name, None),
    )
    for edit in (*usual, SetNode(graph, name, "kind", kind)):
        draft.do(edit)
    if node.settings != NO_SETTINGS:
        settings = replace(node.settings, shares={}, init={}, parametrize={}, weights=None, follows=None)
        draft.do(SetWeights(graph, name, settings))
    _keep_legal_values(draft, name, former, declared)
    draft.cut([wire for wire in draft.graph.wires if _is_lost(draft, name, wire)])
    drop_from_phases(draft, name)
    return draft.batch(f"Make {name} a {kind}")


def _required(node: Node) -> dict[str, Value]:
    """The values that a file holds although they are defaults: the result must not depend on whether it was saved."""
    declared = layer(node.kind)
    if declared is None or node.shares is not None:
        return {}
    return {param.name: param.default for param in declared.params if param.required}


def _keep_legal_values(draft: Draft, name: str, former: dict[str, Value], declared: Layer) -> None:
    values = draft.graph.nodes[name].params
    params = {param.name: param for param in declared.params}
    for key, value in (former | values).items():
        is_legal = key in params and (isinstance(value, Expression) or not params[key].problem(value))
        if key not in values or not is_legal:
            draft.do(SetParam(draft.name, name, key, value if is_legal else UNSET))
    for key, value in declared.preset.items():
        if key not in values:
            draft.do(SetParam(draft.name, name, key, value))


def _is_lost(draft: Draft, name: str, wire: Wire) -> bool:
    """Whether a wire of the node ends at a port that it no longer has."""
    ports = draft.ports(name)
    return (wire.source.node == name and ports.output(wire.source.port) is None) or (
        wire.target.node == name and ports.input(wire.target.port) is None
    )
