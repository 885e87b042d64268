"""Gestures that add copies."""

from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import replace

import msgspec

from engine.catalog.expressions import rename_ports
from engine.graph.algorithms import recursion
from engine.graph.compose.block_params import with_values
from engine.graph.compose.draft import Draft
from engine.graph.compose.naming import taken_names, unused_name
from engine.graph.compose.phases import replace_in_phases
from engine.graph.edits import AddBlockParam, AddGraph, AddNode, AddWire, Batch, EditError
from engine.graph.fragment import Fragment, fragment_of
from engine.graph.json_form import graph_to_json
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.node_expressions import with_expressions
from engine.graph.weights import WeightSettings


def paste(
    project: Project,
    graph: str,
    fragment: Fragment,
    *,
    by: tuple[float, float] = (0.0, 0.0),
    keep_incoming: bool = False,
    own_blocks: Collection[str] = (),
) -> Batch:
    """Add a fragment's nodes under unused names, moved by ``by``, in scene pixels.

    A block that is equal to one of the project is used; one of the same name but other content gets an unused name.
    ``keep_incoming``: also wire them to the nodes that they were wired to, where these exist.
    ``own_blocks``: names for which the project's block is used although it is another; wires to ports that it lacks
    are left out. Raises: `EditError` when a block would contain itself.
    """
    draft = Draft(project, graph)
    blocks = _add_blocks(draft, fragment, own_blocks)
    fragment = _with_params(draft, fragment)
    names = _add_nodes(draft, fragment.graph, blocks, by)
    wires = [_moved(wire, names, by) for wire in fragment.graph.wires]
    if own_blocks:
        wires = [wire for wire in wires if draft.accepts(wire.source, wire.target)]
    draft.do_all([AddWire(graph, wire) for wire in wires])
    for wire in fragment.incoming if keep_incoming else ():
        target = End(names[wire.target.node], wire.target.port)
        if draft.accepts(wire.source, target):
            draft.do(AddWire(graph, Wire(wire.source, target)))
    for name in names.values():
        draft.close_gaps(name)  # that wires from outside have left
    if (circle := recursion(draft.project)) and not recursion(project):
        raise EditError(f"{circle[0]} would use itself")
    return draft.batch(f"Paste {next(iter(names.values()))}" if len(names) == 1 else f"Paste {len(names)} nodes")


def other_blocks(project: Project, graph: str, fragment: Fragment) -> list[str]:
    """The blocks of a fragment that would get another name, since the project has another block of theirs."""
    names = _add_blocks(Draft(project, graph), fragment, ())
    own = project.graphs.keys() - {project.main}
    return [name for name, new in names.items() if name in own and new not in own]


def add_blocks(
    project: Project, graph: str, fragment: Fragment, own_blocks: Collection[str] = ()
) -> tuple[Batch, dict[str, str]]:
    """Add the blocks that a fragment's nodes use, without the nodes, and their names in the project.

    ``own_blocks`` as for `paste`. Raises: `EditError` when a block would contain itself.
    """
    draft = Draft(project, graph)
    names = _add_blocks(draft, fragment, own_blocks)
    uses = {name: node.copy() for name, node in fragment.graph.nodes.items()}
    for name, node in uses.items():
        node.graph = names.get(node.graph or "", node.graph)
        uses[name] = node
    trial = replace(draft.project, graphs={**draft.project.graphs, graph: replace(draft.graph, nodes=uses, wires=[])})
    if (circle := recursion(trial)) and not recursion(project):
        raise EditError(f"{circle[0]} would use itself")
    return draft.batch("Add blocks"), names


def duplicate(
    project: Project,
    graph: str,
    names: Iterable[str],
    *,
    by: tuple[float, float] = (40.0, 40.0),
    keep_incoming: bool = False,
) -> Batch:
    """Add copies of nodes to their own graph, with the wires among them; they belong to the phases of the originals."""
    draft = Draft(project, graph)
    selection = draft.require(names)
    copies = paste(project, graph, fragment_of(project, graph, selection), by=by, keep_incoming=keep_incoming)
    draft.do_all(copies.edits)
    replace_in_phases(draft, {name: [name, copy] for name, copy in zip(selection, added_names(copies), strict=True)})
    return draft.batch(copies.label.replace("Paste", "Duplicate", 1))


def added_names(batch: Batch) -> list[str]:
    """The names of the nodes that a gesture adds, for the window to select."""
    return [edit.name for edit in batch.edits if isinstance(edit, AddNode)]


