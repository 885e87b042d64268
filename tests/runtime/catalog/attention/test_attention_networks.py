"""Networks of attention as they are drawn: checked, written, parsed back, trained, and what is refused of them."""

from pathlib import Path

import pytest
import torch

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import NO_DATA, Data, Node, Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.load import network_class
from engine.runtime.training.train import resume
from tests.repeating import assert_alike, cut_to
from tests.small_projects import graph, node
from tests.training import train


def projected(**attention: object) -> Project:
    """Attention drawn from projections, with rotated queries and keys of two heads."""
    nodes = {"x": node("Input", shape=(6, 8)), "y": "Output"}
    wires = []
    for name, heads in (("q", 2), ("k", 2), ("v", 2)):
        nodes[name] = node("Linear", out_features=4 * heads, bias=False)
        nodes[f"{name}_heads"] = node("Unflatten", dim=-1, unflattened_size=(heads, 4))
        nodes[f"{name}_first"] = node("transpose", dim0=1, dim1=2)
        wires += [f"x > {name}", f"{name} > {name}_heads", f"{name}_heads > {name}_first"]
    nodes |= {"q_turned": "rotary_position_embedding", "k_turned": node("rotary_position_embedding", interleaved=True)}
    nodes |= {"attention": Node("scaled_dot_product_attention", dict(attention))}
    nodes |= {"back": node("transpose", dim0=1, dim1=2), "joined": node("Flatten", start_dim=2)}
    wires += [
        "q_first > q_turned", "k_first > k_turned", "q_turned > attention.query", "k_turned > attention.key",
        "v_first > attention.value", "attention > back", "back > joined", "joined > y",
    ]  # fmt: skip
    return Project("projected", graphs={"Net": graph(nodes, *wires)}, data=NO_DATA)


def pictures() -> Project:
    """A small vision transformer with experts, whose balance is a second loss."""
    nodes = {
        "image": "Input", "label": "Input", "patches": node("PatchEmbedding", embed_dim=8, patch_size=4),
        "token": "ClassToken", "positions": "LearnedPositionEncoding", "norm": "LayerNorm",
        "bias": node("RelativePositionBias", num_heads=2, max_distance=3),
        "attention": node("GroupedQueryAttention", num_heads=2, num_kv_heads=1, dropout=0.1), "add": "add",
        "experts": node("MixtureOfExperts", hidden_dim=8, num_experts=3), "first": node("select", dim=1, index=0),
        "head": node("Linear", out_features=10), "loss": "CrossEntropyLoss", "balance": node("MeanLoss", scale=0.01),
    }  # fmt: skip
    wires = (
        "image > patches", "patches > token", "token > positions", "positions > norm", "norm > bias",
        "norm > attention", "bias > attention.attn_mask", "attention > add.input", "positions > add.other",
        "add > experts", "experts.output > first", "experts.balance > balance", "first > head", "head > loss",
        "label > loss.target",
    )  # fmt: skip
    return Project("pictures", graphs={"Net": graph(nodes, *wires)}, data=Data("Digits"))


@pytest.mark.parametrize(
    "project", [projected(is_causal=True), projected(scale=0.25), pictures()], ids=["causal", "scale", "vit"]
)
def test_a_network_of_attention_is_written_and_parsed_back(project: Project) -> None:
    report = check_project(project, Path())
    assert report.errors == ()
    again = parse(report.source.text)
    assert generate(again.project, again.derived).text == report.source.text
    own = {name: node.params for name, node in project.graphs["Net"].nodes.items() if node.kind.islower()}
    assert own == {name: again.project.graphs["Net"].nodes[name].params for name in own}
    torch.manual_seed(0)
    network = network_class(report.source.text, project, Path("model.py"))().eval()
    assert sum(map(torch.numel, network.parameters())) == report.parameters


def test_attention_that_does_not_see_the_future_gives_the_same_without_it() -> None:
    project = projected(is_causal=True)
    network = network_class(check_project(project, Path()).source.text, project, Path("model.py"))()
    x = torch.randn(2, 6, 8)
    torch.testing.assert_close(network(x)[:, :4], network(x[:, :4]))


def test_experts_are_trained_and_resumed_bit_for_bit(tmp_path: Path) -> None:
    project = pictures()
    project.training = type(project.training)(epochs=2, batch_size=500, threads=1, device="cpu")
    whole = train(project, tmp_path / "whole").folder
    run = cut_to(whole, 3, tmp_path / "run")
    resume(run)
    assert_alike(run, whole)


def problem_of(project: Project) -> tuple[str, str, str]:
    problem = next(each for each in check_project(project, Path()).problems if each.severity == "error")
    return problem.code, problem.message, problem.hint


def test_what_does_not_fit_is_explained_in_the_terms_of_the_node() -> None:
    project = projected()
    nodes, wires = project.graphs["Net"].nodes, project.graphs["Net"].wires
    nodes["q"].params["out_features"] = 16
    nodes["q_heads"].params["unflattened_size"] = (4, 4)
    code, message, hint = problem_of(project)
    assert (code, "cannot put (N, 4, 6, 4) and (N, 2, 6, 4) and (N, 2, 6, 4) together" in message) == ("S005", True)
    assert "with enable_gqa, a divisor of that" in hint
    nodes["attention"].params["enable_gqa"] = True
    assert check_project(project, Path()).ok
    nodes |= {"mask": Node("causal_mask"), "shown": Node("logical_not")}
    wires += graph({}, "x > mask", "mask > attention.attn_mask").wires
    code, message, hint = problem_of(project)
    assert (code, "true hides a key" in message, "logical_not" in hint) == ("S021", True, True)
    wires[-1:] = graph({}, "mask > shown", "shown > attention.attn_mask").wires
    assert check_project(project, Path()).ok
    nodes["attention"].params["is_causal"] = True
    code, message, _ = problem_of(project)
    assert (code, "has is_causal on, so nothing may be wired into attn_mask" in message) == ("P003", True)


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("attention", {"num_heads": 3, "num_kv_heads": 1}, "embed_dim, which is 8, must be divisible by num_heads"),
        ("attention", {"num_heads": 4, "num_kv_heads": 3}, "num_heads, which is 4, must be divisible by num_kv_heads"),
        ("attention", {"num_heads": 8, "num_kv_heads": 1, "rotary_base": 9.0}, "heads of an even size"),
        ("experts", {"hidden_dim": 8, "num_experts": 3, "top_k": 4}, "top_k is 4, but there are only 3 experts"),
        ("patches", {"embed_dim": 8, "patch_size": 3}, "axis 2 of (N, 1, 8, 8) must be divisible by patch_size"),
    ],
)
def test_numbers_that_do_not_divide_are_named(name: str, params: dict, message: str) -> None:
    project = pictures()
    project.graphs["Net"].nodes[name].params = params
    code, words, hint = problem_of(project)
    assert message in words
    assert hint
    assert code in ("P003", "S002")
