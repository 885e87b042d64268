"""A network that this machine cannot hold is refused before anything is allocated for it."""

from pathlib import Path

import pytest
import torch
from torch import nn

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Flag, find
from engine.errors import MachineProblem
from engine.graph.model import Data, Node, Part, Project, Training
from engine.graph.weights import WeightSettings
from engine.runtime.analysis import memory as analysis_memory
from engine.runtime.analysis.analyse import check_project
from engine.runtime.analysis.node_analysis import NodeAnalysis
from engine.runtime.training.train import resume
from engine.runtime.training_setup import memory_check
from tests.small_projects import graph, node, project
from tests.training import template, train, training_of


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch):
    def set_to(size: float) -> None:
        monkeypatch.setattr(memory_check, "memory_left", lambda: size)
        monkeypatch.setattr(analysis_memory, "memory_left", lambda: size)

    return set_to


def test_too_many_weights_are_refused_with_the_layer_that_holds_most(tmp_path: Path, memory) -> None:
    memory(16 * 2**30)
    project = template("iris-mlp")
    project.graphs["Net"].nodes["fc1"].params["out_features"] = 10**9
    with pytest.raises(MachineProblem, match=r"at least .* GiB of memory for 8,000,000,003 parameters, and 16.0 GiB"):
        train(project, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_too_large_a_result_is_refused_with_the_layer_that_gives_it(tmp_path: Path, memory) -> None:
    memory(2**20)
    project = template("digits-cnn", batch_size=600)
    project.graphs["Net"].nodes["pool1"] = node("Upsample", scale_factor=4.0)
    with pytest.raises(MachineProblem, match="what pool1 gives for a batch of 600") as caught:
        train(project, tmp_path / "run")
    assert caught.value.node == "pool1"
    assert f"at least {32 * 32 * 32 * 600 * 4 / 2**20:.1f} MiB" in caught.value.message


def test_what_fits_is_trained_and_a_run_that_no_longer_fits_is_not_resumed(tmp_path: Path, memory) -> None:
    memory(2**20)
    run = train(template("iris-mlp"), tmp_path / "run").folder
    memory(2**10)
    with pytest.raises(MachineProblem, match=r"1\.0 KiB are left"):
        resume(run, epochs=4)


@pytest.mark.parametrize("kind", sorted(OPTIMIZERS))
@pytest.mark.parametrize("is_on", [False, True])
def test_what_an_optimizer_keeps_for_each_weight_is_as_declared(kind: str, is_on: bool) -> None:
    declared = OPTIMIZERS[kind]
    flags = {name: True if isinstance(find(declared.params, name), Flag) else 0.5 for name in declared.keeps_with}
    project = template("iris-mlp", optimizer=Part(kind, flags if is_on else {}))
    network = nn.ParameterList([torch.ones(3, 4)])
    training = training_of(project, network)
    network[0].grad = torch.ones(3, 4).to_sparse() if declared.sparse == "only" else torch.ones(3, 4)
    training.optimizer.step(*[network[0].sum] * declared.evaluates)
    state = training.optimizer.state[network[0]].values()
    stored = [value for value in state if isinstance(value, torch.Tensor) and value.numel() == 12]
    pairs = 2 * 100 if declared.keeps_twice else 0  # of the history, which fills in later steps
    assert len(stored) == analysis_memory.values_per_weight(project.training) - pairs


def test_what_cannot_be_held_is_warned_of_before_it_is_tried(tmp_path: Path, memory) -> None:
    memory(16 * 2**30)
    project = template("iris-mlp")
    assert "T012" not in [each.code for each in check_project(project, tmp_path).problems]
    project.graphs["Net"].nodes["fc1"].params["out_features"] = 10**11
    report = check_project(project, tmp_path)
    (warning,) = [each for each in report.problems if each.code == "T012"]
    assert report.ok  # a larger machine may train it
    assert (warning.severity, warning.node, warning.graph) == ("warning", "fc1", "Net")
    assert "at least 11.6 TiB of memory for 800,000,000,003 parameters" in warning.message
    assert (
        "2 more numbers that AdamW keeps for each; 16.0 GiB are left. fc1 holds 500,000,000,000 of them."
        in warning.message
    )


def test_the_heaviest_layer_is_found_within_blocks(tmp_path: Path, memory) -> None:
    memory(2**10)
    stem = graph({"x": "Input", "fc": node("Linear", out_features=4), "y": "Output"}, "x > fc", "fc > y")
    nodes = {"features": "Input", "b": Node("Block", graph="Stem", repeat=3), "head": node("Linear", out_features=8)}
    example = project({**nodes, "out": "Output"}, "features > b.x", "b.y > head", "head > out", blocks={"Stem": stem})
    example.data = Data("Iris")
    (warning,) = [each for each in check_project(example, tmp_path).problems if each.code == "T012"]
    assert (warning.node, warning.graph) == ("b.fc", "Stem")
    assert "b.fc holds 60 of them" in warning.message


def test_a_device_with_a_memory_of_its_own_is_not_judged(tmp_path: Path, memory, monkeypatch) -> None:
    memory(1.0)
    warns_on = {"auto": False, "cpu": True, "cuda": False}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for device, warns in warns_on.items():
        codes = [each.code for each in check_project(template("iris-mlp", device=device), tmp_path).problems]
        assert ("T012" in codes) == warns, device


def test_momentum_is_a_value_for_each_weight() -> None:
    plain, heavy = (Training(optimizer=Part("SGD", params)) for params in ({}, {"momentum": 0.9}))
    assert [analysis_memory.weights_bytes(Project(training=each), {}, 10) for each in (plain, heavy)] == [80, 120]


def test_weights_that_do_not_learn_have_neither_gradients_nor_moments() -> None:
    project = template("iris-mlp")
    project.graphs["Net"].nodes["fc1"].settings = WeightSettings(frozen=True)
    nodes = {"fc1": NodeAnalysis({}, {}, 80), "head": NodeAnalysis({}, {}, 51)}
    assert analysis_memory.values_per_weight(project.training) == 2
    assert analysis_memory.weights_bytes(project, nodes, 131) == (131 + 51 * 3) * 4
