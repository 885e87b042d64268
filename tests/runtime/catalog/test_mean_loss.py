"""A loss that compares nothing: what it computes, which way it trains, and its source."""

from pathlib import Path

import pytest
import torch

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project

FIELDS = {"x": FieldSpec((4,), "float32")}


def scored(scale: float) -> Project:
    """A score whose mean is minimized, times a factor."""
    nodes = {"x": "Input", "score": node("Linear", out_features=1), "loss": node("MeanLoss", scale=scale)}
    return project(nodes, "x > score", "score > loss")


@pytest.mark.parametrize("scale", [1.0, -1.0])
def test_a_step_moves_the_mean_the_way_its_scale_says(scale: float, tmp_path: Path) -> None:
    example = scored(scale)
    analysis = analyse(example, FIELDS)
    model = load_model(generate(example, analysis.derived).text, example, tmp_path / "model.py")
    network, batch = model.network(), {"x": torch.rand(6, 4, generator=torch.Generator().manual_seed(0))}
    before = network(**batch).mean()

    losses = model.losses(network(**batch), batch)
    losses["total"].backward()
    with torch.no_grad():
        for weight in network.parameters():
            weight.sub_(0.1 * weight.grad)

    assert analysis.problems == ()
    assert torch.equal(losses["loss"], before)
    assert torch.equal(losses["total"], scale * before)
    assert (network(**batch).mean() < before) == (scale > 0)


def test_its_source_is_read_back() -> None:
    text = generate(scored(-1.0), analyse(scored(-1.0), FIELDS).derived).text
    again = parse(text)

    assert "loss = torch.mean(outputs)" in text
    assert again.project.graphs["Net"].nodes["loss"].kind == "MeanLoss"
    assert generate(again.project, again.derived).text == text
