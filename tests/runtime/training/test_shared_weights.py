"""Single weights that nodes share, in the run, in its program and in whatever continues from it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save
from torch import Tensor, nn

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.errors import EngineError
from engine.graph.model import NO_DATA, Data, Node, Part, Phase, Project, Training
from engine.graph.weights import WeightSettings, WeightsFile
from engine.runtime.after_training.predict import predict
from engine.runtime.analysis.analyse import check_project
from engine.runtime.checkpoints import checkpoint
from engine.runtime.load import network_class
from engine.runtime.training.train import resume
from tests.repeating import assert_alike, cut_to, repeated, weights
from tests.runtime.training.test_weight_settings import flower, learner
from tests.small_projects import graph, node
from tests.training import assert_readable, run_script, train


def sharing(
    kind: str = "Linear", *, shares: dict[str, str], settings: dict[str, Any] | None = None, **params: Any
) -> Node:
    return Node(kind, params, settings=WeightSettings(shares=shares, **(settings or {})))


def language_model(width: int = 8, tokens: int = 50) -> Project:
    """A block with token embedding, a layer and a norm, and a head that has the weight of the embedding."""
    trunk = {
        "x": "Input", "wte": node("Embedding", num_embeddings=tokens, embedding_dim=width),
        "fc": node("Linear", out_features=width), "act": "GELU", "norm": "LayerNorm", "y": "Output",
    }  # fmt: skip
    nodes = {
        "ids": node("Input", shape=(6,), element="int64"), "trunk": Node("Block", graph="Trunk"),
        "head": sharing(shares={"weight": "trunk.wte.weight"}, out_features=tokens, bias=False), "logits": "Output",
    }  # fmt: skip
    net = graph(nodes, "ids > trunk.x", "trunk.y > head", "head > logits")
    inside = graph(trunk, "x > wte", "wte > fc", "fc > act", "act > norm", "norm > y")
    return Project("tied", graphs={"Net": net, "Trunk": inside}, data=NO_DATA)


class Trunk(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.wte = nn.Embedding(50, 8)
        self.fc = nn.Linear(8, 8)
        self.norm = nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(nn.functional.gelu(self.fc(self.wte(x))))


class Twin(nn.Module):
    """The same network, written by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Trunk()
        self.head = nn.Linear(8, 50, bias=False)
        self.head.weight = self.trunk.wte.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.trunk(ids))


def test_a_tied_head_has_the_names_the_count_and_the_gradients_of_its_twin() -> None:
    project = language_model()
    report = check_project(project, Path())
    assert report.problems == ()
    torch.manual_seed(0)
    generated = network_class(report.source.text, project, Path("model.py"))()
    torch.manual_seed(0)
    twin = Twin()
    assert "self.head.weight = self.trunk.wte.weight" in report.source.text
    own, expected = dict(generated.named_parameters()), dict(twin.named_parameters())
    assert list(own) == list(expected)
    assert sum(map(torch.numel, own.values())) == report.parameters == 50 * 8 + 8 * 8 + 8 + 16
    assert report.nodes["head"].parameters == 0
    assert report.nodes["head"].macs == 6 * 8 * 50
    ids = torch.randint(50, (3, 6))
    for network in (generated, twin):
        network(ids).square().sum().backward()
    for name, weight in own.items():
        assert torch.equal(weight, expected[name])
        assert torch.equal(weight.grad, expected[name].grad)
    again = parse(report.source.text)
    assert again.project.graphs["Net"].nodes["head"].settings.shares == {"weight": "trunk.wte.weight"}
    assert generate(again.project, again.derived).text == report.source.text


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {"out_features": 51},
            "W013",
            "weight of head is (51, 8), but trunk.wte.weight, which it is to be, is (50, 8)",
        ),
        ({"shares": {"wait": "trunk.wte.weight"}}, "W001", "head has no weight wait"),
        ({"shares": {"weight": "trunk.wte.wait"}}, "W001", "trunk has no weight wte.wait"),
        ({"shares": {"weight": "spare.weight"}}, "W012", "spare.weight, which is not part of the network"),
    ],
)
def test_weights_that_do_not_fit_are_reported_at_the_node(changes: dict[str, Any], code: str, message: str) -> None:
    project = language_model()
    nodes = project.graphs["Net"].nodes
    nodes["spare"] = node("Embedding", num_embeddings=50, embedding_dim=8)
    nodes["head"] = sharing(**{"shares": nodes["head"].settings.shares, "out_features": 50, "bias": False} | changes)
    problem = next(each for each in check_project(project, Path()).problems if each.severity == "error")
    assert (problem.code, problem.node) == (code, "head")
    assert message in problem.message
    if problem.fix:
        problem.fix.edit.apply(project)
        assert check_project(project, Path()).ok


def test_how_a_node_without_weights_of_its_own_learns_has_no_effect() -> None:
    project = language_model()
    head = project.graphs["Net"].nodes["head"]
    head.settings = replace(head.settings, lr_scale=0.5)
    (problem,) = check_project(project, Path()).problems
    assert (problem.code, problem.severity) == ("W008", "warning")
    problem.fix.edit.apply(project)
    assert check_project(project, Path()).problems == ()


