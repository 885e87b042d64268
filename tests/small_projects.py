"""Small projects in a short notation, for tests that need one exact graph."""

from engine.catalog.params import Value
from engine.graph.model import End, Graph, Node, Project, Wire


def node(kind: str, **params: Value) -> Node:
    """A node of a kind with these parameters."""
    return Node(kind, dict(params))


def graph(nodes: dict[str, Node | str], *wires: str) -> Graph:
    """A graph of nodes (or just kinds) and wires: ``conv > relu`` from output to input, ``a.h_n > b.h_0`` as named."""
    result = Graph({name: Node(each) if isinstance(each, str) else each for name, each in nodes.items()})
    for wire in wires:
        source, target = (text.strip() for text in wire.split(">"))
        result.wires.append(Wire(_end(source, "output"), _end(target, "input")))
    return result


def _end(text: str, port: str) -> End:
    return End.parse(text if "." in text else f"{text}.{port}")


def project(nodes: dict[str, Node | str], *wires: str, blocks: dict[str, Graph] | None = None) -> Project:
    """A project whose main graph is ``Net``."""
    return Project("test", "Net", {"Net": graph(nodes, *wires), **(blocks or {})})


def classifier() -> Project:
    """A network for digits without any problem: convolution, pooling, one Linear, a loss, an output."""
    return project(
        {
            "image": "Input",
            "label": "Input",
            "conv1": node("Conv2d", out_channels=32, kernel_size=3, padding=1),
            "relu1": "ReLU",
            "pool1": node("MaxPool2d", kernel_size=2),
            "flat": "Flatten",
            "fc": node("Linear", out_features=10),
            "loss": "CrossEntropyLoss",
            "logits": "Output",
        },
        "image > conv1",
        "conv1 > relu1",
        "relu1 > pool1",
        "pool1 > flat",
        "flat > fc",
        "fc > loss",
        "label > loss.target",
        "fc > logits",
    )