def _add_nodes(draft: Draft, graph: Graph, blocks: dict[str, str], by: tuple[float, float]) -> dict[str, str]:
    used = taken_names(draft.graph)
    names: dict[str, str] = {}
    skips: dict[str, int] = {}
    for name in graph.nodes:
        names[name] = unused_name(used, name, skips)
        used.add(names[name])
    nodes = dict(draft.graph.nodes)
    ports = {old: new for old, new in names.items() if graph.nodes[old].kind == "Input"}
    for name, node in graph.nodes.items():
        copy = node.copy()
        copy.pos = (node.pos[0] + by[0], node.pos[1] + by[1])
        copy.graph = blocks.get(node.graph or "", node.graph)
        _share_weights(copy, names, nodes)
        copy.settings = _settings_of_copy(copy, names, nodes)
        copy = with_expressions(copy, lambda expression: rename_ports(expression, ports))
        if draft.is_main and node.kind == "Input" and names[name] != name and not node.params.get("field"):
            copy.params["field"] = name  # an input without a field reads the one of its own name
        draft.do(AddNode(draft.name, names[name], copy))
    return names


def _with_params(draft: Draft, fragment: Fragment) -> Fragment:
    """Give the block the parameters that it lacks; the main graph has none, so nodes get their default values."""
    params = fragment.graph.params
    if not draft.is_main:
        for name in [name for name in params if name not in draft.graph.params]:
            draft.do(AddBlockParam(draft.name, name, params[name]))
        return fragment
    defaults = {name: param.default for name, param in params.items()}
    nodes = {name: with_values(node, defaults) for name, node in fragment.graph.nodes.items()}
    return msgspec.structs.replace(fragment, graph=replace(fragment.graph, nodes=nodes))


def _moved(wire: Wire, names: dict[str, str], by: tuple[float, float]) -> Wire:
    source, target = End(names[wire.source.node], wire.source.port), End(names[wire.target.node], wire.target.port)
    return Wire(source, target, tuple((x + by[0], y + by[1]) for x, y in wire.points))


def _share_weights(copy: Node, names: dict[str, str], nodes: dict[str, Node]) -> None:
    """Let a copy share the weights of the owner's copy, else of the owner where it exists, else of no node."""
    if copy.shares in names:
        copy.shares = names[copy.shares]
    elif copy.shares in nodes and nodes[copy.shares].kind == copy.kind:
        copy.params = {}
    else:
        copy.shares = None


def _settings_of_copy(copy: Node, names: dict[str, str], nodes: dict[str, Node]) -> WeightSettings:
    """Let a copy follow the copy of the node that was followed, else that node where it exists, else none.

    Single weights that it shares are those of the owner's copy, else of the owner where it exists, else its own.
    """
    settings = copy.settings.sharing_with(lambda owner: owner in names or owner in nodes)
    follows = settings.follows
    if follows is None or follows.node in names:
        return settings.following(names)
    leader = nodes.get(follows.node)
    settings = settings if leader and leader.kind == copy.kind else replace(settings, follows=None)
    return settings.following(names)


def _add_blocks(draft: Draft, fragment: Fragment, own: Collection[str]) -> dict[str, str]:
    """Add the blocks that are used and missing; returns the name in the project of each block of the fragment."""
    names = {name: name for name in own if name in draft.project.graphs}
    on_the_way: set[str] = set()

    def place(name: str) -> None:
        if name in names or name not in fragment.blocks:
            return
        if name in on_the_way:
            raise EditError(f"{name} uses itself")
        on_the_way.add(name)
        block = deepcopy(fragment.blocks[name])
        for node in block.nodes.values():
            place(node.graph or "")
            node.graph = names.get(node.graph or "", node.graph)
        names[name] = _graph_like(draft, name, block)

    for node in fragment.graph.nodes.values():
        place(node.graph or "")
    return names


def _graph_like(draft: Draft, name: str, block: Graph) -> str:
    """The name of a graph equal to ``block``: of an existing one, else of the one that is added."""
    graphs = draft.project.graphs
    tried_names: set[str] = set()
    while (candidate := unused_name(tried_names, name)) in graphs:
        if candidate != draft.project.main and _meaning(graphs[candidate]) == _meaning(block):
            return candidate
        tried_names.add(candidate)
    draft.do(AddGraph(candidate, block))
    return candidate


def _meaning(graph: Graph) -> object:
    """The parts of a graph that decide its source: not positions, frames and notes."""
    nodes = {name: replace(node, pos=(0.0, 0.0)) for name, node in graph.nodes.items()}
    plain = Graph(nodes, [replace(wire, points=()) for wire in graph.wires], params=graph.params)
    return graph_to_json(plain), list(nodes), list(graph.params)
