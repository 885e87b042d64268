"""Distillation: a divergence of softened distributions follows its formula, and temperature 1 is torch's call."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from resources.snippets.losses.distillation import softened_kl_div
from tests.small_projects import node, project


def distilled(**params) -> Project:
    """A student that learns the probabilities of a teacher."""
    return project(
        {"x": "Input", "truth": "Input", "student": node("LogSoftmax", dim=1), "loss": node("KLDivLoss", **params)},
        "x > student",
        "student > loss",
        "truth > loss.target",
    )


@given(st.integers(0, 99), st.sampled_from([1.0, 2.0, 4.5, 0.5]), st.booleans(), st.sampled_from(["sum", "batchmean"]))
def test_both_sides_are_softened_from_their_scores(seed: int, temperature: float, log_target: bool, how: str) -> None:
    generator = torch.Generator().manual_seed(seed)
    student, teacher = torch.randn(2, 5, 3, generator=generator)
    expected = (
        F.kl_div((student / temperature).log_softmax(1), (teacher / temperature).softmax(1), reduction=how)
        * temperature**2
    )

    target = teacher.log_softmax(1) if log_target else teacher.softmax(1)
    loss = softened_kl_div(student.log_softmax(1), target, how, log_target, temperature)

    assert torch.allclose(loss, expected, atol=1e-5)


def test_a_class_that_the_teacher_rules_out_gives_a_number() -> None:
    scores = torch.zeros(2, 3, requires_grad=True)

    loss = softened_kl_div(
        scores.log_softmax(1), torch.tensor([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]]), "sum", temperature=2.0
    )
    loss.backward()

    assert torch.isfinite(loss)
    assert torch.isfinite(scores.grad).all()


@pytest.mark.parametrize("temperature", [1.0, 1])
def test_a_temperature_of_1_is_torchs_own_call(temperature: float) -> None:
    plain = generate(distilled(reduction="batchmean"), {}).text

    assert generate(distilled(reduction="batchmean", temperature=temperature), {}).text == plain
    assert 'F.kl_div(outputs, batch["truth"], reduction="batchmean")' in plain
    assert "softened" not in plain


def test_another_temperature_is_written_and_read_back() -> None:
    text = generate(distilled(reduction="batchmean", temperature=4.0), {}).text

    assert 'softened_kl_div(outputs, batch["truth"], reduction="batchmean", temperature=4.0)' in text
    assert parse(text).project.graphs["Net"].nodes["loss"].params == {"reduction": "batchmean", "temperature": 4.0}
    assert generate(parse(text).project, {}).text == text
