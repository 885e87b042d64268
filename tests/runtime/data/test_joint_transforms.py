"""A random change moves an image and the mask that goes with it in the same way, in the app and in an export."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import DataProblem
from engine.graph.model import Data, End, Graph, Node, Part, Project, Training, Wire
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.data.prepared_samples import load_data
from tests.runtime.exported_data import CPU, assert_same_batches

SETTINGS = {"path": "scenes.npz", "label": "mask"}
FLIP = Part("RandomHorizontalFlip", {"field": "image"})
SHIFT = Part("RandomShift", {"field": "image", "pixels": 2})
MOVES = (FLIP, SHIFT, Part("RandomErasing", {"field": "image", "p": 1.0}))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Images whose mask can be read off them: the pixels above 0.5."""
    images = np.random.default_rng(0).random((20, 1, 6, 8)).astype(np.float32)
    small = np.zeros((20, 1, 3, 4), dtype=np.float32)
    np.savez(tmp_path / "scenes.npz", image=images, clean=images * 2, small=small, mask=images[:, 0] > 0.5)
    with np.load(tmp_path / "scenes.npz") as arrays:
        values = {**arrays, "mask": arrays["mask"].astype(np.int64)}
    np.savez(tmp_path / "scenes.npz", **values)
    return tmp_path


def project(*transforms: Part) -> Project:
    nodes = {
        "image": Node("Input"),
        "mask": Node("Input"),
        "conv": Node("Conv2d", {"out_channels": 2, "kernel_size": 1}),
        "loss": Node("CrossEntropyLoss"),
        "y": Node("Output"),
    }
    ends = (("image.output", "conv.input"), ("conv.output", "loss.input"), ("mask.output", "loss.target"))
    wires = [
        Wire(End(*source.split(".")), End(*target.split("."))) for source, target in (*ends, ("conv.output", "y.input"))
    ]
    data = Data("Npz", SETTINGS, transforms=transforms)
    return Project(graphs={"Net": Graph(nodes, wires)}, data=data, training=Training(epochs=1, batch_size=4))


def batches(base: Path, *transforms: Part) -> list[dict[str, torch.Tensor]]:
    data = load_data(project(*transforms), base)
    return list(BatchLoader(data, project().training, set(data.training.fields), CPU).batches(0))


@pytest.mark.parametrize("moves", [(FLIP,), (SHIFT,), (FLIP, SHIFT)], ids=["flip", "shift", "both"])
def test_a_mask_moves_with_its_image(base: Path, moves: tuple[Part, ...]) -> None:
    parts = batches(base, *moves)
    assert any(not torch.equal(a["image"], b["image"]) for a, b in zip(parts, batches(base), strict=True))
    for batch in parts:
        assert torch.equal(batch["mask"], (batch["image"][:, 0] > 0.5).long())


def test_what_erases_leaves_the_mask_alone(base: Path) -> None:
    for changed, plain in zip(batches(base, MOVES[2]), batches(base), strict=True):
        assert not torch.equal(changed["image"], plain["image"])
        assert torch.equal(changed["mask"], plain["mask"])


def test_another_image_moves_along_where_it_is_named(base: Path) -> None:
    for batch in batches(base, replace(SHIFT, params={**SHIFT.params, "also": ("clean",)})):
        assert torch.equal(batch["clean"], batch["image"] * 2)
    assert any(not torch.equal(batch["clean"], batch["image"] * 2) for batch in batches(base, SHIFT))


@pytest.mark.parametrize(
    ("name", "message"), [("cleen", "which is no field"), ("small", r"whose height and width \(3, 4\) are not")]
)
def test_a_field_that_cannot_move_along_is_refused(base: Path, name: str, message: str) -> None:
    with pytest.raises(DataProblem, match=message):
        batches(base, replace(FLIP, params={**FLIP.params, "also": (name,)}))


def test_an_exported_program_moves_them_alike(base: Path, tmp_path: Path) -> None:
    assert_same_batches(project(*MOVES), base, tmp_path / "program")
