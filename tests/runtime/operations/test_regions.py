"""Boxes in images, against cases worked out by hand and against the definitions, one point and one box at a time."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.catalog.index import layer
from engine.codegen.model import generate
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from resources.snippets.operations.boxes import box_iou, nms, roi_align
from tests.runtime.codegen.test_model_source import run
from tests.small_projects import node, project

seeds = st.integers(0, 999)


def boxes_of(seed: int, count: int, size: float = 6.0) -> Tensor:
    """Random boxes (2, count, 4) of which some leave an image of that size."""
    corners = torch.rand(2, count, 2, 2, generator=torch.Generator().manual_seed(seed)) * size * 1.5 - size / 4
    return corners.sort(2)[0].flatten(2)


def iou(first: list[float], second: list[float]) -> float:
    width = max(0.0, min(first[2], second[2]) - max(first[0], second[0]))
    height = max(0.0, min(first[3], second[3]) - max(first[1], second[1]))
    areas = sum((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in (first, second))
    return width * height / (areas - width * height)


def at(image: Tensor, y: float, x: float) -> Tensor:
    """The pixels of an image (C, H, W) interpolated at a point; 0 more than a pixel outside."""
    _, height, width = image.shape
    if not (-1 <= y <= height and -1 <= x <= width):
        return image[:, 0, 0] * 0
    y, x = min(max(y, 0.0), height - 1.0), min(max(x, 0.0), width - 1.0)
    top, left = math.floor(y), math.floor(x)
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    upper = image[:, top, left] * (1 - (x - left)) + image[:, top, right] * (x - left)
    lower = image[:, bottom, left] * (1 - (x - left)) + image[:, bottom, right] * (x - left)
    return upper * (1 - (y - top)) + lower * (y - top)


def cell(image: Tensor, box: list[float], row: int, column: int, cells: tuple[int, int], points: int) -> Tensor:
    """The mean of the points of one cell of a box that is at least a pixel large."""
    x1, y1, x2, y2 = box
    places = [(each + 0.5) / points for each in range(points)]
    values = [
        at(image, y1 + (y2 - y1) * (row + down) / cells[0], x1 + (x2 - x1) * (column + right) / cells[1])
        for down in places
        for right in places
    ]
    return torch.stack(values).mean(0)


@settings(max_examples=10)
@given(seeds, st.integers(1, 3), st.booleans())
def test_each_cell_of_a_region_is_the_mean_of_its_points(seed: int, points: int, aligned: bool) -> None:
    image = torch.rand(2, 3, 5, 6, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    boxes = boxes_of(seed, 2, 12.0)
    boxes[..., 2:] = torch.maximum(boxes[..., 2:], boxes[..., :2] + 2.0)
    result = roi_align(image, boxes, (2, 3), 0.5, points, aligned)

    assert result.shape == (2, 2, 3, 2, 3)
    rows = []
    for sample in range(2):
        for place in range(2):
            box = [each * 0.5 - (0.5 if aligned else 0.0) for each in boxes[sample, place].tolist()]
            cells = [cell(image[sample], box, row, column, (2, 3), points) for row in (0, 1) for column in range(3)]
            rows.append(torch.stack(cells, 1).reshape(3, 2, 3))
    expected = torch.stack(rows).reshape(2, 2, 3, 2, 3)
    torch.testing.assert_close(result, expected, rtol=1e-4, atol=1e-5)
    weights = torch.rand(result.shape, generator=torch.Generator().manual_seed(seed))
    mine, other = (torch.autograd.grad((each * weights).sum(), image, retain_graph=True) for each in (result, expected))
    torch.testing.assert_close(mine, other, rtol=1e-4, atol=1e-5)


def test_a_region_worked_out_by_hand() -> None:
    image = torch.arange(16.0).reshape(1, 1, 4, 4)  # the number at (y, x) is 4 y + x
    box = torch.tensor([[[0.0, 0.0, 2.0, 2.0]]])

    assert roi_align(image, box, 2, sampling_ratio=1).flatten().tolist() == [2.5, 3.5, 6.5, 7.5]
    assert roi_align(image, box, 1, sampling_ratio=1, aligned=True).item() == 2.5
    assert roi_align(image, torch.full((1, 1, 4), 3.0), 1).item() == 15.0  # made a pixel large, then held at the corner
    assert roi_align(image, torch.tensor([[[9.0, 9.0, 12.0, 12.0]]]), 1).item() == 0.0


@settings(max_examples=15)
@given(seeds, st.sampled_from((0.0, 0.2, 0.5, 0.9)))
def test_suppression_keeps_a_box_unless_a_better_one_that_stays_overlaps_it(seed: int, threshold: float) -> None:
    boxes = boxes_of(seed, 7)
    scores = torch.rand(2, 7, generator=torch.Generator().manual_seed(seed))
    stays = nms(boxes, scores, threshold)
    for sample in range(2):
        better: list[int] = []
        for place in scores[sample].argsort(descending=True).tolist():
            if all(iou(boxes[sample, each].tolist(), boxes[sample, place].tolist()) <= threshold for each in better):
                better.append(place)
        assert stays[sample].nonzero().flatten().tolist() == sorted(better)


def test_suppression_worked_out_by_hand() -> None:
    boxes = torch.tensor([[[0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30], [0, 0, 10, 9]]], dtype=torch.float32)

    overlaps = box_iou(boxes, boxes)[0]
    assert overlaps[0, 1].item() == pytest.approx(81 / 119)
    assert overlaps[0, 3].item() == pytest.approx(0.9)
    assert overlaps[0, 2].item() == 0
    assert nms(boxes, torch.tensor([[0.9, 0.8, 0.7, 0.6]])).tolist() == [[True, False, True, False]]
    assert nms(boxes, torch.tensor([[0.9, 0.8, 0.7, 0.6]]), 0.7).tolist() == [[True, True, True, False]]


@given(seeds)
def test_overlaps_are_those_of_each_pair(seed: int) -> None:
    first, second = boxes_of(seed, 3), boxes_of(seed + 1, 2)
    expected = [[[iou(a, b) for b in second[n].tolist()] for a in first[n].tolist()] for n in range(2)]

    torch.testing.assert_close(box_iou(first, second), torch.tensor(expected), rtol=1e-4, atol=1e-5)


def test_boxes_without_an_area_overlap_nothing() -> None:
    assert box_iou(torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)).tolist() == [[[0.0]]]


def test_the_boxes_of_a_network_are_in_its_source() -> None:
    nodes = {"image": "Input", "boxes": "Input", "scores": "Input", "crop": node("roi_align", output_size=2)}
    example = project(
        {**nodes, "best": "nms", "overlap": "box_iou", "a": "Output", "b": "Output", "c": "Output"},
        "image > crop", "boxes > crop.boxes", "boxes > best.boxes", "scores > best.scores", "boxes > overlap.boxes1",
        "boxes > overlap.boxes2", "crop > a", "best > b", "overlap > c",
    )  # fmt: skip
    fields = {"image": (3, 5, 6), "boxes": (4, 4), "scores": (4,)}
    analysis = analyse(example, {name: FieldSpec(shape, "float32") for name, shape in fields.items()})
    text = generate(example, analysis.derived).text
    batch = {"image": torch.rand(2, 3, 5, 6), "boxes": boxes_of(0, 4), "scores": torch.rand(2, 4)}
    outputs = run(text)["Net"]()(**batch)

    assert analysis.problems == ()
    assert analysis.nodes["crop"].outputs == {"output": ("N", 4, 3, 2, 2)}
    assert analysis.nodes["best"].elements == {"output": "bool"}
    assert "import torchvision" not in text
    assert torch.equal(outputs["a"], roi_align(batch["image"], batch["boxes"], 2))
    assert torch.equal(outputs["b"], nms(batch["boxes"], batch["scores"]))
    assert text.count("def _area(") == 1
    assert layer("nms").definitions == (("operations.boxes", "nms"),)


@given(st.floats(-1, 1), st.booleans())
def test_an_image_read_at_its_own_pixels_is_itself_and_a_shift_moves_it(shift: float, corners: bool) -> None:
    flags = {"align_corners": corners}
    example = project(
        {"image": "Input", "theta": "Input", "points": node("affine_grid", **flags),
         "read": node("grid_sample", **flags), "y": "Output"},
        "theta > points.theta", "image > points.input", "image > read", "points > read.grid", "read > y",
    )  # fmt: skip
    fields = {"image": FieldSpec((1, 4, 4), "float32"), "theta": FieldSpec((2, 3), "float32")}
    analysis = analyse(example, fields)
    net = run(generate(example, analysis.derived).text)["Net"]()
    image = torch.rand(1, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    same = torch.tensor([[[1.0, 0, 0], [0, 1, 0]]])
    moved = torch.tensor([[[1.0, 0, shift], [0, 1, 0]]])

    assert analysis.problems == ()
    torch.testing.assert_close(net(image=image, theta=same), image)
    pixels = shift * (1.5 if corners else 2.0)
    padded = torch.nn.functional.pad(image[0], (4, 4))
    expected = torch.stack([at(padded, 0, 0) * 0 + _on_row(padded, 4 + place + pixels) for place in range(4)], -1)
    torch.testing.assert_close(net(image=image, theta=moved)[0, 0], expected[0] if expected.ndim == 3 else expected)


def _on_row(padded: Tensor, x: float) -> Tensor:
    """The column of a padded image (1, H, W) at a place between two columns."""
    left = math.floor(x)
    return padded[0, :, left] * (1 - (x - left)) + padded[0, :, left + 1] * (x - left)
