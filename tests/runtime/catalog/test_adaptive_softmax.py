"""The adaptive softmax: torch's values, with and without targets, and its node."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from resources.snippets.adaptive_softmax import AdaptiveLogSoftmax
from tests.small_projects import node, project

FIELDS = {"words": FieldSpec((3, 8), "float32"), "next": FieldSpec((3,), "int64")}
VALUES = {"n_classes": 12, "cutoffs": (4, 8), "div_value": 2.0}


def test_it_computes_what_torchs_class_does() -> None:
    ours = AdaptiveLogSoftmax(8, 12, (4, 8), 2.0, head_bias=True)
    torchs = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [4, 8], 2.0, head_bias=True)
    torchs.load_state_dict(ours.state_dict())
    words, target = torch.randn(5, 3, 8), torch.randint(12, (5, 3))
    expected = torchs(words.flatten(0, 1), target.flatten())

    every = ours(words)
    true = ours(words, target)

    assert torch.equal(true.flatten(), expected.output)
    assert torch.allclose(every.gather(2, target.unsqueeze(2)).squeeze(2), true, atol=1e-6)
    assert torch.allclose(every.exp().sum(2), torch.ones(5, 3))
    assert torch.allclose(F.nll_loss(every.movedim(2, 1), target), expected.loss)


def test_a_network_learns_by_the_targets_and_answers_by_all_classes(tmp_path: Path) -> None:
    nodes = {
        "words": "Input",
        "next": "Input",
        "fc": node("Linear", out_features=8),
        "true": node("AdaptiveLogSoftmaxWithLoss", **VALUES),
        "every": Node("AdaptiveLogSoftmaxWithLoss", shares="true"),
        "loss": node("MeanLoss", scale=-1.0),
        "y": "Output",
    }
    it = project(nodes, "words > fc", "fc > true", "next > true.target", "fc > every", "true > loss", "every > y")
    analysis = analyse(it, FIELDS)
    text = generate(it, analysis.derived).text
    model = load_model(text, it, tmp_path / "model.py")
    batch = {"words": torch.rand(5, 3, 8), "next": torch.randint(12, (5, 3))}

    outputs = model.network()(**batch)
    losses = model.losses(outputs, batch)
    losses["total"].backward()

    assert analysis.problems == ()
    assert analysis.nodes["every"].outputs["output"] == ("N", 3, 12)
    assert analysis.nodes["true"].outputs["output"] == ("N", 3)
    expected_output = outputs["y"].gather(2, batch["next"].unsqueeze(2)).mean()
    assert losses["total"].item() == pytest.approx(-expected_output.item(), abs=1e-6)
    again = parse(text)
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"cutoffs": (8, 4)}, "cutoffs (8, 4) do not rise from 1 to 11"),
        ({"cutoffs": (4, 12)}, "cutoffs (4, 12) do not rise from 1 to 11"),
        ({"div_value": 4.0}, "the last cluster has no feature: 8 is below 4 ** 2"),
    ],
)
def test_clusters_that_cannot_be_are_refused(values: dict, why: str) -> None:
    nodes = {"words": "Input", "log": node("AdaptiveLogSoftmaxWithLoss", **{**VALUES, **values}), "y": "Output"}
    (problem,) = analyse(project(nodes, "words > log", "log > y"), FIELDS).errors

    assert problem.code == "P003"
    assert why in problem.message
