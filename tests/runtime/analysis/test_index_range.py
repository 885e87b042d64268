"""Classes and lengths in the data that a loss or metric has no place for are named before training."""

from pathlib import Path

import numpy as np
import pytest

from engine.graph.model import Data, Project
from engine.runtime.analysis.analyse import check_project
from tests.small_projects import node, project

SAMPLES = 12
ARRAYS = {
    "sound": np.ones((SAMPLES, 9, 5), "float32"),
    "image": np.ones((SAMPLES, 1, 6, 6), "float32"),
    "x": np.ones((SAMPLES, 4), "float32"),
    "letters": np.ones((SAMPLES, 3), "int64"),
    "steps": np.full(SAMPLES, 9),
    "count": np.full(SAMPLES, 3),
    "places": np.ones((SAMPLES, 6, 6), "int64"),
}


def sequence() -> Project:
    nodes = dict.fromkeys(("sound", "letters", "steps", "count"), "Input") | {
        "fc": node("Linear", out_features=4),
        "log": node("LogSoftmax", dim=-1),
        "first": node("transpose", dim0=0, dim1=1),
        "loss": "CTCLoss",
        "y": "Output",
    }
    ends = ("letters > loss.targets", "steps > loss.input_lengths", "count > loss.target_lengths", "log > y")
    return project(nodes, "sound > fc", "fc > log", "log > first", "first > loss.log_probs", *ends)


def labels() -> Project:
    nodes = {"x": "Input", "letters": "Input", "net": node("Linear", out_features=3), "loss": "MultiLabelMarginLoss"}
    return project({**nodes, "y": "Output"}, "x > net", "net > loss", "letters > loss.target", "net > y")


def segmentation(kind: str = "CrossEntropyLoss", channels: int = 4, **values) -> Project:
    nodes = {
        "image": "Input",
        "places": "Input",
        "net": node("Conv2d", out_channels=channels, kernel_size=1),
        "loss": node(kind, **values),
        "y": "Output",
    }
    return project(nodes, "image > net", "net > loss", "places > loss.target", "net > y")


def words() -> Project:
    nodes = dict.fromkeys(("sound", "letters", "count"), "Input") | {
        "fc": node("Linear", out_features=4),
        "best": node("argmax", dim=-1),
        "mean": "MeanLoss",
        "loss": "WordErrorRate",
        "y": "Output",
    }
    wires = ("sound > fc", "fc > mean", "fc > best", "best > loss", "letters > loss.target", "fc > y")
    return project(nodes, *wires, "count > loss.target_length")


def problems(it: Project, folder: Path, **changed: int) -> list[tuple[str, str]]:
    arrays = {name: values.copy() for name, values in ARRAYS.items()}
    for name, value in changed.items():
        arrays[name].flat[-1] = value
    used = [name for name in arrays if name in it.graphs["Net"].nodes]
    np.savez(folder / "data.npz", **{name: arrays[name] for name in used})
    it.data = Data("Npz", {"path": "data.npz"})
    report = check_project(it, folder)
    return [(problem.port, problem.message) for problem in report.problems if problem.code == "S015"]


@pytest.mark.parametrize(
    ("it", "changed", "port", "message"),
    [
        (sequence(), {"letters": 4}, "targets", "numbers from 0 to 3 in targets, and letters in the data holds 4"),
        (sequence(), {"letters": -1}, "targets", "and letters in the data holds -1"),
        (sequence(), {"steps": 10}, "input_lengths", "lengths from 0 to 9 in input_lengths, and steps in the data"),
        (sequence(), {"count": 4}, "target_lengths", "lengths from 0 to 3 in target_lengths, and count in the data"),
        (labels(), {"letters": 3}, "target", "numbers from -1 to 2 in target, and letters in the data holds 3"),
        (labels(), {"letters": -2}, "target", "letters in the data holds -2"),
        (segmentation(), {"places": 4}, "target", "numbers from 0 to 3 in target, and places in the data holds 4"),
        (segmentation("DiceLoss"), {"places": 7}, "target", "and places in the data holds 7"),
        (words(), {"count": 5}, "target_length", "lengths from 0 to 3 in target_length, and count in the data holds 5"),
    ],
)
def test_numbers_beyond_a_size_are_named(it: Project, changed: dict[str, int], port: str, message: str, tmp_path):
    ((place, text),) = problems(it, tmp_path, **changed)
    assert place == port
    assert message in text


@pytest.mark.parametrize(
    ("it", "changed"),
    [
        (sequence(), {"letters": 3, "steps": 1, "count": 0}),
        (labels(), {"letters": -1}),
        (segmentation(), {"places": -100}),
        (segmentation(ignore_index=255), {"places": 255}),
        (words(), {"count": 3}),
    ],
)
def test_numbers_within_the_sizes_are_fine(it: Project, changed: dict[str, int], tmp_path):
    assert problems(it, tmp_path, **changed) == []


def test_a_mask_of_0_and_1_holds_no_class_numbers(tmp_path: Path):
    it = segmentation("DiceLoss", channels=1)
    it.graphs["Net"].nodes["channel"] = node("unsqueeze", dim=1)
    it.graphs["Net"].wires = project(
        it.graphs["Net"].nodes, "image > net", "net > loss", "places > channel", "channel > loss.target", "net > y"
    ).graphs["Net"].wires  # fmt: skip
    assert problems(it, tmp_path) == []
