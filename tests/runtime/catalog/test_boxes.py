"""The mean average precision of boxes: cases worked out by hand, and a definition in plain Python."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from resources.snippets.metrics import detection

Box = tuple[float, ...]
PADDING = (0.0, 0.0, 0.0, 0.0, -1.0)
LOW, FULL = (0.5,), (0.5, 0.75)


def predictions(*boxes: Box) -> Tensor:
    return torch.tensor([boxes])


def square(left: float, size: float = 10.0) -> Box:
    return (left, 0.0, left + size, size)


def value(predicted: Tensor, true: Tensor, thresholds: tuple[float, ...] = LOW) -> float:
    return detection.mean_average_precision(predicted, true, thresholds).item()


def test_one_of_two_boxes_is_found() -> None:
    true = predictions((*square(0), 1.0), (*square(100), 1.0))

    assert value(predictions((*square(0), 0.9, 1.0)), true) == pytest.approx(1 / 2)
    assert value(predictions((*square(50), 0.95, 1.0), (*square(0), 0.9, 1.0)), true) == pytest.approx(1 / 4)
    assert value(predictions((*square(0), 0.9, 1.0), (*square(50), 0.8, 1.0)), true) == pytest.approx(1 / 2)


def test_a_box_is_found_once() -> None:
    true = predictions((*square(0), 1.0), (*square(100), 1.0))
    twice = predictions((*square(0), 0.9, 1.0), (*square(1), 0.8, 1.0), (*square(100), 0.7, 1.0))

    assert value(twice, true) == pytest.approx((1 + 2 / 3) / 2)  # right, wrong, right: precision 1, 1/2, 2/3


def test_the_precision_of_a_recall_is_the_best_from_there_on() -> None:
    true = predictions(*((*square(100 * at), 1.0) for at in range(3)))
    predicted = predictions((*square(900), 0.9, 1.0), *((*square(100 * at), 0.8 - at / 10, 1.0) for at in range(3)))

    assert value(predicted, true) == pytest.approx(3 / 4)  # precision 0, 1/2, 2/3, 3/4


def test_each_threshold_and_each_class_counts_the_same() -> None:
    true = predictions((*square(0), 1.0), (*square(100), 3.0))
    predicted = predictions((*square(0), 0.9, 1.0), (*square(102), 0.3, 3.0), (*square(0), 0.99, 2.0))

    assert value(predicted, true) == 1  # class 2 is not in the truth
    assert value(predicted, true, FULL) == pytest.approx((1 + 1 / 2) / 2)  # 8 of 12 columns: 2/3
    assert value(predicted, true, (2 / 3,)) == 1


def test_a_box_of_another_picture_or_class_is_not_found() -> None:
    true = torch.tensor([[(*square(0), 1.0)], [PADDING]])
    elsewhere = torch.tensor([[(*square(50), 0.5, 1.0)], [(*square(0), 0.9, 1.0)]])

    assert value(elsewhere, true) == 0
    assert value(predictions((*square(0), 0.9, 2.0)), predictions((*square(0), 1.0))) == 0


def test_padding_counts_nowhere() -> None:
    true = predictions((*square(0), 1.0), PADDING)
    nothing = (0.0, 0.0, 0.0, 0.0, 1.0, -1.0)

    assert value(predictions(nothing, (*square(0), 0.1, 1.0)), true) == 1
    assert torch.isnan(torch.tensor(value(predictions(nothing), predictions(PADDING))))


def test_pictures_without_any_box() -> None:
    true, predicted = predictions((*square(0), 1.0)), predictions((*square(0), 0.5, 1.0))

    assert value(torch.zeros(1, 0, 6), true) == 0
    assert value(predicted, true.long()) == 1  # edges in whole pixels
    assert math.isnan(value(predicted, torch.zeros(1, 0, 5)))
    assert math.isnan(value(torch.zeros(0, 2, 6), torch.zeros(0, 2, 5)))


def overlap(a: Box, b: Box) -> float:
    width, height = (max(0.0, min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])) for axis in (0, 1))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    whole = sum(areas) - width * height
    return width * height / whole if whole else 0.0


def average_precision(pictures: list[tuple[list[Box], list[Box]]], kind: float, threshold: float) -> float:
    claims, count = [], 0
    for predicted, true in pictures:
        free = [box for box in true if box[4] == kind]
        count += len(free)
        for box in sorted((box for box in predicted if box[5] == kind), key=lambda box: -box[4]):
            best = max(free, key=lambda other: overlap(box, other), default=None)
            is_right = best is not None and overlap(box, best) >= threshold
            if is_right:
                free.remove(best)
            claims.append((box[4], is_right))
    right = [is_right for _, is_right in sorted(claims, key=lambda claim: -claim[0])]
    precision = [sum(right[: place + 1]) / (place + 1) for place in range(len(right))]
    return sum(max(precision[place:]) for place, is_right in enumerate(right) if is_right) / count


def boxes(generator: torch.Generator, pictures: int, count: int) -> Tensor:
    corner, size = (torch.randint(0, 6, (pictures, count, 2), generator=generator).float() for _ in range(2))
    return torch.cat([corner, corner + size], 2)


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 6), st.integers(1, 4))
def test_random_boxes(seed: int, pictures: int, predicted_count: int, true_count: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(pictures, predicted_count, 1, generator=generator)
    kinds, true_kinds = (
        torch.randint(-1, 3, (pictures, count, 1), generator=generator).float()
        for count in (predicted_count, true_count)
    )
    true_kinds[0, 0] = 1.0
    predicted = torch.cat([boxes(generator, pictures, predicted_count), scores, kinds], 2)
    true = torch.cat([boxes(generator, pictures, true_count), true_kinds], 2)
    cases = [(a, b) for a, b in zip(predicted.tolist(), true.tolist(), strict=True)]
    occurring = {kind for kind in true_kinds.flatten().tolist() if kind >= 0}
    areas = [average_precision(cases, kind, threshold) for kind in occurring for threshold in FULL]

    assert value(predicted, true, FULL) == pytest.approx(sum(areas) / len(areas))
