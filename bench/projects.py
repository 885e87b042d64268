"""Projects to measure with."""

from itertools import pairwise

from engine.graph.model import Data, End, Graph, Node, Part, Project, Training, Wire

COLUMNS = 40
STEP = (240, 120)
KINDS = ("Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "Linear", "Dropout")


def chain(count: int) -> Project:
    """Nodes of several kinds in rows, each wired to the next."""
    nodes = {f"n{i}": Node(KINDS[i % len(KINDS)], {}, _place(i)) for i in range(count)}
    wires = [Wire(End(f"n{i}", "output"), End(f"n{i + 1}", "input")) for i in range(count - 1)]
    return Project(graphs={"Net": Graph(nodes, wires)})


def deep(layers: int, epochs: int = 1) -> Project:
    """A residual network on the digits that can be trained: convolution, normalization, activation, and shortcuts."""
    nodes = {"image": Node("Input", {"field": "image"}, _place(0))}
    wires = []
    last = shortcut = "image"
    for number in range(layers):
        kind = ("Conv2d", "BatchNorm2d", "ReLU", "add")[number % 4]
        kind = "ReLU" if kind == "add" and shortcut == "image" else kind
        name = f"{kind.lower()}{number}"
        params = {"out_channels": 8, "kernel_size": 3, "padding": 1} if kind == "Conv2d" else {}
        nodes[name] = Node(kind, dict(params), _place(number + 1))
        wires.append(Wire(End(last, "output"), End(name, "input")))
        if kind == "add":
            wires.append(Wire(End(shortcut, "output"), End(name, "other")))
        if number % 4 == 3:
            shortcut = name
        last = name
    for name, kind, params in (("flat", "Flatten", {}), ("head", "Linear", {"out_features": 10})):
        nodes[name] = Node(kind, dict(params), _place(len(nodes)))
        wires.append(Wire(End(last, "output"), End(name, "input")))
        last = name
    nodes["label"] = Node("Input", {"field": "label"}, _place(len(nodes)))
    nodes["loss"] = Node("CrossEntropyLoss", {}, _place(len(nodes)))
    wires += [Wire(End(last, "output"), End("loss", "input")), Wire(End("label", "output"), End("loss", "target"))]
    training = Training(epochs=epochs, batch_size=64, device="cpu", threads=1, optimizer=Part("Adam"))
    return Project("deep", graphs={"Net": Graph(nodes, wires)}, data=Data("Digits"), training=training)


def _place(number: int) -> tuple[float, float]:
    return number % COLUMNS * STEP[0], number // COLUMNS * STEP[1]


def plain(layers: int) -> Project:
    """Convolution, normalization and activation in turn, every one in its own width, on the digits."""
    names = ["image"]
    nodes = {"image": Node("Input", {"field": "image"}, _place(0))}
    for number in range(layers):
        kind = ("Conv2d", "BatchNorm2d", "ReLU")[number % 3]
        params = {"out_channels": 8 + number // 3, "kernel_size": 3, "padding": 1} if kind == "Conv2d" else {}
        names.append(f"{kind.lower()}{number}")
        nodes[names[-1]] = Node(kind, dict(params), _place(number + 1))
    nodes["scores"] = Node("Output", {}, _place(layers + 1))
    wires = [Wire(End(a, "output"), End(b, "input")) for a, b in pairwise([*names, "scores"])]
    return Project("layers", graphs={"Net": Graph(nodes, wires)}, data=Data("Digits"))
