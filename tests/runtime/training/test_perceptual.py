"""A picture is compared in the features of a frozen network whose weights come from a file, here and in the export."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.graph.model import Data, Node, Part, Project, Training
from engine.graph.weights import WeightSettings, WeightsFile
from tests.small_projects import graph, node
from tests.training import run_script, train


def painter(folder: Path) -> Project:
    """A network that paints digits again, judged by two layers of another."""
    generator = torch.Generator().manual_seed(0)
    shapes = {"conv1.weight": (4, 1, 3, 3), "conv1.bias": (4,), "conv2.weight": (6, 4, 3, 3), "conv2.bias": (6,)}
    save_file(
        {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}, folder / "judge.safetensors"
    )
    judge = graph(
        {
            "picture": "Input", "conv1": node("Conv2d", out_channels=4, kernel_size=3), "act": "ReLU",
            "conv2": node("Conv2d", out_channels=6, kernel_size=3), "fine": "Output", "coarse": "Output",
        },
        "picture > conv1", "conv1 > act", "act > fine", "act > conv2", "conv2 > coarse",
    )  # fmt: skip
    settings = WeightSettings(frozen=True, weights=WeightsFile("judge.safetensors"))
    net = graph(
        {
            "image": "Input", "paint": node("Conv2d", out_channels=1, kernel_size=3, padding=1),
            "judge": Node("Block", graph="Judge", settings=settings),
            "judge_true": Node("Block", graph="Judge", shares="judge"),
            "fine": "PerceptualLoss", "coarse": node("PerceptualLoss", scale=0.5, normalize=False), "y": "Output",
        },
        "image > paint", "paint > judge.picture", "image > judge_true.picture", "paint > y",
        "judge.fine > fine", "judge_true.fine > fine.target",
        "judge.coarse > coarse", "judge_true.coarse > coarse.target",
    )  # fmt: skip
    training = Training(epochs=2, batch_size=64, threads=1, device="cpu", optimizer=Part("Adam", {"lr": 0.01}))
    return Project("painter", graphs={"Net": net, "Judge": judge}, data=Data("Digits"), training=training)


def test_the_judge_stays_and_the_painter_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = painter(tmp_path)
    outcome = train(project, tmp_path / "run")
    losses, weights = tmp_path / "losses.txt", tmp_path / "last.safetensors"
    run_script(tmp_path / "run", monkeypatch, "--losses", str(losses), "--weights", str(weights))

    values = [float.fromhex(line) for line in losses.read_text().split()]
    assert losses.read_text() == (tmp_path / "run" / "losses.txt").read_text()
    assert values[-1] < values[0] / 2
    start, end = load_file(tmp_path / "judge.safetensors"), load_file(weights)
    assert all(torch.equal(end[f"judge.{name}"], value) for name, value in start.items())
    assert outcome.reason == "completed"
