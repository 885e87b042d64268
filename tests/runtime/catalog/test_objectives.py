"""Losses that torch lacks, against their formulas in plain Python, and cases worked out by hand."""

import math
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from resources.snippets.losses import objectives
from resources.snippets.losses.label_smoothing import smoothed_binary_cross_entropy_with_logits
from tests.small_projects import node, project

seeds = st.integers(0, 10_000)
Numbers = list[float]


def numbers(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def answers(seed: int, high: int, *shape: int) -> Tensor:
    """Whole numbers below ``high``, of which a few are -100 and the first is not."""
    generator = torch.Generator().manual_seed(seed)
    target = torch.randint(high, shape, generator=generator)
    target[torch.rand(shape, generator=generator) < 0.2] = -100
    target.view(-1)[0] = 0
    return target


def masks(output: Tensor, target: Tensor) -> list[tuple[Numbers, Numbers]]:
    """The probabilities and the truth of each sample and class, without what is ignored."""
    cases = []
    for sample, true in zip(output, target, strict=True):
        if true.shape == sample.shape:
            columns = [(x.sigmoid(), y) for x, y in zip(sample, true, strict=True)]
            values = [(p[y != -100].tolist(), y[y != -100].tolist()) for p, y in columns]
        else:
            shares = sample.softmax(0)[:, true != -100]
            values = [(share.tolist(), (true[true != -100] == one).tolist()) for one, share in enumerate(shares)]
        cases += values
    return cases


OVERLAPS = [
    (objectives.dice_loss, lambda both, a, b, smooth: 1 - (2 * both + smooth) / (a + b + smooth)),
    (objectives.iou_loss, lambda both, a, b, smooth: 1 - (both + smooth) / (a + b - both + smooth)),
]


@pytest.mark.parametrize(("loss", "formula"), OVERLAPS)
@given(seeds, st.booleans(), st.sampled_from([(4,), (2, 3)]), st.floats(0.01, 2.0))
def test_missing_overlap(loss, formula, seed: int, of_classes: bool, rest: tuple[int, ...], smooth: float) -> None:
    output = numbers(seed, 3, 2, *rest)
    target = answers(seed + 1, 2, 3, *rest) if of_classes else answers(seed + 1, 2, 3, 2, *rest).double()
    expected = [
        formula(sum(p * y for p, y in zip(shares, true, strict=True)), sum(shares), sum(true), smooth)
        for shares, true in masks(output, target)
    ]

    assert loss(output, target, smooth).item() == pytest.approx(sum(expected) / len(expected))


def test_overlap_by_hand() -> None:
    output = torch.tensor([[[40.0, 40.0, -40.0, -40.0]]])

    assert objectives.dice_loss(output, torch.tensor([[[1.0, 0, 1, 0]]]), 1e-9).item() == pytest.approx(1 / 2)
    assert objectives.iou_loss(output, torch.tensor([[[1.0, 0, 1, 0]]]), 1e-9).item() == pytest.approx(2 / 3)


@pytest.mark.parametrize("loss", [objectives.dice_loss, objectives.iou_loss])
def test_an_empty_mask_has_a_loss_only_where_something_is_predicted(loss) -> None:
    empty = torch.zeros(1, 1, 4)
    output = torch.full((1, 1, 4), -40.0, requires_grad=True)
    nothing = loss(output, empty)
    nothing.backward()

    assert nothing.item() == pytest.approx(0, abs=1e-6)
    assert torch.isfinite(output.grad).all()
    assert loss(-output, empty).item() > 0.7
    assert loss(output, torch.full_like(empty, -100.0)).item() == 0


@given(seeds, st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.sampled_from(["mean", "sum"]), st.sampled_from([(), (3,)]))
def test_focal_loss_of_classes(seed: int, gamma: float, reduction: str, rest: tuple[int, ...]) -> None:
    output, target = numbers(seed, 5, 3, *rest), answers(seed + 1, 3, 5, *rest)
    rows = output.softmax(1).movedim(1, -1).reshape(-1, 3).tolist()
    shares = [row[y] for row, y in zip(rows, target.flatten().tolist(), strict=True) if y != -100]
    expected = [-((1 - p) ** gamma) * math.log(p) for p in shares]

    value = objectives.focal_loss(output, target, gamma, reduction=reduction).item()
    assert value == pytest.approx(sum(expected) / (len(expected) if reduction == "mean" else 1))
    if gamma == 0:
        assert value == pytest.approx(F.cross_entropy(output, target, reduction=reduction).item())


@given(seeds, st.sampled_from([0.0, 0.5, 2.0]), st.none() | st.floats(0.0, 1.0), st.sampled_from([(5,), (5, 2)]))
def test_focal_loss_of_yes_or_no(seed: int, gamma: float, alpha: float | None, shape: tuple[int, ...]) -> None:
    output, target = numbers(seed, *shape), answers(seed + 1, 2, *shape).double()
    expected = []
    for p, y in zip(output.sigmoid().flatten().tolist(), target.flatten().tolist(), strict=True):
        if y != -100:
            truth = p if y else 1 - p
            weight = 1.0 if alpha is None else alpha if y else 1 - alpha
            expected.append(-weight * (1 - truth) ** gamma * math.log(truth))

    value = objectives.focal_loss(output, target, gamma, alpha).item()
    assert value == pytest.approx(sum(expected) / len(expected))


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_a_certain_prediction_has_a_gradient(gamma: float) -> None:
    output = torch.tensor([[200.0, -200.0], [0.0, 0.0]], requires_grad=True)

    objectives.focal_loss(output, torch.tensor([0, 1]), gamma).backward()

    assert torch.isfinite(output.grad).all()


@given(seeds, st.integers(1, 6), st.sampled_from([0.05, 0.5, 2.0]), st.booleans())
def test_partners_are_found_by_their_cosine(seed: int, samples: int, temperature: float, symmetric: bool) -> None:
    first, second = numbers(seed, samples, 3), numbers(seed + 1, samples, 3)

    def search(vectors: Tensor, partners: Tensor) -> float:
        total = 0.0
        for place, vector in enumerate(vectors):
            scores = [F.cosine_similarity(vector, other, dim=0).item() / temperature for other in partners]
            total -= scores[place] - math.log(sum(map(math.exp, scores)))
        return total / samples

    expected = (search(first, second) + search(second, first)) / 2 if symmetric else search(first, second)
    value = objectives.info_nce_loss(first, second, temperature, symmetric).item()
    assert value == pytest.approx(expected, abs=1e-12)


def test_many_partners_are_searched_in_pieces() -> None:
    samples = objectives.ROWS_AT_ONCE + 3
    same = torch.ones(samples, 2)

    assert objectives.info_nce_loss(same, same).item() == pytest.approx(math.log(samples), rel=1e-4)


@given(seeds, st.sampled_from(["batchmean", "mean", "sum"]), st.sampled_from([(4,), (4, 3), (2, 2, 2)]))
def test_divergence_from_the_standard_normal(seed: int, reduction: str, shape: tuple[int, ...]) -> None:
    mean, log_var = numbers(seed, *shape), numbers(seed + 1, *shape)
    normal = torch.distributions.Normal
    each = torch.distributions.kl_divergence(normal(mean, (log_var / 2).exp()), normal(0.0, 1.0))
    divisor = {"batchmean": shape[0], "mean": each.numel(), "sum": 1}[reduction]

    value = objectives.gaussian_kl_div(mean, log_var, reduction).item()
    assert value == pytest.approx(each.sum().item() / divisor)


def test_the_standard_normal_itself_has_no_divergence() -> None:
    assert objectives.gaussian_kl_div(torch.zeros(2, 3), torch.zeros(2, 3)).item() == 0


@given(seeds, st.floats(0.0, 2.0), st.sampled_from(["mean", "sum"]))
def test_hinge_loss(seed: int, margin: float, reduction: str) -> None:
    output, target = numbers(seed, 6, 1), numbers(seed + 1, 6, 1).sign()
    each = [max(0.0, margin - x * y) for x, y in zip(output.flatten().tolist(), target.flatten().tolist(), strict=True)]

    value = objectives.hinge_loss(output, target, margin, reduction).item()
    assert value == pytest.approx(sum(each) / (len(each) if reduction == "mean" else 1))


@given(seeds, st.booleans(), st.sampled_from([(), (3,), (2, 2)]))
def test_perceptual_loss(seed: int, normalize: bool, rest: tuple[int, ...]) -> None:
    first, second = numbers(seed, 2, 4, *rest), numbers(seed + 1, 2, 4, *rest)
    pairs = zip(*(each.movedim(1, -1).reshape(-1, 4).tolist() for each in (first, second)), strict=True)
    expected = []
    for x, y in pairs:
        length, other = (math.hypot(*each) if normalize else 1.0 for each in (x, y))
        expected.append(sum((a / length - b / other) ** 2 for a, b in zip(x, y, strict=True)))

    value = objectives.perceptual_loss(first, second, normalize).item()
    assert value == pytest.approx(sum(expected) / len(expected))


@given(seeds, st.floats(0.0, 1.0), st.sampled_from(["mean", "sum"]))
def test_smoothed_targets_of_yes_or_no(seed: int, smoothing: float, reduction: str) -> None:
    output, target = numbers(seed, 5, 2), (numbers(seed + 1, 5, 2) > 0).double()
    weight, pos_weight = torch.tensor([1.0, 2.0]).double(), torch.tensor([0.5, 3.0]).double()
    weighted = {"weight": weight, "pos_weight": pos_weight, "reduction": reduction}
    sure = F.binary_cross_entropy_with_logits(output, target, **weighted)
    unsure = F.binary_cross_entropy_with_logits(output, torch.full_like(target, 0.5), **weighted)

    value = smoothed_binary_cross_entropy_with_logits(output, target, label_smoothing=smoothing, **weighted)
    assert value.item() == pytest.approx(((1 - smoothing) * sure + smoothing * unsure).item())


def test_every_loss_is_0_for_a_perfect_prediction() -> None:
    sure = 400 * torch.eye(3)
    for loss in (objectives.dice_loss, objectives.iou_loss, objectives.focal_loss):
        assert loss(sure, torch.arange(3)).item() == pytest.approx(0, abs=1e-6)
    assert objectives.info_nce_loss(sure, sure, 0.01).item() == pytest.approx(0, abs=1e-6)
    assert objectives.hinge_loss(2 * sure - 1, (sure > 0) * 2.0 - 1).item() == 0


FIELDS = {
    "x": FieldSpec((4,), "float32"),
    "image": FieldSpec((1, 6, 6), "float32"),
    "mask": FieldSpec((1, 6, 6), "float32"),
    "sides": FieldSpec((3,), "float32"),
    "kind": FieldSpec((), "int64", classes=3),
}
NETWORKS = {
    "DiceLoss": (
        {"net": node("Conv2d", out_channels=1, kernel_size=1)},
        "image > net",
        "net > loss",
        "mask > loss.target",
    ),
    "IoULoss": (
        {"net": node("Conv2d", out_channels=1, kernel_size=1)},
        "image > net",
        "net > loss",
        "mask > loss.target",
    ),
    "FocalLoss": ({"net": node("Linear", out_features=3)}, "x > net", "net > loss", "kind > loss.target"),
    "HingeLoss": ({"net": node("Linear", out_features=3)}, "x > net", "net > loss", "sides > loss.target"),
    "BCEWithLogitsLoss": (
        {"net": node("Linear", out_features=3), "loss": node("BCEWithLogitsLoss", label_smoothing=0.1)},
        "x > net",
        "net > loss",
        "sides > loss.target",
    ),
    "PerceptualLoss": (
        {
            "net": node("Conv2d", out_channels=1, kernel_size=1),
            "features": node("Conv2d", out_channels=3, kernel_size=3),
            "again": Node("Conv2d", shares="features"),
        },
        "image > net",
        "net > features",
        "mask > again",
        "features > loss",
        "again > loss.target",
    ),
    "InfoNCELoss": ({"net": node("Linear", out_features=3)}, "x > net", "net > loss.input1", "sides > loss.input2"),
    "GaussianKLDivLoss": (
        {"net": node("Linear", out_features=3), "spread": node("Linear", out_features=3)},
        "x > net",
        "x > spread",
        "net > loss.mean",
        "spread > loss.log_var",
    ),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_a_network_learns_by_it_and_its_source_is_read_back(kind: str, tmp_path: Path) -> None:
    nodes, *wires = NETWORKS[kind]
    fields = {name for wire in wires for name in FIELDS if wire.startswith(f"{name} ")}
    it = project({**dict.fromkeys(fields, "Input"), "loss": kind, **nodes}, *wires)
    analysis = analyse(it, FIELDS)
    text = generate(it, analysis.derived).text
    model = load_model(text, it, tmp_path / "model.py")
    network = model.network()
    batch = {name: torch.rand(5, *FIELDS[name].shape) for name in fields - {"kind"}} | {"kind": torch.arange(5) % 3}

    outputs = network(**{name: batch[name] for name in reads(it).inputs})
    losses = model.losses(outputs, batch)
    losses["total"].backward()

    assert analysis.problems == ()
    assert losses["loss"].shape == ()
    assert all(weight.grad is not None for weight in network.parameters())
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    assert again.project.graphs["Net"].nodes["loss"].kind == kind


def test_scores_of_another_shape_than_the_mask_are_refused() -> None:
    nodes = {
        "image": "Input",
        "mask": "Input",
        "net": node("Conv2d", out_channels=2, kernel_size=1),
        "loss": "DiceLoss",
    }
    it = project(nodes, "image > net", "net > loss", "mask > loss.target")
    (problem,) = analyse(it, FIELDS).errors

    assert (problem.code, problem.node) == ("S009", "loss")
