"""Training with several optimizers, with one that computes the loss several times, and with sparse gradients."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.errors import EngineError
from engine.graph.model import Clip, Data, Node, OtherOptimizer, Part, Phase, Project, SchedulePart, Training
from engine.graph.weights import WeightSettings
from engine.runtime.analysis.analyse import check_project
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from tests.repeating import assert_alike, cut_to, repeated
from tests.small_projects import node, project
from tests.training import assert_readable, template, train, training_of

MUON = OtherOptimizer("Muon", {"lr": 0.02})
LBFGS = Part("LBFGS", {"lr": 0.5, "max_iter": 4, "history_size": 3, "line_search_fn": "strong_wolfe"})
PHASE = Phase("all", ("loss",), optimizer=Part("AdamW"), other_optimizers=(MUON,))


def words(**training: object) -> Project:
    """Looks up a vector for each brightness of a digit: the gradient of the table is sparse."""
    nodes: dict[str, Node | str] = {
        "image": "Input",
        "flat": "Flatten",
        "whole": "long",
        "table": node("Embedding", num_embeddings=17, embedding_dim=4, sparse=True),
        "mean": node("mean", dim=(1,)),
        "drop": node("Dropout", p=0.2),
        "head": node("Linear", out_features=10),
        "label": "Input",
        "loss": "CrossEntropyLoss",
        "y": "Output",
    }
    wires = ("image > flat", "flat > whole", "whole > table", "table > mean", "mean > drop", "drop > head")
    example = project(nodes, *wires, "head > loss", "label > loss.target", "head > y")
    example.data = Data("Digits")
    sparse = (OtherOptimizer("SparseAdam", {"lr": 0.1}, of=("table",)),)
    settings = {"other_optimizers": sparse, "epochs": 2, "batch_size": 300, "threads": 1, "device": "cpu"}
    example.training = replace(Training(), **{**settings, **training})
    return example


def digits(**training: object) -> Project:
    """Digits with dropout, whose draws each evaluation repeats."""
    return template("digits-mlp", batch_size=500, **training)


CASES = {
    "muon": template("iris-mlp", batch_size=48, other_optimizers=(MUON, OtherOptimizer("SGD", {}, of=("head",)))),
    "scheduled": template(
        "iris-mlp", batch_size=48, other_optimizers=(MUON,), schedule=SchedulePart("OneCycleLR", {"max_lr": 0.1})
    ),
    "watching": template(
        "iris-mlp", batch_size=48, other_optimizers=(MUON,), schedule=SchedulePart("ReduceLROnPlateau", {"patience": 0})
    ),
    "phase": template("iris-mlp", batch_size=48, phases=(replace(PHASE, accumulate=2),)),
    "lbfgs": digits(optimizer=LBFGS, l2=1e-4),
    "lbfgs in a phase": digits(phases=(Phase("all", ("loss",), optimizer=LBFGS, times=2),)),
    "sparse": words(),
    "sparse sgd": words(
        optimizer=Part("SGD", {"lr": 0.5}), other_optimizers=(), schedule=SchedulePart("ExponentialLR")
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_run_is_resumed_and_repeated_bit_for_bit(name: str, tmp_path: Path, monkeypatch) -> None:
    for wait in ("LOOK_S", "SAVE_S"):
        monkeypatch.setattr(f"engine.runtime.training.loop.{wait}", 0.0)
    monkeypatch.setattr(checkpoint, "prune", lambda *_: None)
    whole = train(CASES[name], tmp_path / "whole").folder
    steps = sorted(checkpoint.steps(whole / "checkpoints"))
    for step in (steps[1], steps[-2]):
        run = cut_to(whole, step, tmp_path / "run")
        assert resume(run).reason == "completed"
        assert_alike(run, whole)
    repeated(whole, tmp_path / "out", monkeypatch)
    assert_readable(tmp_path / "out")


def test_each_weight_is_learned_by_the_optimizer_that_names_it() -> None:
    network = nn.Module()
    network.fc1, network.head, network.norm = nn.Linear(3, 4), nn.Linear(4, 2), nn.LayerNorm(4)
    for module in network.children():
        module.training = True
    example = template("iris-mlp", other_optimizers=(MUON, OtherOptimizer("SGD", {}, of=("head",))))
    rest, by_name, matrices = training_of(example, network).optimizer.members
    sizes = [[weight.shape for weight in each.param_groups[0]["params"]] for each in (rest, by_name, matrices)]
    assert sizes == [[(4,), (4,), (4,)], [(2, 4), (2,)], [(4, 3)]]
    assert [type(each).__name__ for each in (rest, by_name, matrices)] == ["AdamW", "SGD", "Muon"]


def test_the_loss_of_a_step_is_that_before_it_and_each_evaluation_draws_alike(tmp_path: Path) -> None:
    values: list[float] = []
    plain = train(digits(optimizer=Part("SGD", {"lr": 0.0})), tmp_path / "plain")
    lbfgs = train(
        digits(optimizer=Part("LBFGS", {"max_iter": 3, "lr": 0.0, "tolerance_change": 0.0})), tmp_path / "lbfgs"
    )
    for run in (plain, lbfgs):
        text = (run.folder / "losses.txt").read_text().split()
        values += [float.fromhex(text[0]), float.fromhex(text[1])]
    assert values[:2] == values[2:]  # with a rate of 0 both see the same weights and the same draws


MISFITS = {
    "T026 AdamW": template("iris-mlp", other_optimizers=(OtherOptimizer("Adam", of=("fc1", "head")),)),
    "T026 SGD": template(
        "iris-mlp", other_optimizers=(OtherOptimizer("Muon", of=("fc1", "head")), OtherOptimizer("SGD"))
    ),
    "T027 Muon": template("iris-mlp", optimizer=Part("Muon")),
    "T027 SparseAdam": words(optimizer=Part("SparseAdam"), other_optimizers=()),
    "T027 AdamW": words(other_optimizers=()),
    "T028 clipping": words(clip=Clip("norm", 1.0)),
    "T028 l1": words(l2=0.1),
    "T028 weight_decay": words(optimizer=Part("SGD", {"weight_decay": 0.1}), other_optimizers=()),
    "T028 momentum": words(optimizer=Part("SGD", {"momentum": 0.9}), other_optimizers=()),
    "T028 LBFGS": digits(optimizer=LBFGS, clip=Clip("value", 1.0)),
}


@pytest.mark.parametrize("case", MISFITS)
def test_what_an_optimizer_cannot_do_is_refused_before_training_and_the_fix_helps(case: str, tmp_path: Path) -> None:
    code, word = case.split()
    example = Project("x", MISFITS[case].main, dict(MISFITS[case].graphs), MISFITS[case].data, MISFITS[case].training)
    (problem, *_) = [each for each in check_project(example, tmp_path).problems if each.severity == "error"]
    assert problem.code == code
    assert word in problem.message
    with pytest.raises(EngineError, match=word):
        train(example, tmp_path / "run")
    if problem.fix:
        undo = problem.fix.edit.apply(example)
        assert problem not in check_project(example, tmp_path).problems
        assert train(example, tmp_path / "fixed").reason == "completed"
        undo.apply(example)


def test_a_weight_without_penalty_may_have_a_sparse_gradient_beside_one(tmp_path: Path) -> None:
    example = words(l2=0.1)
    example.graphs["Net"].nodes["table"].settings = WeightSettings(decay=False)
    assert check_project(example, tmp_path).ok
    assert train(example, tmp_path / "run").reason == "completed"
    assert torch.isfinite(torch.tensor(train(example, tmp_path / "again").metrics["val_loss"]))
