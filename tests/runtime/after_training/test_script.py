import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Choice, Flag, Float, Int, Param, Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.training_spec import Optimizer, Schedule
from engine.check.diagnostics import errors
from engine.check.training import problems
from engine.graph.model import Clip, Data, EarlyStop, OtherOptimizer, Part, Project, SchedulePart, Split
from engine.project.templates import templates
from engine.runs.folder import RunFolder
from engine.runtime.after_training.export import export_project
from engine.runtime.after_training.trained_network import chosen_checkpoint
from tests.training import assert_readable, run_script, template, train

WITH_DATA = {each.name: each.data is not None for each in templates()}
TRAINABLE = [name for name, has_data in WITH_DATA.items() if has_data]


def other_value(param: Param) -> Value:
    """A legal value that is not the default, or the default where there is none at hand."""
    match param:
        case Flag():
            return not param.default
        case Choice():
            return next((option for option in param.options if option != param.default), param.default)
        case Int():
            return int(str(param.default or 0)) + 1
        case Float():
            return 0.5 if not param.default else float(param.default) / 2
    return param.default


def changed(kind: str, declared: Optimizer | Schedule) -> dict[str, Value]:
    """The parameters of a kind, as many as the check accepts together with another value than the default."""
    values: dict[str, Value] = {}
    run_length = declared.run_length if isinstance(declared, Schedule) else ""
    for param in declared.params:
        tried = {**values, param.name: other_value(param)}
        if param.name not in ("lr", run_length) and not errors(
            tuple(problems(template("iris-mlp", **part_of(kind, declared, tried))))
        ):
            values = tried
    return values


def part_of(kind: str, declared: Optimizer | Schedule, params: dict[str, Value]) -> dict:
    """The setting of the training that is such a part."""
    if isinstance(declared, Optimizer) and declared.matrices_only:
        return {"other_optimizers": (OtherOptimizer(kind, params),)}
    if isinstance(declared, Optimizer):
        return {"optimizer": Part(kind, params)}
    return {"schedule": SchedulePart(kind, params)}


def plain_and_changed(registry: Mapping[str, Optimizer | Schedule]) -> list[dict]:
    """Each kind as it is declared, and with as many other values as it takes."""
    parts = [part_of(kind, declared, {}) for kind, declared in registry.items()]
    parts += [part_of(kind, declared, changed(kind, declared)) for kind, declared in registry.items()]
    return parts


