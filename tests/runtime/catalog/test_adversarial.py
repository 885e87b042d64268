"""The two sides of a GAN against cross entropy and their formulas, and their nodes in a network."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from resources.snippets.losses import adversarial
from tests.small_projects import node, project


def scores(seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return tuple(torch.randn(6, 1, generator=generator, dtype=torch.float64) for _ in range(2))


@given(st.integers(0, 9999), st.floats(0.0, 1.0))
def test_the_losses_follow_their_formulas(seed: int, smoothing: float) -> None:
    real, fake = scores(seed)
    r, f = real.flatten().tolist(), fake.flatten().tolist()
    entropy = F.binary_cross_entropy_with_logits
    target = torch.full_like(real, 1 - smoothing)
    cases = [
        (
            adversarial.non_saturating_discriminator_loss(real, fake, smoothing),
            (entropy(real, target) + entropy(fake, torch.zeros_like(fake))).item(),
        ),
        (adversarial.non_saturating_generator_loss(fake), entropy(fake, torch.ones_like(fake)).item()),
        (
            adversarial.least_squares_discriminator_loss(real, fake, smoothing),
            sum((x - 1 + smoothing) ** 2 + y**2 for x, y in zip(r, f, strict=True)) / 12,
        ),
        (adversarial.least_squares_generator_loss(fake), sum((y - 1) ** 2 for y in f) / 12),
        (
            adversarial.hinge_discriminator_loss(real, fake),
            sum(max(0, 1 - x) + max(0, 1 + y) for x, y in zip(r, f, strict=True)) / 6,
        ),
        (adversarial.hinge_generator_loss(fake), -sum(f) / 6),
        (adversarial.wasserstein_discriminator_loss(real, fake), (sum(f) - sum(r)) / 6),
        (adversarial.wasserstein_generator_loss(fake), -sum(f) / 6),
    ]

    assert [value.item() for value, _ in cases] == pytest.approx([expected for _, expected in cases])


FIELDS = {"noise": FieldSpec((3,), "float32"), "image": FieldSpec((4,), "float32")}


@pytest.mark.parametrize("objective", ["non-saturating", "least squares", "hinge", "wasserstein"])
def test_both_sides_in_a_network(objective: str, tmp_path: Path) -> None:
    nodes = {
        "noise": "Input",
        "image": "Input",
        "gen": node("Linear", out_features=4),
        "disc": node("Linear", out_features=1),
        "again": Node("Linear", shares="disc"),
        "disc_loss": node("DiscriminatorLoss", objective=objective),
        "gen_loss": node("GeneratorLoss", objective=objective),
    }
    wires = ("noise > gen", "image > disc", "gen > again", "disc > disc_loss.real", "again > disc_loss.fake")
    it = project(nodes, *wires, "again > gen_loss.fake")
    analysis = analyse(it, FIELDS)
    text = generate(it, analysis.derived).text
    model = load_model(text, it, tmp_path / "model.py")
    network = model.network()
    batch = {name: torch.rand(5, *FIELDS[name].shape) for name in FIELDS}

    outputs = network(**batch)
    losses = model.losses(outputs, batch)
    losses["gen_loss"].backward()

    name = objective.replace("-", "_").replace(" ", "_")
    assert analysis.problems == ()
    assert torch.equal(losses["gen_loss"], getattr(adversarial, f"{name}_generator_loss")(outputs["again"]))
    assert network.gen.weight.grad.abs().sum() > 0
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    read = again.project.graphs["Net"].nodes
    assert [read[each].params.get("objective", "non-saturating") for each in ("disc_loss", "gen_loss")] == [
        objective
    ] * 2
