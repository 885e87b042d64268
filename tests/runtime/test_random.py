"""Networks that draw random numbers: their source, shapes, and what is wrong with them."""

from pathlib import Path

import pytest
import torch

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Graph, Node, Project
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.analysis.placement import problems
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import graph, node, project

IMAGE = {"image": FieldSpec((6,), "float32")}


def generator(**params) -> Graph:
    """A block that makes samples of noise."""
    return graph(
        {"noise": node("randn", shape=(4,)), "fc": node("Linear", out_features=6), "y": "Output", **params},
        "noise > fc",
        "fc > y",
    )


def sampling(*wires: str, blocks: dict[str, Graph] | None = None, **nodes: Node | str) -> Project:
    """A network that gives samples."""
    return project({**nodes, "samples": "Output"}, *wires, blocks=blocks)


def source_and_network(example: Project, analysis: Analysis, folder: Path) -> tuple[str, torch.nn.Module]:
    """The source, which is read back as it is, and the network."""
    assert analysis.problems == ()
    text = generate(example, analysis.derived).text
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    return text, load_model(text + LOSSES, example, folder / "model.py").network()


LOSSES = "\n\ndef losses(outputs, batch):\n    return {}\n\n\ndef metrics(outputs, batch):\n    return {}\n"


@pytest.mark.parametrize("kind", ["randn", "rand"])
def test_without_a_like_value_the_network_is_asked_for_a_number_of_samples(kind: str, tmp_path: Path) -> None:
    example = sampling("noise > fc", "fc > samples", noise=node(kind, shape=(4, 2)), fc=node("Linear", out_features=3))
    analysis = analyse(example, {})
    text, network = source_and_network(example, analysis, tmp_path)

    assert analysis.nodes["noise"].outputs == {"output": ("N", 4, 2)}
    assert "def forward(self, count: int) -> Tensor:" in text
    assert f"torch.{kind}(count, 4, 2, device=next(self.parameters()).device)" in text
    assert network(count=5).shape == (5, 4, 3)


def test_a_like_value_gives_the_number_of_samples(tmp_path: Path) -> None:
    example = sampling(
        "image > noise.like", "noise > fc", "fc > add", "image > add.other", "add > samples",
        image="Input", noise=node("randn", shape=(2,)), fc=node("Linear", out_features=6), add="add",
    )  # fmt: skip
    text, network = source_and_network(example, analyse(example, IMAGE), tmp_path)

    assert "def forward(self, image: Tensor) -> Tensor:" in text
    assert "torch.randn(image.shape[0], 2, device=image.device)" in text
    assert network(image=torch.zeros(7, 6)).shape == (7, 6)


@pytest.mark.parametrize("repeat", [1, 2])
def test_a_block_passes_the_number_of_samples_on(repeat: int, tmp_path: Path) -> None:
    body = graph(
        {"x": "Input", "gen": Node("Block", graph="Gen"), "add": "add", "y": "Output"},
        "x > add", "gen.y > add.other", "add > y",
    )  # fmt: skip
    example = sampling(
        "image > body.x", "body.y > samples",
        image="Input", body=Node("Block", graph="Body", repeat=repeat), blocks={"Body": body, "Gen": generator()},
    )  # fmt: skip
    text, network = source_and_network(example, analyse(example, IMAGE), tmp_path)

    assert "self.gen(count=count)" in text
    assert "def forward(self, x: Tensor, count: int) -> Tensor:" in text
    assert "def forward(self, image: Tensor, count: int) -> Tensor:" in text
    assert network(image=torch.zeros(3, 6), count=3).shape == (3, 6)


def test_what_is_drawn_is_the_same_for_losses_and_metrics(tmp_path: Path) -> None:
    example = project(
        {"image": "Input", "fc": node("Linear", out_features=6), "target": node("rand", shape=(6,)), "loss": "MSELoss"},
        "image > fc", "fc > loss", "image > target.like", "target > loss.target",
    )  # fmt: skip
    analysis = analyse(example, IMAGE)
    text = generate(example, analysis.derived).text

    assert analysis.problems == ()
    assert text.count("torch.rand(") == 1
    assert 'F.mse_loss(outputs["fc"], outputs["target"])' in text
    assert "def metrics" in text
    assert "return {}" in text  # noise is nothing to be right about


def test_a_graph_without_weights_has_no_place_to_draw_at() -> None:
    bare = graph({"noise": node("randn", shape=(6,)), "y": "Output"}, "noise > y")
    example = sampling(
        "bare.y > fc", "fc > samples",
        bare=Node("Block", graph="Bare"), fc=node("Linear", out_features=3), blocks={"Bare": bare},
    )  # fmt: skip
    (problem,) = problems(example, analyse(example, {}).nodes)

    assert (problem.code, problem.node, problem.graph) == ("G026", "bare.noise", "Bare")
    bare.nodes["fc"] = node("Linear", out_features=3)
    example.graphs["Bare"] = graph({**bare.nodes}, "noise > fc", "fc > y")
    assert list(problems(example, analyse(example, {}).nodes)) == []


def test_a_node_called_count_gives_way_and_a_field_called_so_is_refused(tmp_path: Path) -> None:
    example = sampling(
        "noise > count", "count > relu", "relu > two", "count > two.other", "two > samples", relu="ReLU",
        noise=node("randn", shape=(4,)), count=node("Linear", out_features=3), two="add",
    )  # fmt: skip
    text, network = source_and_network(example, analyse(example, {}), tmp_path)
    assert "count_ = self.count(x)" in text
    assert network(count=2).shape == (2, 3)

    example = sampling(
        "noise > fc", "fc > add", "x > add.other", "add > samples",
        noise=node("randn", shape=(4,)), fc=node("Linear", out_features=3), add="add", x=node("Input", field="count"),
    )  # fmt: skip
    analysis = analyse(example, {"count": FieldSpec((3,), "float32")})
    with pytest.raises(Exception, match="cannot take a field called 'count'"):
        generate(example, analysis.derived)
