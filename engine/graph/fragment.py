"""Part of a graph, to copy, store and paste: as a value, and as readable text for the clipboard."""

import json
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from msgspec import Struct, field

from engine.catalog.expressions import names as expression_names
from engine.errors import FileProblem
from engine.graph.json_form import graph_from_json, graph_to_json, graphs_from_json, wire_from_json, wire_to_json
from engine.graph.json_form.prescan import load
from engine.graph.json_form.schema import Fields, Json, list_of, text, whole
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.node_expressions import expressions_in

FORMAT = "torchloom-fragment"
VERSION = 1


class Fragment(Struct, frozen=True):
    """Nodes with the wires among them, and what they need from the rest of the project.

    ``graph`` has the parameters of the block around them that they read.
    ``incoming``: the wires that came from other nodes. ``blocks``: the graphs that the nodes use, directly or not.
    A node that shares the weights of one outside has that one's values too, for projects that lack it.
    """

    graph: Graph = field(default_factory=Graph)
    incoming: tuple[Wire, ...] = ()
    blocks: dict[str, Graph] = field(default_factory=dict)


def fragment_of(project: Project, graph: str, names: Iterable[str]) -> Fragment:
    """A copy of the named nodes, in the graph's order; names that do not exist are ignored."""
    nodes, wires = project.graphs[graph].nodes, project.graphs[graph].wires
    selection = set(names).intersection(nodes)
    inside = Graph({name: _with_own_values(nodes, name, selection) for name in nodes if name in selection})
    incoming: list[Wire] = []
    for wire in {wire.target: wire for wire in reversed(wires) if wire.target.node in selection}.values():
        if wire.source.node in selection:
            inside.wires.insert(0, wire)
        elif wire.source.node in nodes:
            incoming.insert(0, wire)
    read = {name for expression in expressions_in(inside) for name in expression_names(expression)}
    inside.params = {name: param for name, param in project.graphs[graph].params.items() if name in read}
    return Fragment(inside, tuple(incoming), _blocks(project, inside))


def _with_own_values(nodes: dict[str, Node], name: str, selection: set[str]) -> Node:
    node = deepcopy(nodes[name])
    owner = nodes.get(node.shares or "")
    if owner is None or node.shares in selection or owner.kind != node.kind:
        return node
    return replace(node, params=deepcopy(owner.params))


def _blocks(project: Project, graph: Graph) -> dict[str, Graph]:
    """The graphs that are used, each after those that it uses itself."""
    blocks: dict[str, Graph] = {}
    on_the_way: set[str] = set()

    def visit(inside: Graph) -> None:
        for node in inside.nodes.values():
            name = node.graph if node.uses_block else None
            if name in project.graphs and name not in on_the_way:
                on_the_way.add(name)
                visit(project.graphs[name])
                blocks[name] = deepcopy(project.graphs[name])

    visit(graph)
    return blocks


def to_text(fragment: Fragment) -> str:
    """The fragment as JSON, one node or wire on each line."""
    fields: Json = {"format": FORMAT, "version": VERSION} | graph_to_json(fragment.graph)
    fields["incoming"] = [wire_to_json(wire) for wire in fragment.incoming]
    fields["blocks"] = {name: graph_to_json(graph) for name, graph in fragment.blocks.items()}
    return _spelled(fields).encode(errors="replace").decode() + "\n"


def _spelled(graph: Json) -> str:
    lines = []
    for key, item in graph.items():
        if isinstance(item, dict):
            spell = _spelled if key == "blocks" else _line
            body = _spread("{}", [f"{_line(name)}: {spell(inner)}" for name, inner in item.items()])
        else:
            body = _spread("[]", map(_line, item)) if isinstance(item, list) else _line(item)
        lines.append(f"{_line(key)}: {body}")
    return _spread("{}", lines)


def _spread(brackets: str, lines: Iterable[str]) -> str:
    inside = ",\n".join(lines).replace("\n", "\n ")  # JSON escapes line feeds in texts, so these are the layout's own
    return f"{brackets[0]}\n {inside}\n{brackets[1]}" if inside else brackets


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def parse(source: str) -> Fragment:
    """The fragment that a text holds; no code is run. Raises: `FileProblem` with what is wrong."""
    raw = load(source.encode(errors="surrogatepass"), "The text")
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise FileProblem("The text is not part of a network.", hint="Copy nodes in Torchloom, then paste.")
    fields = Fields(raw, "")
    fields.need("format", text)
    if fields.need("version", whole) > VERSION:
        raise FileProblem("The text was copied from a newer version.", hint="Open a newer Torchloom, and paste there.")
    incoming = fields.take("incoming", list_of(wire_from_json), ())
    blocks = fields.take("blocks", graphs_from_json, {})
    fragment = Fragment(graph_from_json(fields.rest(), ""), incoming, blocks)
    _check_wires(fragment)
    return fragment


def _check_wires(fragment: Fragment) -> None:
    """Pasted wires must fit, since the user does not see the text."""
    nodes = fragment.graph.nodes
    targets: set[End] = set()
    inside, incoming = fragment.graph.wires, fragment.incoming
    for wire, starts_inside in ((wire, wires is inside) for wires in (inside, incoming) for wire in wires):
        if wire.target.node not in nodes or (wire.source.node in nodes) != starts_inside:
            raise FileProblem(f"The wire from {wire.source} to {wire.target} does not fit the copied nodes.")
        if wire.target in targets:
            raise FileProblem(f"Two wires end at {wire.target}; an input takes one.")
        targets.add(wire.target)
