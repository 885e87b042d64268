"""Nodes, wires and graphs as JSON.

A wire to a node that does not exist, or a second one into its port, is kept: `engine.check` reports it, with a fix.
"""

import re
from typing import TypeVar

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.catalog.params import Param, thaw
from engine.errors import FileProblem
from engine.graph.json_form.block_params import block_params_from_json, block_params_to_json
from engine.graph.json_form.loops import loop_from_json, loop_to_json
from engine.graph.json_form.schema import (
    Fields,
    Json,
    a_list,
    an_object,
    compact,
    flag,
    inside,
    list_of,
    maybe,
    name,
    point,
    rectangle,
    text,
    whole,
    wrong,
)
from engine.graph.json_form.values import declared_to_json, expression_from_json, read_declared
from engine.graph.json_form.weights import weights_from_json, weights_to_json
from engine.graph.model import End, Frame, Graph, Node, Note, Wire

Items = TypeVar("Items", bound=dict[str, object] | list[object])

MAX_NODES = 20_000  # in one graph
MAX_WIRES = 100_000
MAX_GRAPHS = 2_000
_maybe_name = maybe(name)
END = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\.([A-Za-z_][A-Za-z0-9_]*(?:\[(?:0|[1-9][0-9]{0,4})\])?)")


def node_to_json(node: Node) -> Json:
    """One node, without its name; defaults are left out."""
    fields = {"kind": node.kind} | declared_to_json(node.params, node.extra, _declared(node.kind))
    if not fields["params"]:
        del fields["params"]
    fields |= {"graph": node.graph} if node.graph is not None else {}
    fields |= {"repeat": node.repeat} if node.repeat != 1 else {}
    fields |= loop_to_json(node.loop)
    fields |= {"shares": node.shares} if node.shares is not None else {}
    fields |= {"bypass": thaw(node.bypass)} if node.bypass is not False else {}
    fields |= weights_to_json(node.settings)
    return fields | {"pos": [compact(axis) for axis in node.pos]}


def node_from_json(raw: object, where: str = "node") -> Node:
    """One node. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    node = Node(
        fields.need("kind", text),
        pos=fields.take("pos", point, (0.0, 0.0)),
        bypass=fields.take("bypass", bypass_from_json, False),
        shares=None if fields.is_object("shares") else fields.take("shares", _maybe_name, None),
        graph=fields.take("graph", _maybe_name, None),
        repeat=fields.take("repeat", whole, 1),
        settings=weights_from_json(fields),
    )
    if node.kind == "Loop":
        node.loop = loop_from_json(fields)
    node.params, node.extra = read_declared(fields, _declared(node.kind), expressions=True)
    return node


def bypass_from_json(raw: object, where: str) -> bool | Expression:
    """A flag, or an expression that gives one."""
    return expression_from_json(raw, where) if isinstance(raw, dict) else flag(raw, where)


def _declared(kind: str) -> tuple[Param, ...] | None:
    declared = layer(kind)
    return declared.params if declared else None


def wire_to_json(wire: Wire) -> list[object]:
    """``["node.port", "node.port"]``, and the reroute dots when there are any."""
    ends: list[object] = [str(wire.source), str(wire.target)]
    return [*ends, [[compact(axis) for axis in dot] for dot in wire.points]] if wire.points else ends


def wire_from_json(raw: object, where: str = "wire") -> Wire:
    """One wire. Raises: `FileProblem` with the path of what is wrong."""
    if type(raw) is list and len(raw) == 2 and type(raw[0]) is type(raw[1]) is str:
        source, target = END.fullmatch(raw[0]), END.fullmatch(raw[1])
        if source and target:
            return Wire(End(source[1], source[2]), End(target[1], target[2]))
    parts = a_list(raw, where)
    if len(parts) not in (2, 3):
        raise wrong(where, 'a pair of ends such as ["conv1.output", "relu1.input"]', raw)
    points = list_of(point)(parts[2], f"{where}[2]") if len(parts) == 3 else ()
    return Wire(end_from_json(parts[0], f"{where}[0]"), end_from_json(parts[1], f"{where}[1]"), points)


def end_from_json(raw: object, where: str) -> End:
    """One end of a wire, ``node.port``."""
    match = END.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise wrong(where, 'an end such as "conv1.output" or "cat1.tensors[0]"', raw)
    return End(match[1], match[2])


def frame_to_json(frame: Frame) -> Json:
    """One frame."""
    return {"title": frame.title, "rect": [compact(side) for side in frame.rect]} | dict(frame.extra)


def frame_from_json(raw: object, where: str = "frame") -> Frame:
    """One frame. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    return Frame(fields.take("title", text, ""), fields.need("rect", rectangle), tuple(fields.rest().items()))


def note_to_json(note: Note) -> Json:
    """One sticky note."""
    return {"text": note.text, "rect": [compact(side) for side in note.rect]} | dict(note.extra)


def note_from_json(raw: object, where: str = "note") -> Note:
    """One sticky note. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    return Note(fields.take("text", text, ""), fields.need("rect", rectangle), tuple(fields.rest().items()))


def graph_to_json(graph: Graph) -> Json:
    """One graph, nodes and wires in order."""
    fields: Json = {"params": block_params_to_json(graph.params)} if graph.params else {}
    fields |= {
        "nodes": {name: node_to_json(node) for name, node in graph.nodes.items()},
        "wires": [wire_to_json(wire) for wire in graph.wires],
    }
    fields |= {"frames": [frame_to_json(frame) for frame in graph.frames]} if graph.frames else {}
    fields |= {"notes": [note_to_json(note) for note in graph.notes]} if graph.notes else {}
    return fields | graph.extra


def graph_from_json(raw: object, where: str = "graph") -> Graph:
    """One graph. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    graph = Graph(
        fields.read("nodes", _nodes, {}),
        list(fields.read("wires", _wires, [])),
        fields.take("frames", list_of(frame_from_json), ()),
        fields.take("notes", list_of(note_from_json), ()),
        fields.take("params", block_params_from_json, {}),
    )
    graph.extra = fields.rest()
    return graph


def graphs_from_json(raw: object, where: str = "graphs") -> dict[str, Graph]:
    """Graphs by name, as a project or a fragment holds them."""
    items = _limited(an_object(raw, where), MAX_GRAPHS, "graphs", where)
    return {name(key, where): graph_from_json(item, inside(where, key)) for key, item in items.items()}


def _nodes(raw: object, where: str) -> dict[str, Node]:
    items = _limited(an_object(raw, where), MAX_NODES, "nodes", where)
    return {name(key, where): node_from_json(item, inside(where, key)) for key, item in items.items()}


def _wires(raw: object, where: str) -> tuple[Wire, ...]:
    return list_of(wire_from_json)(_limited(a_list(raw, where), MAX_WIRES, "wires", where), where)


def _limited(items: Items, limit: int, what: str, where: str) -> Items:
    if len(items) > limit:
        raise FileProblem(f"{where} holds {len(items):,} {what}; at most {limit:,} can be opened.")
    return items
