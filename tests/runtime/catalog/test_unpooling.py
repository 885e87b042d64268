"""The places of maxima: an output that a parameter turns on, and what unpooling makes of it."""

from pathlib import Path

import torch
from torch import nn

from engine.check.rules import instant_problems
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project

IMAGE = {"image": FieldSpec((3, 7, 7), "float32")}
LOSSES = "\n\ndef losses(outputs, batch):\n    return {}\n\n\ndef metrics(outputs, batch):\n    return {}\n"


def unpooled(**params) -> Project:
    """An image, pooled and put back."""
    return project(
        {
            "image": "Input",
            "pool": node("MaxPool2d", kernel_size=2, **params),
            "back": node("MaxUnpool2d", kernel_size=2, output_size=(7, 7)),
            "y": "Output",
        },
        "image > pool", "pool > back", "pool.indices > back.indices", "back > y",
    )  # fmt: skip


def test_maxima_are_put_back_where_they_were(tmp_path: Path) -> None:
    example = unpooled(return_indices=True)
    analysis = analyse(example, IMAGE)
    text = generate(example, analysis.derived).text
    image = torch.rand(2, 3, 7, 7)
    output = load_model(text + LOSSES, example, tmp_path / "model.py").network()(image=image)

    pooled, places = nn.MaxPool2d(2, return_indices=True)(image)
    assert analysis.problems == ()
    assert analysis.nodes["pool"].elements == {"output": "float", "indices": "int"}
    assert analysis.nodes["back"].outputs == {"output": ("N", 3, 7, 7)}
    assert torch.equal(output, nn.MaxUnpool2d(2)(pooled, places, output_size=(7, 7)))
    assert "pool, pool_indices = self.pool(image)" in text
    assert generate(parse(text).project, analysis.derived).text == text


def test_an_output_that_is_off_is_not_there() -> None:
    example = unpooled()
    (problem,) = [each for each in instant_problems(example) if each.code == "G003"]

    assert problem.message == "pool (MaxPool2d) has no output indices while return_indices is off."
    problem.fix.edit.apply(example)
    assert not any(each.code == "G003" for each in instant_problems(example))
    assert analyse(example, IMAGE).problems == ()


def test_a_node_that_shares_weights_has_the_outputs_of_their_owner() -> None:
    example = unpooled(return_indices=True)
    net = example.graphs["Net"]
    net.nodes["again"] = Node("MaxPool2d", shares="pool")
    example = project(
        net.nodes,
        "image > pool", "image > again", "again > back", "again.indices > back.indices", "back > y",
    )  # fmt: skip
    text = generate(example, analyse(example, IMAGE).derived).text

    assert not any(each.code == "G003" for each in instant_problems(example))
    assert "again, again_indices = self.pool(image)" in text
