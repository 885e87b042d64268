"""The places of maxima: an output that a parameter turns on, and what unpooling makes of it."""

from pathlib import Path

import torch
from torch import nn

from engine.check.rules import instant
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.fields import FieldSpec
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
    drawn = unpooled(return_indices=True)
    found = analyse(drawn, IMAGE)
    text = generate(drawn, found.derived).text
    image = torch.rand(2, 3, 7, 7)
    given = load_model(text + LOSSES, drawn, tmp_path / "model.py").network()(image=image)

    pooled, places = nn.MaxPool2d(2, return_indices=True)(image)
    assert found.problems == ()
    assert found.nodes["pool"].elements == {"output": "float", "indices": "int"}
    assert found.nodes["back"].outputs == {"output": ("N", 3, 7, 7)}
    assert torch.equal(given, nn.MaxUnpool2d(2)(pooled, places, output_size=(7, 7)))
    assert "pool, pool_indices = self.pool(image)" in text
    assert generate(parse(text).project, found.derived).text == text


def test_an_output_that_is_off_is_not_there() -> None:
    drawn = unpooled()
    (problem,) = [each for each in instant(drawn) if each.code == "G003"]

    assert problem.message == "pool (MaxPool2d) has no output indices while return_indices is off."
    problem.fix.edit.apply(drawn)
    assert not any(each.code == "G003" for each in instant(drawn))
    assert analyse(drawn, IMAGE).problems == ()


def test_a_node_that_shares_has_the_outputs_of_its_lender() -> None:
    drawn = unpooled(return_indices=True)
    net = drawn.graphs["Net"]
    net.nodes["again"] = Node("MaxPool2d", shares="pool")
    drawn = project(
        net.nodes,
        "image > pool", "image > again", "again > back", "again.indices > back.indices", "back > y",
    )  # fmt: skip
    text = generate(drawn, analyse(drawn, IMAGE).derived).text

    assert not any(each.code == "G003" for each in instant(drawn))
    assert "again, again_indices = self.pool(image)" in text
