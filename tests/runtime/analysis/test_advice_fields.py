"""Fields that belong together stay together, and an embedding is large enough for what it reads."""

from pathlib import Path

import numpy as np
import pytest

from engine.graph.model import Node, Part, Project
from tests.array_networks import ROWS, codes, linear, network, numbered, problems_of, saved, spread
from tests.small_projects import graph, node

# Images that move


def segmentation(target: str, loss: Node | str = "BCEWithLogitsLoss") -> Project:
    return network(loss, target, node("Conv2d", out_channels=1, kernel_size=1), field="image")


FLIP, SHIFT = Part("RandomHorizontalFlip", {"field": "image"}), Part("RandomShift", {"field": "image"})


@pytest.mark.parametrize("moving", [FLIP, SHIFT])
def test_a_mask_that_stays_while_its_image_moves_is_a_problem(moving: Part, tmp_path: Path):
    example = segmentation("mask")
    example.data = saved(tmp_path, {"image": spread(0, 1, 3, 8, 8), "mask": spread(0, 1, 1, 8, 8)}, (moving,))
    (problem,) = problems_of(example, tmp_path)
    assert (problem.code, problem.severity) == ("D135", "warning")
    assert moving.kind in problem.message
    assert "mask" in problem.message
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


def test_a_mask_with_a_flip_of_its_own_does_not_fit_either(tmp_path: Path):
    example = segmentation("mask")
    own = Part("RandomHorizontalFlip", {"field": "mask"})
    example.data = saved(tmp_path, {"image": spread(0, 1, 3, 8, 8), "mask": spread(0, 1, 1, 8, 8)}, (FLIP, own))
    assert codes(example, tmp_path) == ["D135"]


@pytest.mark.parametrize("target", ["box", "keypoints", "left_corner", "pose"])
def test_places_in_an_image_that_moves_are_a_problem(target: str, tmp_path: Path):
    example = network("MSELoss", target, "Flatten", linear(4), field="image")
    example.data = saved(tmp_path, {"image": spread(0, 1, 3, 8, 8), target: spread(0, 1, 4)}, (FLIP,))
    assert codes(example, tmp_path) == ["D135"]


@pytest.mark.parametrize(
    "harmless", [Part("RandomNoise", {"field": "image"}), Part("RandomErasing", {"field": "image"})]
)
def test_what_moves_nothing_is_fine(harmless: Part, tmp_path: Path):
    example = segmentation("mask")
    example.data = saved(tmp_path, {"image": spread(0, 1, 3, 8, 8), "mask": spread(0, 1, 1, 8, 8)}, (harmless,))
    assert codes(example, tmp_path) == []


def test_a_label_and_the_image_itself_go_with_a_flip(tmp_path: Path):
    labelled = network("CrossEntropyLoss", "label", "Flatten", linear(3), field="image")
    labelled.data = saved(tmp_path, {"image": spread(0, 1, 1, 8, 8), "label": numbered(3)}, (FLIP,))
    assert codes(labelled, tmp_path) == []
    copied = segmentation("image", "MSELoss")
    copied.data = labelled.data
    assert codes(copied, tmp_path) == []
    aged = network("MSELoss", "age", "Flatten", linear(1), field="image")
    aged.data = saved(tmp_path, {"image": spread(0, 1, 1, 8, 8), "age": spread(0, 1)}, (FLIP,))
    assert codes(aged, tmp_path) == []


# Places of an embedding


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_an_embedding_within_blocks_has_places_for_the_data_around_them(depth: int, tmp_path: Path):
    inside = {"x": "Input", "flat": node("Flatten"), "table": node("Embedding", num_embeddings=5), "y": "Output"}
    example = network("CrossEntropyLoss", "label", Node("Block", graph="B0"), "Flatten", linear(3), field="tokens")
    example.graphs["B0"] = graph(inside, "x > flat", "flat > table", "table > y")
    for level in range(1, depth + 1):
        nodes = {"x": "Input", "inner": Node("Block", graph=f"B{level - 1}"), "y": "Output"}
        example.graphs[f"B{level}"] = graph(nodes, "x > inner.x", "inner.y > y")
    uses = example.graphs["Net"].nodes
    uses["n1"].graph = f"B{depth}"
    example.graphs["Net"].wires = graph(
        {}, "tokens > n1.x", "n1.y > n2", "n2 > n3", "n3 > loss", "answer > loss.target"
    ).wires  # fmt: skip
    example.data = saved(tmp_path, {"tokens": np.arange(ROWS * 6).reshape(ROWS, 6) % 9, "label": numbered(3)})
    problem = next(problem for problem in problems_of(example, tmp_path) if problem.severity == "error")
    assert (problem.code, problem.node) == ("S015", ".".join(["n1", *["inner"] * depth, "table"]))
    problem.fix.edit.apply(example)
    assert codes(example, tmp_path) == []


def test_an_embedding_of_the_usual_size_is_looked_at_too(tmp_path: Path):
    example = network("CrossEntropyLoss", "label", "Embedding", "Flatten", linear(3), field="tokens")
    example.data = saved(tmp_path, {"tokens": np.full((ROWS, 6), 1000), "label": numbered(3)})
    assert codes(example, tmp_path) == ["S015"]


@pytest.mark.parametrize("code", ["G006", "G010"])
def test_wires_and_blocks_in_a_circle_are_followed_once(code: str, tmp_path: Path):
    example = network("MSELoss", "t", "Flatten", "Identity")
    if code == "G006":
        nodes, wires = (
            example.graphs["Net"].nodes,
            graph({}, "n2 > n1", "n1 > n2", "n2 > loss", "n2 > loss.target", "n2 > e").wires,
        )
        nodes["e"] = Node("Embedding")
        example.graphs["Net"].wires = wires
    else:
        example.graphs["Net"].nodes |= {"n1": Node("Block", graph="A"), "e": Node("Embedding")}
        example.graphs["A"] = graph({"x": "Input", "a": Node("Block", graph="A"), "y": "Output"}, "x > a.x", "a.y > y")
        wires = ("x > n1.x", "n1.y > n2", "n2 > loss", "n2 > loss.target", "n2 > e")
        example.graphs["Net"].wires = graph({}, *wires).wires
    example.data = saved(tmp_path, {"x": spread(-1, 1, 4), "t": spread(0, 1, 4)})
    assert code in codes(example, tmp_path)
