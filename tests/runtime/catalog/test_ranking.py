"""Losses between several values: their source, what they compute, and inputs that do not fit together."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project

FIELDS = {
    "a": FieldSpec((6,), "float32"),
    "b": FieldSpec((6,), "float32"),
    "c": FieldSpec((6,), "float32"),
    "sign": FieldSpec((), "float32"),
    "signs": FieldSpec((3,), "float32"),
    "one": FieldSpec((1,), "float32"),
    "two": FieldSpec((2,), "float32"),
    "classes": FieldSpec((3,), "int64"),
}


def ranking_network(kind: str, ports: dict[str, str], **params) -> Project:
    """A network with a layer for each field of real vectors, and a loss of the results."""
    inputs = {name: Node("Input") for name in ports.values()}
    layer_of = {name: f"net_{name}" for name in ports.values() if name in "abc"}
    nodes = (
        inputs | {f"net_{name}": node("Linear", out_features=3) for name in layer_of} | {"loss": node(kind, **params)}
    )
    wires = [f"{name} > {layer_of[name]}" for name in layer_of]
    if ports.get("var") in layer_of:
        nodes, wires = nodes | {"spread": Node("Softplus")}, [*wires, f"{layer_of[ports['var']]} > spread"]
        layer_of[ports["var"]] = "spread"
    wires += [f"{layer_of.get(name, name)} > loss.{port}" for port, name in ports.items()]
    return project(nodes, *wires)


CASES = {
    "CosineEmbeddingLoss": {"input1": "a", "input2": "b", "target": "sign"},
    "MarginRankingLoss": {"input1": "a", "input2": "b", "target": "signs"},
    "HingeEmbeddingLoss": {"input": "a", "target": "signs"},
    "TripletMarginLoss": {"anchor": "a", "positive": "b", "negative": "c"},
    "MultiLabelMarginLoss": {"input": "a", "target": "classes"},
    "GaussianNLLLoss": {"input": "a", "target": "signs", "var": "b"},
}


def batch_of(names: set[str]) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    values = {name: torch.randn(4, *FIELDS[name].shape, generator=generator) for name in names}
    return {name: value.sign() if "sign" in name else value for name, value in values.items()} | (
        {"classes": torch.tensor([[0, -1, -1], [2, 1, -1], [1, -1, -1], [0, 1, 2]])} if "classes" in names else {}
    )


@pytest.mark.parametrize("kind", CASES)
def test_it_is_written_computed_and_read_back(kind: str, tmp_path: Path) -> None:
    it = ranking_network(kind, CASES[kind])
    analysis = analyse(it, FIELDS)
    text = generate(it, analysis.derived).text
    model = load_model(text, it, tmp_path / "model.py")
    network, batch = model.network(), batch_of(set(CASES[kind].values()))
    outputs = network(**{name: batch[name] for name in batch if name in "abc"})

    losses = model.losses(outputs, batch)
    losses["total"].backward()

    assert analysis.problems == ()
    assert losses["loss"].shape == ()
    assert all(weight.grad is not None for weight in network.parameters())
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    assert again.project.graphs["Net"].nodes["loss"].kind == kind


def test_a_variance_brings_the_metric_of_the_mean() -> None:
    it = ranking_network("GaussianNLLLoss", CASES["GaussianNLLLoss"])
    text = generate(it, analyse(it, FIELDS).derived).text
    assert 'F.gaussian_nll_loss(outputs["net_a"], batch["signs"], outputs["spread"])' in text
    assert 'mean_absolute_error(outputs["net_a"], batch["signs"])' in text


@pytest.mark.parametrize("variance", ["signs", "one", "sign"])
def test_a_variance_may_be_one_for_all_numbers_of_a_sample(variance: str, tmp_path: Path) -> None:
    it = ranking_network("GaussianNLLLoss", CASES["GaussianNLLLoss"] | {"var": variance})
    analysis = analyse(it, FIELDS)
    model = load_model(generate(it, analysis.derived).text, it, tmp_path / "model.py")
    batch = batch_of({"a", "signs"}) | {variance: torch.rand(4, *FIELDS[variance].shape) + 0.1}
    outputs = model.network()(a=batch["a"])

    loss = model.losses(outputs, batch)["loss"]

    assert analysis.problems == ()
    each = batch[variance].reshape(4, -1).expand(4, 3)
    assert torch.allclose(loss, (each.log() + (outputs - batch["signs"]).square() / each).mean() / 2)


@pytest.mark.parametrize(
    ("kind", "changed", "code"),
    [
        ("MarginRankingLoss", {"target": "sign"}, "S009"),
        ("CosineEmbeddingLoss", {"target": "signs"}, "S003"),
        ("GaussianNLLLoss", {"var": "two"}, "S001"),
    ],
)
def test_values_that_torch_would_stretch_are_refused(kind: str, changed: dict[str, str], code: str) -> None:
    (problem,) = analyse(ranking_network(kind, CASES[kind] | changed), FIELDS).errors
    assert (problem.code, problem.node) == (code, "loss")


def test_a_sequence_is_aligned_by_its_lengths(tmp_path: Path) -> None:
    fields = {
        "sound": FieldSpec((9, 5), "float32"),
        "letters": FieldSpec((3,), "int64"),
        "steps": FieldSpec((), "int64"),
        "count": FieldSpec((), "int64"),
    }
    nodes = dict.fromkeys(fields, "Input") | {
        "fc": node("Linear", out_features=4),
        "log": node("LogSoftmax", dim=-1),
        "first": node("transpose", dim0=0, dim1=1),
        "ctc": "CTCLoss",
    }
    ends = ("letters > ctc.targets", "steps > ctc.input_lengths", "count > ctc.target_lengths")
    it = project(nodes, "sound > fc", "fc > log", "log > first", "first > ctc.log_probs", *ends)
    analysis = analyse(it, fields)
    model = load_model(generate(it, analysis.derived).text, it, tmp_path / "model.py")
    batch = {
        "sound": torch.rand(2, 9, 5),
        "letters": torch.tensor([[1, 2, 3], [3, 1, 0]]),
        "steps": torch.tensor([9, 7]),
        "count": torch.tensor([3, 2]),
    }
    outputs = model.network()(sound=batch["sound"])

    loss = model.losses(outputs, batch)["ctc"]

    assert analysis.problems == ()
    assert torch.equal(loss, F.ctc_loss(outputs, batch["letters"], batch["steps"], batch["count"]))
    it.graphs["Net"].nodes["ctc"].params["blank"] = 4
    (problem,) = analyse(it, fields).errors
    assert problem.message == "ctc (CTCLoss): blank is 4, but must be less than 4."
    problem.fix.edit.apply(it)
    it.graphs["Net"].nodes["first"].bypass = True
    (problem,) = analyse(it, fields).errors
    assert (problem.code, problem.node, problem.port) == ("S012", "ctc", "log_probs")


def bypassed(it: Project, name: str, **params) -> Project:
    it.graphs["Net"].nodes[name].bypass = True
    it.graphs["Net"].nodes["loss"].params |= params
    return it


def counts(**params) -> Project:
    nodes = {"a": "Input", "signs": "Input", "net": node("Linear", out_features=3), "soft": "Softplus"}
    nodes |= {"loss": node("PoissonNLLLoss", **params)}
    return project(nodes, "a > net", "net > soft", "soft > loss", "signs > loss.target")


def alignment() -> Project:
    nodes = dict.fromkeys(("sound", "classes", "sign"), "Input") | {
        "fc": node("Linear", out_features=4),
        "log": node("LogSoftmax", dim=-1),
        "first": node("transpose", dim0=0, dim1=1),
        "loss": "CTCLoss",
    }
    wires = ("sound > fc", "fc > log", "log > first", "first > loss.log_probs", "classes > loss.targets")
    return project(nodes, *wires, "sign > loss.input_lengths", "sign > loss.target_lengths")


@pytest.mark.parametrize(
    ("it", "problem"),
    [
        (ranking_network("GaussianNLLLoss", CASES["GaussianNLLLoss"]), None),
        (
            bypassed(ranking_network("GaussianNLLLoss", CASES["GaussianNLLLoss"]), "spread"),
            ("error", "var", "takes numbers from 0 up in var, and net_b (Linear) gives others"),
        ),
        (counts(log_input=False), None),
        (bypassed(counts(), "soft"), None),
        (
            bypassed(counts(), "soft", log_input=False),
            ("warning", "input", "takes numbers from 0 up in input, and net (Linear) gives others"),
        ),
        (alignment(), None),
        (
            bypassed(alignment(), "log"),
            ("warning", "log_probs", "takes log-probabilities in log_probs, and fc (Linear) gives others"),
        ),
    ],
)
def test_a_loss_says_what_it_takes_and_the_remedy_makes_it_so(
    it: Project, problem: tuple[str, str, str] | None
) -> None:
    fields = FIELDS | {"sound": FieldSpec((9, 5), "float32"), "sign": FieldSpec((), "int64")}
    problems = analyse(it, fields).problems
    if problem is None:
        assert problems == ()
        return
    (wrong,) = problems
    assert (wrong.code, wrong.severity, wrong.port) == ("S014", *problem[:2])
    assert problem[2] in wrong.message
    wrong.fix.edit.apply(it)
    assert analyse(it, fields).problems == ()
