"""What a project computes, as a value: two graphs of the same network have equal meanings."""

from collections import Counter
from hashlib import sha256

from engine.graph.algorithms import order
from engine.graph.model import Graph, Node, Project

Source = tuple[str, str]  # path of a node, its output port
Flat = dict[str, tuple[Node, dict[str, Source]]]


def meaning(project: Project) -> Counter[object]:
    """Every computation of the network with blocks written out, as a hash of all its inputs, and of its weights.

    Names count only where they name data or results; order and positions do not count.
    """
    flat: Flat = {}
    _expand(project, project.main, "", {}, flat)
    terms: dict[str, str] = {}
    for path, (node, feeds) in flat.items():  # in the order of computing
        label = path if node.kind in ("Input", "Output") else ""
        label = str(node.params.get("field") or label) if node.kind == "Input" else label
        values = sorted((key, repr(value)) for key, value in node.params.items() if key != "field")
        inputs = sorted((port, terms[source], out) for port, (source, out) in feeds.items())
        terms[path] = sha256(repr((node.kind, label, values, node.bypass, inputs)).encode()).hexdigest()
    lenders = {
        path: path.rpartition(".")[0] + "." * ("." in path) + (node.shares or "") for path, (node, _) in flat.items()
    }
    return Counter((terms[path], terms.get(lenders[path]) if flat[path][0].shares else "") for path in flat)


def _expand(project: Project, name: str, prefix: str, sources: dict[str, Source], flat: Flat) -> dict[str, Source]:
    """Write a graph's nodes into ``flat``; returns the sources of its outputs."""
    graph = project.graphs[name]
    values: dict[tuple[str, str], Source] = {}
    results: dict[str, Source] = {}
    for each in order(graph):
        node = graph.nodes[each]
        feeds = {wire.target.port: values[wire.source] for wire in graph.into(each) if wire.source in values}
        if prefix and node.kind == "Input":
            values |= {(each, "output"): sources[each]} if each in sources else {}
        elif prefix and node.kind == "Output":
            results |= {each: feeds["input"]} if "input" in feeds else {}
        elif node.kind == "Block" and node.graph in project.graphs:
            block = project.graphs[node.graph]
            out: dict[str, Source] = {}
            for repetition in range(node.repeat):
                feeds = _next(block, out) if repetition else feeds
                out = _expand(project, node.graph, f"{prefix}{each}_{repetition}.", feeds, flat)
            values |= {(each, port): source for port, source in out.items()}
        else:
            flat[prefix + each] = (node, feeds)
            values |= {wire.source: (prefix + each, wire.source.port) for wire in graph.out_of(each)}
    return results


def _next(block: Graph, out: dict[str, Source]) -> dict[str, Source]:
    pairs = zip(block.of_kind("Input"), block.of_kind("Output"), strict=True)
    return {inlet: out[outlet] for inlet, outlet in pairs if outlet in out}