FOR_DENSE = {kind: each for kind, each in OPTIMIZERS.items() if each.sparse != "only"}
TOGETHER = [
    Part("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    Part("Adam", {"lr": 0.003, "amsgrad": True, "betas": (0.8, 0.9)}),
]
"""Values that only go together."""
SCHEDULED = [
    SchedulePart("StepLR", {"step_size": 1, "gamma": 0.5}),
    SchedulePart("StepLR", {"step_size": 7, "gamma": 0.9}, every="step"),
    SchedulePart("CosineAnnealingLR", {"T_max": 5}, every="step"),
    SchedulePart("OneCycleLR", {"max_lr": 0.02, "total_steps": 500}),
    SchedulePart("ReduceLROnPlateau", {"patience": 0, "threshold": 0.5}),
    SchedulePart("ReduceLROnPlateau", {"mode": "max", "patience": 0, "threshold": 0.5}),
    SchedulePart("LinearLR", {"total_iters": None}, steps=5, then=(SchedulePart("CosineAnnealingLR"),)),
    SchedulePart("ConstantLR", {}, epochs=1, then=(SchedulePart("ReduceLROnPlateau", {"patience": 0}),)),
    SchedulePart(
        "StepLR",
        {"step_size": 3},
        every="step",
        epochs=1,
        then=(SchedulePart("CyclicLR", {"step_size_up": 2}, steps=5), SchedulePart("SWALR", {"anneal_epochs": 4})),
    ),
]
"""Values that take effect within four epochs, where those of the declarations do not."""


def same_losses(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script of the run folder gives the app's losses and its best weights."""
    outcome = train(project, tmp_path / "run")
    losses, weights = tmp_path / "losses.txt", tmp_path / "best.safetensors"
    run_script(tmp_path / "run", monkeypatch, "--losses", str(losses), "--weights", str(weights))
    expected = (tmp_path / "run" / "losses.txt").read_text()
    assert expected
    assert losses.read_text() == expected
    assert outcome.reason == "completed"
    best = chosen_checkpoint(RunFolder(outcome.folder), "best").weights
    saved = load_file(weights)
    assert saved.keys() == best.keys()
    assert all(torch.equal(saved[name], best[name]) for name in best)


@pytest.mark.parametrize("name", TRAINABLE)
def test_a_template_trains_alike_without_the_app(name: str, tmp_path: Path, monkeypatch) -> None:
    project = template(name)
    if project.data.kind == "FashionMNIST":  # a few of the many pictures are enough
        project.data = replace(project.data, split=replace(project.data.split, validation=0.02, test=0.9))
    same_losses(project, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "setting", [*plain_and_changed(FOR_DENSE), *({"optimizer": each} for each in TOGETHER)], ids=str
)
def test_every_optimizer_trains_alike(setting: dict, tmp_path: Path, monkeypatch) -> None:
    same_losses(template("iris-mlp", **setting, epochs=3), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "setting", [*plain_and_changed(SCHEDULES), *({"schedule": each} for each in SCHEDULED)], ids=str
)
def test_every_schedule_trains_alike(setting: dict, tmp_path: Path, monkeypatch) -> None:
    same_losses(template("iris-mlp", **setting, epochs=4), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "changed",
    [
        {"l1": 1e-3},
        {"l2": 1e-3},
        {"l1": 1e-4, "l2": 1e-3},
        {"clip": Clip("norm", 0.1)},
        {"clip": Clip("value", 0.01)},
        {"drop_last": True},
        {"seed": 17},
        {"epochs": 40, "early_stop": EarlyStop("val_loss", 2, 0.05)},
        {"epochs": 40, "early_stop": EarlyStop("val_accuracy", 3, 0.0)},
    ],
    ids=str,
)
def test_every_setting_trains_alike(changed: dict, tmp_path: Path, monkeypatch) -> None:
    same_losses(template("digits-mlp", **changed), tmp_path, monkeypatch)


@pytest.mark.parametrize("name", ["digits-mlp", "digits-autoencoder"])
def test_augmented_samples_train_alike(name: str, tmp_path: Path, monkeypatch) -> None:
    project = template(name, batch_size=50)
    kinds = ("Normalize", "Rescale", "RandomHorizontalFlip", "RandomShift", "RandomNoise", "RandomErasing")
    project.data = replace(project.data, transforms=tuple(Part(kind, {"field": "image"}) for kind in kinds))
    same_losses(project, tmp_path, monkeypatch)
    export_project(project, tmp_path, tmp_path / "out")
    assert (tmp_path / "out" / "transforms.py").is_file()
    assert_readable(tmp_path / "out")


def test_chunks_do_not_show_in_the_losses(tmp_path: Path, monkeypatch) -> None:
    project = template("digits-mlp", batch_size=50)
    train(project, tmp_path / "run")
    monkeypatch.setattr("resources.snippets.training.batches.CHUNK_BYTES", 50_000)
    train(project, tmp_path / "again")
    assert (tmp_path / "again" / "losses.txt").read_text() == (tmp_path / "run" / "losses.txt").read_text()


@pytest.mark.parametrize("split", [Split(0.0, 0.0), Split(0.25, 0.1, stratify=False, seed=3)], ids=str)
def test_every_split_trains_alike(split: Split, tmp_path: Path, monkeypatch) -> None:
    project = template("iris-mlp", epochs=3)
    project.data = replace(project.data, split=split)
    same_losses(project, tmp_path, monkeypatch)


def test_a_table_of_ones_own_trains_alike(tmp_path: Path, monkeypatch) -> None:
    lines = [
        f"{row % 7},{'red' if row % 3 else 'blue'},{'' if row % 11 == 0 else row % 5},{row % 2}" for row in range(80)
    ]
    table = tmp_path / "own.csv"
    table.write_text("\n".join(["a,colour,b,kind", *lines]) + "\n")
    project = template("iris-mlp", epochs=3)
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data(
        "Csv", {"path": "own.csv", "target": "kind", "missing": "mean"}, transforms=project.data.transforms
    )
    same_losses(project, tmp_path, monkeypatch)


def test_the_exported_script_needs_nothing_of_the_app(tmp_path: Path) -> None:
    project = template("digits-cnn", epochs=1)
    train(project, tmp_path / "run")
    export_project(project, tmp_path, tmp_path / "out")
    losses = tmp_path / "losses.txt"
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    hide = "import runpy, sys; sys.modules['engine'] = sys.modules['resources'] = None"
    code = f"{hide}; runpy.run_path('train.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "--losses", str(losses)],
        cwd=tmp_path / "out", env=bare, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "epoch 1/1" in done.stdout
    assert losses.read_text() == (tmp_path / "run" / "losses.txt").read_text()
    assert (tmp_path / "out" / "trained.safetensors").is_file()


@pytest.mark.parametrize("name", WITH_DATA)
def test_exported_code_is_short_clean_and_formatted(name: str, tmp_path: Path) -> None:
    export_project(template(name), tmp_path, tmp_path / "out")
    assert_readable(tmp_path / "out")
    if WITH_DATA[name]:
        assert (tmp_path / "out" / "train.py").is_file()
    else:
        assert {each.name for each in (tmp_path / "out").iterdir()} == {"model.py", "requirements.txt", "README.md"}


@pytest.mark.parametrize("name", ["Metrics", "Samples", "model", "FIELDS"])
def test_a_graph_may_be_called_like_something_in_the_script(name: str, tmp_path: Path, monkeypatch) -> None:
    project = template("iris-mlp")
    project.graphs = {name: project.graphs["Net"]}
    project.main = name
    same_losses(project, tmp_path, monkeypatch)
