"""Networks of blocks with parameters, and the same networks with every block written out by Python itself."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from engine.catalog.expressions import Expression, parse
from engine.graph.block_params import BlockParam
from engine.graph.model import End, Graph, Node, Part, Project, Wire
from engine.graph.weights import WeightSettings

PARAMS = {
    "a": BlockParam("int", 4, 1), "b": BlockParam("int", 2, 1), "wide": BlockParam("flag", False),
    "scale": BlockParam("float", 0.5), "mode": BlockParam("choice", "same", options=("same", "twice")),
}  # fmt: skip
WIDTHS = (
    "a",
    "a * 2",
    "a + b",
    "max(a, b)",
    "a if wide else b",
    "a * 2 if mode == 'twice' else a",
    "size(x, 1)",
    "size(x, 1) + b",
    "a // b + 1",
    "3",
)
FLAGS = (
    "wide",
    "not wide",
    "a > b",
    "size(x, 1) == a",
    "size(x, 1) % 2 == 0 and not wide",
    "1 < b < 4",
    "mode == 'twice'",
)
NUMBERS = ("scale", "scale * b", "-scale", "1 / a", "(a - b) / (a + b)", "0.5 if wide else scale")


@st.composite
def parametrized(draw: st.DrawFn) -> Project:
    """A chain of uses of blocks; blocks use earlier ones."""
    graphs: dict[str, Graph] = {}
    for name in ("Inner", "Outer")[: draw(st.integers(1, 2))]:
        graphs[name] = _block(draw, tuple(graphs))
    nodes = {"image": Node("Input")}
    for place in range(draw(st.integers(1, 3))):
        nodes[f"use{place}"] = _use(draw, draw(st.sampled_from(tuple(graphs))), is_main=True)
    nodes["scores"] = Node("Output")
    used_names = {node.graph for graph in (_chain(nodes), *graphs.values()) for node in graph.nodes.values()}
    used_graphs = {name: graph for name, graph in graphs.items() if name in used_names}
    return Project("test", "Net", {"Net": _chain(nodes), **used_graphs})


def _block(draw: st.DrawFn, blocks: tuple[str, ...]) -> Graph:
    nodes = {"x": Node("Input")}
    kinds = ("conv", "norm", "act", "scale", "sum", *(("block", "block") if blocks else ()))
    for place, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5))):
        nodes[f"{kind}{place}"] = _node(draw, kind, blocks)
    nodes["y"] = Node("Output")
    graph = _chain(nodes)
    graph.params = dict(PARAMS)
    return graph


def _node(draw: st.DrawFn, kind: str, blocks: tuple[str, ...]) -> Node:
    bypass = parse(draw(st.sampled_from(FLAGS))) if draw(st.booleans()) else False
    match kind:
        case "conv":
            kernel = draw(st.sampled_from(("1", "3 if wide else 1")))
            texts = {
                "out_channels": draw(st.sampled_from(WIDTHS)),
                "kernel_size": kernel,
                "padding": f"({kernel}) // 2",
            }
            init = {"weight": Part("constant_", {"val": parse(draw(st.sampled_from(NUMBERS)))})}
            settings = WeightSettings(init=init if draw(st.booleans()) else {})
            return Node("Conv2d", {name: parse(text) for name, text in texts.items()}, bypass=bypass, settings=settings)
        case "norm":
            return Node("BatchNorm2d", bypass=bypass)
        case "act":
            return Node("LeakyReLU", {"negative_slope": parse(draw(st.sampled_from(NUMBERS)))}, bypass=bypass)
        case "scale":
            return Node("mul", {"other": parse(draw(st.sampled_from(NUMBERS)))}, bypass=bypass)
        case "sum":
            return Node("add", bypass=bypass)
    return replace(_use(draw, draw(st.sampled_from(blocks)), is_main=False), bypass=bypass)


def _use(draw: st.DrawFn, name: str, *, is_main: bool) -> Node:
    repeat = draw(st.integers(1, 3))
    values: dict[str, object] = {}
    texts = {
        "a": ("3", "5"),
        "b": ("1", "3"),
        "wide": ("True", "1 < 2"),
        "scale": ("0.25", "-2"),
        "mode": ("'twice'", "'same'"),
    }
    if not is_main:
        texts = {"a": ("a", "size(x, 1) + 1"), "b": ("b", "a"), "wide": ("not wide", "wide"), "scale": ("scale / 2",)}
        texts["mode"] = ("mode", "'same' if wide else 'twice'")
    if repeat > 1:
        more = {"a": "2 + index", "b": "repeat - index", "wide": "index == 0", "scale": "1 - index / repeat"}
        more["mode"] = "'twice' if index == 1 else 'same'"
        texts = {key: (*each, more[key]) for key, each in texts.items()}
    for key, each in texts.items():
        if draw(st.booleans()):
            values[key] = parse(draw(st.sampled_from(each)))
    return Node("Block", values, graph=name, repeat=repeat)


def _chain(nodes: dict[str, Node]) -> Graph:
    """The nodes, each fed by the one before; sums add a value to itself."""
    wires = []
    for before, after in pairwise(nodes):
        source = End(before, "y" if nodes[before].kind == "Block" else "output")
        ports = {"Block": ("x",), "add": ("input", "other")}.get(nodes[after].kind, ("input",))
        wires += [Wire(source, End(after, port)) for port in ports]
    return Graph(nodes, wires)


def written_out(project: Project) -> Project:
    """The project with a copy of every node of every use in the main graph, and with the values that Python gives."""
    nodes: dict[str, Node] = {}
    channels = _copy(project, "Net", "", {}, 3, nodes)
    assert channels > 0
    return Project("test", "Net", {"Net": _chain(nodes)})


def _copy(
    project: Project, graph: str, prefix: str, values: dict[str, object], channels: int, nodes: dict[str, Node]
) -> int:
    """Copy the nodes of a graph; returns the channels of its output."""
    first = channels
    for name, node in project.graphs[graph].nodes.items():

        def value(each: object, **more: object) -> object:
            if not isinstance(each, Expression):
                return each
            names = {**values, **more, "x": "x", "size": lambda _, axis: {1: first}[axis]}
            return eval(each.text, {"max": max, "min": min}, names)  # noqa: S307 (texts of this file)

        if (node.kind in ("Input", "Output") and graph != "Net") or value(node.bypass):
            continue
        if node.kind == "Block":
            for index in range(node.repeat):
                loop = {"index": index, "repeat": node.repeat} if node.repeat > 1 else {}
                own = {key: param.default for key, param in PARAMS.items()}
                own |= {key: value(each, **loop) for key, each in node.params.items()}
                inside = f"{prefix}{name}_{index}_" if node.repeat > 1 else f"{prefix}{name}_"
                channels = _copy(project, node.graph or "", inside, own, channels, nodes)
            continue
        params = {key: value(each) for key, each in node.params.items()}
        channels = params.get("out_channels", channels)
        init = {
            weight: Part(part.kind, {key: value(each) for key, each in part.params.items()})
            for weight, part in node.settings.init.items()
        }
        nodes[f"{prefix}{name}"] = replace(node, params=params, bypass=False, settings=WeightSettings(init=init))
    return channels
