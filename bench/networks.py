"""The small networks that the benchmarks train, as projects over an NPZ file of pictures and classes."""

from itertools import pairwise
from pathlib import Path

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.graph.model import Data, End, Graph, Node, Part, Project, Split, Training, Wire

BATCH = 64

NETWORKS: dict[str, tuple[tuple[str, str, dict[str, Value]], ...]] = {
    "mlp": (
        ("fc1", "Linear", {"out_features": 128}),
        ("act", "ReLU", {}),
        ("fc2", "Linear", {"out_features": 10}),
    ),
    "cnn": (
        ("picture", "Unflatten", {"dim": 1, "unflattened_size": (1, 28, 28)}),
        ("conv1", "Conv2d", {"out_channels": 8, "kernel_size": 3, "stride": 2}),
        ("act1", "ReLU", {}),
        ("conv2", "Conv2d", {"out_channels": 16, "kernel_size": 3, "stride": 2}),
        ("act2", "ReLU", {}),
        ("flat", "Flatten", {}),
        ("head", "Linear", {"out_features": 10}),
    ),
    "lstm": (
        ("lines", "Unflatten", {"dim": 1, "unflattened_size": (28, 28)}),
        ("rnn", "LSTM", {"hidden_size": 32, "batch_first": True}),
        ("last", "select", {"dim": 1, "index": -1}),
        ("head", "Linear", {"out_features": 10}),
    ),
    "transformer": (
        ("lines", "Unflatten", {"dim": 1, "unflattened_size": (28, 28)}),
        ("embed", "Linear", {"out_features": 32}),
        ("encoder", "TransformerEncoderLayer", {"nhead": 4, "dim_feedforward": 64, "batch_first": True}),
        ("pool", "mean", {"dim": 1}),
        ("head", "Linear", {"out_features": 10}),
    ),
}
"""Layers from the picture to the scores: name, kind, values."""


def project_of(network: str, rows: Path, epochs: int) -> Project:
    """A network's chain of layers, ending in a cross entropy; one thread, Adam as it comes."""
    layers = NETWORKS[network]
    nodes = {"image": Node("Input", {"field": "image"})}
    nodes |= {name: Node(kind, dict(params)) for name, kind, params in layers}
    nodes |= {"label": Node("Input", {"field": "label"}), "loss": Node("CrossEntropyLoss")}
    chain = ["image", *(name for name, _, _ in layers)]
    wires = [Wire(End(a, "output"), End(b, _first_input(nodes[b]))) for a, b in pairwise(chain)]
    wires += [Wire(End(chain[-1], "output"), End("loss", "input")), Wire(End("label", "output"), End("loss", "target"))]
    data = Data("Npz", {"path": str(rows)}, split=Split(validation=0.0))
    training = Training(epochs=epochs, batch_size=BATCH, device="cpu", threads=1, optimizer=Part("Adam"))
    return Project("bench", graphs={"Net": Graph(nodes, wires)}, data=data, training=training)


def _first_input(node: Node) -> str:
    declared = layer(node.kind)
    return declared.inputs[0].name if declared else "input"
