"""Samples a second of the app's whole loop, events and checkpoints included, against a textbook loop.

    python bench/training.py [--rounds 5] [--epochs 1] [--only mlp]

60,000 synthetic rows of 784 numbers, ten classes, batch 64, one thread. The textbook loop is the one of every tutorial:
a ``DataLoader`` that shuffles, ``optimizer.zero_grad()``, ``loss.item()`` at each step. Both train the same generated
model with the same optimizer; they take turns, and the ratio of each turn is printed, then the median.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from engine.catalog.index import layer
from engine.graph.model import Data, End, Graph, Node, Part, Project, Split, Training, Wire
from engine.runtime.load import Model, load_model
from engine.runtime.training.job import Job, start

ROWS, BATCH = 60_000, 64


def project_of(*layers: tuple[str, str, dict[str, object]], path: Path) -> Project:
    """A chain of layers from the image to a cross entropy."""
    nodes = {"image": Node("Input", {"field": "image"})}
    nodes |= {name: Node(kind, dict(params)) for name, kind, params in layers}  # type: ignore[arg-type]
    nodes |= {"label": Node("Input", {"field": "label"}), "loss": Node("CrossEntropyLoss")}
    chain = ["image", *(name for name, _, _ in layers)]
    wires = [Wire(End(a, "output"), End(b, _first_input(nodes[b]))) for a, b in pairwise(chain)]
    wires += [Wire(End(chain[-1], "output"), End("loss", "input")), Wire(End("label", "output"), End("loss", "target"))]
    data = Data("Npz", {"path": str(path)}, split=Split(validation=0.0))
    training = Training(epochs=1, batch_size=BATCH, device="cpu", threads=1, optimizer=Part("Adam"))
    return Project("bench", graphs={"Net": Graph(nodes, wires)}, data=data, training=training)


def _first_input(node: Node) -> str:
    declared = layer(node.kind)
    return declared.inputs[0].name if declared else "input"


NETWORKS: dict[str, tuple[tuple[str, str, dict[str, object]], ...]] = {
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
TARGETS = {"mlp": 1.3, "cnn": 1.05, "lstm": 1.05, "transformer": 1.0}


def app(project: Project, folder: Path) -> float:
    """Seconds of the app's loop, from the first step to the last event."""
    times: dict[str, float] = {}

    def heard(event: object) -> None:
        times.setdefault(type(event).__name__, time.perf_counter())

    start(Job(project, folder.parent, folder), heard)
    return times["Finished"] - times["Started"]


def textbook(model: Model, images: torch.Tensor, labels: torch.Tensor, epochs: int) -> float:
    """Seconds of the loop of every tutorial."""
    torch.manual_seed(0)
    network: nn.Module = model.network()
    optimizer = torch.optim.Adam(network.parameters())
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    began = time.perf_counter()
    for _ in range(epochs):
        network.train()
        running = 0.0
        for image, label in loader:
            optimizer.zero_grad()
            loss = criterion(network(image), label)
            loss.backward()
            optimizer.step()
            running += loss.item()
    return time.perf_counter() - began


def compare(name: str, home: Path, rounds: int, epochs: int) -> float:
    """The median ratio of samples a second, app over textbook."""
    project = project_of(*NETWORKS[name], path=home / "rows.npz")
    project.training = replace(project.training, epochs=epochs)
    arrays = np.load(home / "rows.npz")
    images, labels = torch.from_numpy(arrays["image"]), torch.from_numpy(arrays["label"])
    ratios = []
    for number in range(rounds):
        folder = home / f"{name}-{number}"
        ours = app(project, folder)
        theirs = textbook(load_model(folder / "model.py", "Net"), images, labels, epochs)
        shutil.rmtree(folder)
        ratios.append(theirs / ours)
        speeds = f"{ROWS * epochs / ours:>9,.0f} samples/s, textbook {ROWS * epochs / theirs:>9,.0f}"
        print(f"{name:<12} round {number + 1}: {speeds}, ratio {ratios[-1]:.2f}", flush=True)
    return statistics.median(ratios)


def main() -> None:
    """Print the ratio of each network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--only", choices=list(NETWORKS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        os.environ["TORCHLOOM_HOME"] = str(home / "home")
        generator = np.random.default_rng(0)
        images = generator.normal(size=(ROWS, 784)).astype(np.float32)
        np.savez(home / "rows.npz", image=images, label=generator.integers(0, 10, ROWS))
        chosen = [name for name in NETWORKS if options.only in (None, name)]
        found = {name: compare(name, home, options.rounds, options.epochs) for name in chosen}
    for name, ratio in found.items():
        print(f"{name:<12} {ratio:.2f} times the textbook loop (target {TARGETS[name]})")


if __name__ == "__main__":
    main()
