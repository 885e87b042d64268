"""Every metric against its definition, spelled out row by row in plain Python."""

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.catalog.index import layer, layers
from engine.catalog.params import Value
from engine.codegen.expression import call
from engine.runtime.analysis.build import _names as namespace
from resources.snippets.metrics import scores

seeds = st.integers(0, 10_000)
SHAPES = st.sampled_from([(), (1,), (3,), (2, 2)])


def example(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def classification(seed: int, classes: int, rest: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Scores without ties, and classes of which a few are -100."""
    generator = example(seed)
    target = torch.randint(classes, (6, *rest), generator=generator)
    target[torch.rand(target.shape, generator=generator) < 0.2] = -100
    target.view(-1)[0] = 0
    return torch.rand((6, classes, *rest), generator=generator), target


def rows(output: Tensor, target: Tensor) -> list[tuple[list[float], int]]:
    """Each counted target with the scores of its classes."""
    flat = output.movedim(1, -1).reshape(-1, output.shape[1]).tolist()
    return [(row, truth) for row, truth in zip(flat, target.flatten().tolist(), strict=True) if truth != -100]


def best(row: list[float]) -> int:
    return row.index(max(row))


def share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


Counts = tuple[int, int, int]
"""How often a class is predicted rightly, predicted, and true."""
RATES: dict[str, tuple[Callable[..., Tensor], Callable[[Counts], Fraction]]] = {
    "f1": (scores.f1_score, lambda count: share(2 * count[0], count[1] + count[2])),
    "precision": (scores.precision_score, lambda count: share(count[0], count[1])),
    "recall": (scores.recall_score, lambda count: share(count[0], count[2])),
    "iou": (
        lambda output, target, average: scores.mean_iou(output, target),
        lambda count: share(count[0], count[1] + count[2] - count[0]),
    ),
}
rates = st.tuples(st.sampled_from(["f1", "precision", "recall"]), st.sampled_from(["macro", "micro", "weighted"]))
rates |= st.just(("iou", "macro"))


def by_definition(rate: str, pairs: list[tuple[int, int]], classes: list[int], average: str) -> float:
    figure = RATES[rate][1]
    counts = {
        one: (
            sum(predicted == truth == one for predicted, truth in pairs),
            sum(predicted == one for predicted, _ in pairs),
            sum(truth == one for _, truth in pairs),
        )
        for one in classes
    }
    if average == "micro":
        right, predicted, true = (sum(part) for part in zip(*counts.values(), strict=True))
        return float(figure((right, predicted, true)))
    present = [count for count in counts.values() if count[1] + count[2]]
    weights = [count[2] if average == "weighted" else 1 for count in present]
    weighted = sum((figure(count) * weight for count, weight in zip(present, weights, strict=True)), Fraction(0))
    return float(weighted / sum(weights)) if sum(weights) else 0.0


@given(seeds, st.integers(2, 5), SHAPES)
def test_accuracy_of_classes(seed: int, classes: int, rest: tuple[int, ...]) -> None:
    output, target = classification(seed, classes, rest)
    pairs = rows(output, target)

    share = sum(best(row) == truth for row, truth in pairs) / len(pairs)
    assert scores.accuracy(output, target).item() == pytest.approx(share)
    assert scores.class_accuracy(output, target).item() == pytest.approx(share)


@given(seeds, st.integers(2, 5), SHAPES)
def test_accuracy_of_shares_compares_the_likeliest_classes(seed: int, classes: int, rest: tuple[int, ...]) -> None:
    output, _ = classification(seed, classes, rest)
    target = torch.rand(output.shape, generator=example(seed + 1))
    pairs = zip(rows(output, torch.zeros(6, *rest)), rows(target, torch.zeros(6, *rest)), strict=True)

    share = sum(best(output_row) == best(true) for (output_row, _), (true, _) in pairs) / (output.numel() // classes)
    assert scores.class_accuracy(output, target).item() == pytest.approx(share)


@given(seeds, SHAPES, st.booleans(), st.booleans(), st.sampled_from([torch.float32, torch.int64]))
def test_accuracy_of_yes_or_no(
    seed: int, rest: tuple[int, ...], extra_axis: bool, probabilities: bool, element: torch.dtype
) -> None:
    logits = torch.randn((6, *rest), generator=example(seed))
    target = torch.randint(2, logits.shape, generator=example(seed + 1)).to(element)
    threshold = 0.5 if probabilities else 0.0
    output = logits.sigmoid() if probabilities else logits

    share = sum((x > 0) == (y == 1) for x, y in zip(logits.flatten().tolist(), target.flatten().tolist(), strict=True))
    for figure in (scores.accuracy, scores.binary_accuracy):
        value = figure(output.unsqueeze(1) if extra_axis else output, target, threshold)
        assert value.item() == pytest.approx(share / logits.numel())


@given(seeds, st.integers(2, 5), SHAPES, st.integers(1, 5))
def test_top_k_accuracy(seed: int, classes: int, rest: tuple[int, ...], k: int) -> None:
    output, target = classification(seed, classes, rest)
    if k > classes:
        with pytest.raises(ValueError, match=f"top-{k} accuracy needs at least {k} classes, got {classes}"):
            scores.top_k_accuracy(output, target, k)
        return
    pairs = rows(output, target)

    share = sum(truth in sorted(range(classes), key=row.__getitem__)[-k:] for row, truth in pairs) / len(pairs)
    assert scores.top_k_accuracy(output, target, k).item() == pytest.approx(share)


@given(seeds, st.integers(2, 5), SHAPES, rates)
def test_rates_of_classes(seed: int, classes: int, rest: tuple[int, ...], rate: tuple[str, str]) -> None:
    output, target = classification(seed, classes, rest)
    pairs = [(best(row), truth) for row, truth in rows(output, target)]

    expected = by_definition(rate[0], pairs, list(range(classes)), rate[1])
    assert RATES[rate[0]][0](output, target, average=rate[1]).item() == pytest.approx(expected)


@given(seeds, st.sampled_from([(6,), (6, 1), (6, 3), (4, 2, 2)]), rates)
def test_rates_of_yes_or_no_have_one_figure_a_column(seed: int, shape: tuple[int, ...], rate: tuple[str, str]) -> None:
    output = torch.randn(shape, generator=example(seed))
    target = torch.randint(2, shape, generator=example(seed + 1)).float()
    columns = shape[1] if len(shape) > 1 else 1
    pairs = []  # a yes in column c is written as class c, a no as class -1
    for place, (x, y) in enumerate(zip(output.flatten().tolist(), target.flatten().tolist(), strict=True)):
        column = place // math.prod(shape[2:]) % columns
        pairs.append((column if x > 0 else -1, column if y else -1))

    expected = by_definition(rate[0], pairs, list(range(columns)), rate[1])
    assert RATES[rate[0]][0](output, target, average=rate[1]).item() == pytest.approx(expected)


@given(seeds, st.integers(2, 5), SHAPES, st.sampled_from(["f1", "precision", "recall"]))
def test_rates_of_one_class(seed: int, classes: int, rest: tuple[int, ...], rate: str) -> None:
    output, target = classification(seed, classes, rest)
    pairs = [(best(row), truth) for row, truth in rows(output, target)]

    for one in range(classes):
        alone = [(predicted == one, truth == one) for predicted, truth in pairs]
        counts = tuple(sum(map(test, alone)) for test in (all, lambda pair: pair[0], lambda pair: pair[1]))
        value = RATES[rate][0](output, target, class_index=one)
        assert value.item() == pytest.approx(float(RATES[rate][1](counts)))
    with pytest.raises(ValueError, match=f"there is no class {classes} among {classes} scores"):
        RATES[rate][0](output, target, class_index=classes)


def test_rates_of_classes_that_are_never_predicted_or_never_true() -> None:
    output = torch.tensor([[9.0, 0, 0, 0], [9, 0, 0, 0], [0, 9, 0, 0]])  # says 0, 0, 1; class 3 does not occur
    target = torch.tensor([0, 2, 0])

    assert scores.precision_score(output, target).item() == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert scores.recall_score(output, target).item() == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert scores.mean_iou(output, target).item() == pytest.approx((1 / 3 + 0 + 0) / 3)
    nothing = torch.full((3,), -100)
    assert scores.precision_score(output, nothing).item() == scores.recall_score(output, nothing).item() == 0


def dice_of_places(predicted: list[int], true: list[int], classes: list[int]) -> float | None:
    cases = []
    for one in classes:
        both = predicted.count(one) + true.count(one)
        shared = sum(a == b == one for a, b in zip(predicted, true, strict=True))
        cases += [2 * shared / both] if both else []
    return sum(cases) / len(cases) if cases else None


@given(seeds, st.integers(2, 4), st.sampled_from([(), (4,), (2, 2)]))
def test_dice_score_of_classes_is_a_mean_over_samples(seed: int, classes: int, rest: tuple[int, ...]) -> None:
    output, target = classification(seed, classes, rest)
    cases = []
    for sample, true in zip(output, target, strict=True):
        predictions = [(best(row), truth) for row, truth in rows(sample[None], true[None])]
        cases.append(
            dice_of_places(
                [predicted for predicted, _ in predictions], [truth for _, truth in predictions], list(range(classes))
            )
        )
    valid = [case for case in cases if case is not None]

    assert scores.dice_score(output, target).item() == pytest.approx(sum(valid) / len(valid))


@given(seeds, st.sampled_from([(5,), (5, 1), (5, 3), (5, 2, 4), (5, 1, 2, 2)]))
def test_dice_score_of_masks_is_a_mean_over_samples(seed: int, shape: tuple[int, ...]) -> None:
    output = torch.randn(shape, generator=example(seed))
    target = torch.randint(2, shape, generator=example(seed + 1))
    target[torch.rand(shape, generator=example(seed + 2)) < 0.2] = -100
    cases = []
    for sample, true in zip(output, target, strict=True):
        masks = list(zip(sample, true, strict=True)) if sample.ndim else [(sample, true)]
        of_masks = []
        for predicted, mask in masks:
            pairs = zip(predicted.flatten().tolist(), mask.flatten().tolist(), strict=True)
            valid_pairs = [(int(x > 0), y) for x, y in pairs if y != -100]
            of_masks.append(dice_of_places([x for x, _ in valid_pairs], [y for _, y in valid_pairs], [1]))
        valid = [case for case in of_masks if case is not None]
        cases += [sum(valid) / len(valid)] if valid else []

    value = scores.dice_score(output, target, task="binary")
    assert value.item() == pytest.approx(sum(cases) / len(cases)) if cases else value.isnan()


def test_empty_masks_count_only_where_something_is_predicted() -> None:
    empty = torch.zeros(3, 1, 4)
    output = torch.tensor([[-1.0, -1, -1, -1], [1, -1, -1, -1], [-1, -1, -1, -1]])[:, None]

    assert scores.dice_score(output, empty).item() == 0
    assert scores.dice_score(output[:1], empty[:1]).isnan()
    assert scores.mean_iou(output, empty).item() == 0


def test_classes_that_do_not_fit_the_scores_are_refused() -> None:
    wrong = torch.rand(4, 3, 2), torch.zeros(4, 5, dtype=torch.long)
    with pytest.raises(ValueError, match=r"scores \(4, 3, 2\) do not fit classes \(4, 5\)"):
        scores.f1_score(*wrong)
    with pytest.raises(RuntimeError, match="must match the size"):
        scores.accuracy(*wrong)
    with pytest.raises(RuntimeError, match="is invalid for input of size"):
        scores.binary_accuracy(torch.rand(4, 3), torch.zeros(4, 2))


def test_when_nothing_is_counted_accuracy_is_not_a_number() -> None:
    assert scores.accuracy(torch.rand(2, 3), torch.full((2,), -100)).isnan()


METRICS = [entry for entry in layers().values() if entry.role == "metric"]


@pytest.mark.parametrize("entry", METRICS, ids=lambda entry: entry.kind)
def test_a_metric_runs_where_only_shapes_are_known(entry) -> None:
    target = torch.zeros(7, dtype=torch.long) if entry.input("target").element != "float" else torch.zeros(7, 5)
    fields = {"said": torch.zeros(7, 5, device="meta"), "true": target.to("meta")}
    if entry.shape.is_closed:
        sizes = {"B": 7, "C": 3, "H": 12, "W": 13, "P": 4, "M": 2, "T": 5, "S": 4}
        shapes = [[sizes.get(axis) or int(axis) for axis in shape.axes] for (shape,) in entry.shape.inputs]
        fields = dict(zip(fields, (torch.zeros(shape, device="meta") for shape in shapes), strict=False))
    text = call(entry, "", {"input": "said", "target": "true"}, {})

    assert eval(text, namespace(entry), fields).shape == ()  # noqa: S307 - names and literals only


@pytest.mark.parametrize(
    "entry", [e for e in layers().values() if e.role == "loss" and e.metric], ids=lambda entry: entry.kind
)
def test_the_default_metric_takes_what_the_loss_takes(entry) -> None:
    generator = example(0)
    predictions = torch.rand(8, 3, generator=generator)
    true = torch.randint(3, (8,), generator=generator)
    if entry.metric_params.get("task") != "multiclass" or entry.kind == "KLDivLoss":
        true = torch.randint(2, (8, 3), generator=generator).float()
    metric = layer(entry.metric)
    params: dict[str, Value] = dict(entry.metric_params) | {
        name: entry.param(name).default for name in entry.metric_takes
    }
    text = call(metric, "", {"input": "said", "target": "true"}, params)

    assert 0 <= eval(text, namespace(metric), {"said": predictions, "true": true}).item() <= 1  # noqa: S307 - likewise