def flowers(*, head: dict[str, Any] | None = None, owner: dict[str, Any] | None = None, **training: Any) -> Project:
    """Two layers of one weight on the way to the classes, in front of a third."""
    nodes = {
        "features": "Input", "label": "Input", "first": node("Linear", out_features=4),
        "act": "Tanh", "second": sharing(shares={"weight": "first.weight"}, out_features=4, settings=head),
        "fc": node("Linear", out_features=3), "loss": "CrossEntropyLoss",
        "code": node("MSELoss", scale=0.5),
    }  # fmt: skip
    wires = (
        "features > first", "first > act", "act > second", "second > fc", "fc > loss", "label > loss.target",
        "second > code", "features > code.target",
    )  # fmt: skip
    net = graph(nodes, *wires)
    net.nodes["first"].settings = WeightSettings(**(owner or {}))
    base = {
        "epochs": 2,
        "batch_size": 30,
        "threads": 1,
        "device": "cpu",
        "optimizer": Part("SGD", {"lr": 0.1, "momentum": 0.9}),
    }
    return Project("flowers", graphs={"Net": net}, data=Data("Iris"), training=Training(**base | training))


PHASES = (Phase("shared", ("loss",), ("second", "fc")), Phase("own", ("code",), ("first",)))


@pytest.mark.parametrize("training", [{}, {"phases": PHASES, "l2": 1e-3}], ids=["one phase", "two phases"])
def test_a_shared_weight_is_trained_resumed_and_repeated_bit_for_bit(
    training: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every_step: None
) -> None:
    project = flowers(head={"lr_scale": 0.5, "decay": False}, **training)
    whole = train(project, tmp_path / "whole").folder
    names = {"first.weight", "first.bias", "second.bias", "fc.weight", "fc.bias"}
    assert weights(whole).keys() == names
    step = checkpoint.steps(whole / "checkpoints")[2]
    run = cut_to(whole, step, tmp_path / "run")
    resume(run)
    assert_alike(run, whole)
    out = tmp_path / "out"
    repeated(whole, out, monkeypatch)
    assert_readable(out)
    assert load_file(out / "weights.safetensors").keys() == names
    (answer,) = predict(whole, flower(tmp_path))
    best, score = max(answer.scores, key=lambda pair: pair[1])
    printed = run_script(out, monkeypatch, str(tmp_path / "flower.csv"), name="predict.py")
    assert f"({best} {100 * score:.1f} %" in printed


def test_the_settings_of_the_owner_hold_for_a_shared_weight(tmp_path: Path) -> None:
    project = flowers(head={"lr_scale": 0.5}, owner={"lr_scale": 0.25, "decay": False}, l2=0.1)
    subject, _ = learner(project, tmp_path)
    scales = {
        subject.names[each]: group["lr_scale"]
        for group in subject.training.optimizer.param_groups
        for each in group["params"]
    }
    assert scales == {"first.weight": 0.25, "first.bias": 0.25, "second.bias": 0.5, "fc.weight": 1.0, "fc.bias": 1.0}
    assert [subject.names[weight] for weight in subject.training.weights] == ["fc.weight"]


def test_a_shared_weight_belongs_to_the_phase_of_its_owner(tmp_path: Path) -> None:
    subject, _ = learner(flowers(phases=PHASES), tmp_path)
    learnt = {name: [subject.names[each] for each in phase.weights] for name, phase in subject.training.phases.items()}
    assert learnt == {"shared": ["second.bias", "fc.weight", "fc.bias"], "own": ["first.weight", "first.bias"]}
    free = (Phase("rest", ("loss",)), Phase("own", ("code",), ("second",)))
    subject, _ = learner(flowers(phases=free), tmp_path)
    assert [subject.names[each] for each in subject.training.phases["own"].weights] == ["second.bias"]


def test_a_block_with_a_shared_weight_starts_from_a_file_with_one_of_its_names(
    tmp_path: Path, every_step: None
) -> None:
    project = flowers()
    nodes = project.graphs["Net"].nodes
    inside = {name: nodes.pop(name) for name in ("first", "act", "second")}
    wires = ("x > first", "first > act", "act > second", "second > y")
    project.graphs["Pair"] = graph({"x": "Input", **inside, "y": "Output"}, *wires)
    nodes["pair"] = Node("Block", graph="Pair", settings=WeightSettings(weights=WeightsFile("start.safetensors")))
    project.graphs["Net"].wires = graph(
        {},
        "features > pair.x",
        "pair.y > fc",
        "fc > loss",
        "label > loss.target",
        "pair.y > code",
        "features > code.target",
    ).wires
    state = {"second.weight": torch.eye(4), "first.bias": torch.zeros(4), "second.bias": torch.ones(4)}
    (tmp_path / "start.safetensors").write_bytes(save(state))
    run = train(project, tmp_path / "run").folder
    first = weights(run, 0)
    assert torch.equal(first["pair.first.weight"], torch.eye(4))
    assert "pair.second.weight" not in first
    state["first.weight"] = 2 * torch.eye(4)
    (tmp_path / "start.safetensors").write_bytes(save(state))
    with pytest.raises(EngineError, match=r"second.weight and first.weight differ, which are one weight here"):
        train(project, tmp_path / "other")
