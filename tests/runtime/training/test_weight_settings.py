"""The weight settings of nodes, in the run, in its program and in whatever continues from it."""

from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from hypothesis import strategies as st

from engine.graph.model import Data, Node, Part, Phase, Project, SchedulePart, Training
from engine.graph.weights import Follows, WeightSettings
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.after_training.export import export_project, export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.checkpoints import checkpoint
from engine.runtime.load import load_model
from engine.runtime.training.create import make_loader
from engine.runtime.training.learner import Learner
from engine.runtime.training.train import resume
from engine.runtime.training_setup.prepare import prepare
from tests.conftest import is_full
from tests.repeating import assert_alike, cut_to, repeated, weights
from tests.small_projects import graph, node
from tests.training import assert_readable, run_script, train

FEW = settings(
    max_examples=100 if is_full() else 3,
    phases=[Stage.explicit, Stage.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SCHEDULES = [
    SchedulePart("OneCycleLR", {"max_lr": 0.02, "cycle_momentum": False}),
    SchedulePart("CosineAnnealingLR", {"eta_min": 0.001}, every="step"),
    SchedulePart("StepLR", {"step_size": 2}, every="step"),
    SchedulePart("ReduceLROnPlateau", {"patience": 0, "min_lr": 0.01}),
]
SGD = Part("SGD", {"lr": 0.1, "momentum": 0.9})
MEAN_TEACHER = Follows("stem", decay=0.9)


def weight_settings(**values: Any) -> WeightSettings:
    return WeightSettings(**values)


def flowers(
    inner: dict[str, WeightSettings] | None = None, use: WeightSettings | None = None, **training: Any
) -> Project:
    """A block ``stem`` with a head, and ``twin``, an equal block that follows it.

    ``inner``: what single nodes say, by name. ``use``: what ``stem`` says.
    """
    says = {"twin": weight_settings(follows=MEAN_TEACHER)} | (inner or {})
    block = graph(
        {
            "x": "Input", "fc": node("Linear", out_features=6), "norm": "BatchNorm1d", "act": "ReLU",
            "drop": node("Dropout", p=0.5), "y": "Output",
        },
        "x > fc", "fc > norm", "norm > act", "act > drop", "drop > y",
    )  # fmt: skip
    net = graph(
        {
            "features": "Input", "label": "Input", "stem": Node("Block", graph="Stem"),
            "twin": Node("Block", graph="Stem"), "head": node("Linear", out_features=3),
            "loss": "CrossEntropyLoss", "alike": node("MSELoss", scale=0.5),
        },
        "features > stem.x", "features > twin.x", "stem.y > head", "head > loss", "label > loss.target",
        "stem.y > alike", "twin.y > alike.target",
    )  # fmt: skip
    for name, settings_ in says.items():
        owner = block if name in block.nodes else net
        owner.nodes[name].settings = settings_
    if use:
        net.nodes["stem"].settings = use
    base = {"epochs": 2, "batch_size": 30, "threads": 1, "device": "cpu", "optimizer": SGD}
    return Project(
        "flowers", graphs={"Net": net, "Stem": block}, data=Data("Iris"), training=Training(**base | training)
    )


def flower(folder: Path) -> Path:
    path = folder / "flower.csv"
    names = ",".join(f"{part} {side} (cm)" for part in ("sepal", "petal") for side in ("length", "width"))
    path.write_text(f"{names}\n5.1,3.5,1.4,0.2\n")
    return path


def learner(project: Project, base: Path) -> tuple[Learner, list[dict[str, torch.Tensor]]]:
    """A learner before its first step, and the batches of an epoch."""
    prepared = prepare(project, base)
    model = load_model(prepared.source.text, project, base / "model.py")
    loader = make_loader(prepared, model, torch.device("cpu"))
    new_learner = Learner(model, project, torch.device("cpu"), loader.steps_per_epoch, units=prepared.units())
    return new_learner, list(loader.batches(0))


def learn(new_learner: Learner, batch: dict[str, torch.Tensor]) -> None:
    new_learner.learn(batch)
    new_learner.position.step += 1
    new_learner.position.batch += 1


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """The flowers with any weight settings that go together."""
    inits = st.sampled_from(
        [{}, {"weight": Part("kaiming_normal_", {"nonlinearity": "relu"})}, {"bias": Part("ones_")}]
    )
    computed = st.sampled_from(
        [{}, *({"weight": Part(kind)} for kind in ("spectral_norm", "weight_norm", "orthogonal"))]
    )
    scales, flags = st.sampled_from([None, 0.1, 3.0]), st.sampled_from([None, False, True])
    inner = {
        "fc": weight_settings(init=draw(inits), parametrize=draw(computed), lr_scale=draw(scales), decay=draw(flags)),
        "norm": weight_settings(frozen=draw(flags), decay=draw(flags)),
        "head": weight_settings(lr_scale=draw(scales), decay=draw(flags), parametrize=draw(computed)),
        "twin": weight_settings(follows=draw(st.sampled_from([MEAN_TEACHER, Follows("stem", every=3)]))),
    }
    use = weight_settings(lr_scale=draw(scales), frozen=draw(st.sampled_from([None, False])), decay=draw(flags))
    training = {
        "optimizer": draw(st.sampled_from([SGD, Part("AdamW", {"lr": 0.01})])),
        "schedule": draw(st.sampled_from([None, *SCHEDULES])),
        "l1": draw(st.sampled_from([0.0, 1e-3])),
        "l2": draw(st.sampled_from([0.0, 1e-3])),
    }
    if draw(st.booleans()):
        training["phases"] = (Phase("first", ("loss",), ("head",)), Phase("second", ("alike",), ("stem",), every=2))
    return flowers(inner, use, **training)


@FEW
@given(data=st.data())
def test_all_weight_settings_are_trained_resumed_and_repeated_bit_for_bit(
    data: st.DataObject, tmp_path_factory
) -> None:
    tmp_path = tmp_path_factory.mktemp("said")
    project = data.draw(projects())
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LOOK_S", "SAVE_S"):
            patch.setattr(f"engine.runtime.training.loop.{name}", 0.0)
        patch.setattr(checkpoint, "prune", lambda *_: None)
        whole = train(project, tmp_path / "whole").folder
        step = data.draw(st.sampled_from(checkpoint.steps(whole / "checkpoints")))
        run = cut_to(whole, step, tmp_path / "run")
        resume(run)
        assert_alike(run, whole)
        repeated(whole, tmp_path / "out", patch)
        assert_readable(tmp_path / "out")
    assert evaluate(whole).keys() == {"loss", "alike", "accuracy"}


def test_what_says_nothing_is_generated_as_before(tmp_path: Path) -> None:
    project = flowers({"twin": weight_settings()})
    export_project(project, tmp_path, tmp_path / "out")
    assert not (tmp_path / "out" / "weights.py").exists()
    assert "weights" not in (tmp_path / "out" / "step.py").read_text()


def test_what_is_frozen_never_changes_and_is_in_evaluation_mode(tmp_path: Path, every_step: None) -> None:
    project = flowers(use=weight_settings(frozen=True))
    run = train(project, tmp_path / "run").folder
    first, last = weights(run, 0), weights(run)
    assert {name for name in first if not torch.equal(first[name], last[name])} == {"head.weight", "head.bias"}
    state = checkpoint.newest(run / "checkpoints").part("optimizer")
    assert {name.rpartition("/")[0] for name in state} == {"head.weight", "head.bias"}
    subject, _ = learner(project, tmp_path)
    subject.network.train()
    modes = {name: module.training for name, module in subject.network.named_modules()}
    assert not any(modes[name] for name in ("stem", "stem.norm", "stem.drop"))
    assert modes["twin.norm"]
    assert modes["head"]


def test_a_use_lets_learn_what_its_block_freezes(tmp_path: Path) -> None:
    subject, batches = learner(
        flowers(
            {"fc": weight_settings(frozen=True), "norm": weight_settings(frozen=True)}, weight_settings(frozen=False)
        ),
        tmp_path,
    )
    before = {name: value.clone() for name, value in subject.network.state_dict().items()}
    learn(subject, batches[0])
    changed = {name for name, value in subject.network.state_dict().items() if not torch.equal(value, before[name])}
    assert {"stem.fc.weight", "stem.norm.weight", "stem.norm.running_mean"} <= changed
    assert subject.network.stem.norm.training


@pytest.mark.parametrize("schedule", [None, *SCHEDULES], ids=str)
def test_a_factor_of_the_learning_rate_holds_through_every_schedule(
    schedule: SchedulePart | None, tmp_path: Path
) -> None:
    subject, batches = learner(flowers({"fc": weight_settings(lr_scale=0.25)}, schedule=schedule), tmp_path)
    rates: list[dict[str, float]] = []

    def note(optimizer: torch.optim.Optimizer, *_: object) -> None:
        rates.append({subject.names[each]: group["lr"] for group in optimizer.param_groups for each in group["params"]})

    subject.training.optimizer.register_step_pre_hook(note)
    for batch in batches * 2:
        base = subject.lr
        learn(subject, batch)
        if subject.position.batch == len(batches):
            subject.position.batch, subject.position.epoch = 0, 1
            subject.end_epoch({"val_loss": 1.0, "train_loss": 1.0}, 0)
        assert rates[-1]["stem.fc.weight"] == base * 0.25
        assert rates[-1]["head.weight"] == base
    assert subject.lr == subject.training.optimizer.param_groups[-1]["lr"]


def test_what_does_not_decay_has_neither_weight_decay_nor_penalty(tmp_path: Path) -> None:
    optimizer = Part("AdamW", {"lr": 0.01, "weight_decay": 0.5})
    project = flowers(
        {"fc": weight_settings(decay=False), "norm": weight_settings(decay=False)}, l2=0.1, optimizer=optimizer
    )
    subject, _ = learner(project, tmp_path)
    decays = {
        subject.names[each]: group["weight_decay"]
        for group in subject.training.optimizer.param_groups
        for each in group["params"]
    }
    assert {name for name, decay in decays.items() if decay} == {"head.weight", "head.bias"}
    assert [subject.names[weight] for weight in subject.training.weights] == ["head.weight"]


@pytest.mark.parametrize("follows", [Follows("stem", decay=0.9), Follows("stem", every=2)], ids=str)
def test_a_follower_moves_after_each_step_by_what_it_keeps(follows: Follows, tmp_path: Path) -> None:
    subject, batches = learner(flowers({"twin": weight_settings(follows=follows)}), tmp_path)
    stem, twin = subject.network.stem, subject.network.twin
    assert all(torch.equal(value, twin.state_dict()[name]) for name, value in stem.state_dict().items())
    assert {subject.names[each] for group in subject.training.optimizer.param_groups for each in group["params"]} == {
        name for name, _ in subject.network.named_parameters() if not name.startswith("twin")
    }
    for step, batch in enumerate(batches, 1):
        before = [weight.clone() for weight in twin.parameters()]
        learn(subject, batch)
        for old, weight, leader in zip(before, twin.parameters(), stem.parameters(), strict=True):
            if follows.every:
                assert torch.equal(weight, old if step % 2 else leader)
            else:
                torch.testing.assert_close(weight, 0.9 * old + 0.1 * leader)
        if follows.decay or step % 2 == 0:
            assert all(map(torch.equal, twin.buffers(), stem.buffers()))


def test_a_network_with_computed_weights_answers_alike_in_the_app_and_outside(tmp_path: Path, monkeypatch) -> None:
    computed = {"weight": Part("spectral_norm"), "bias": Part("weight_norm")}
    inner = {
        "fc": weight_settings(parametrize={"weight": Part("orthogonal")}),
        "head": weight_settings(parametrize=computed),
    }
    run = train(flowers(inner), tmp_path / "run").folder
    export_run(run, "code", tmp_path / "out")
    (answer,) = predict(run, flower(tmp_path))
    printed = run_script(tmp_path / "out", monkeypatch, str(tmp_path / "flower.csv"), name="predict.py")
    best, score = max(answer.scores, key=lambda pair: pair[1])
    assert f"({best} {100 * score:.1f} %" in printed
