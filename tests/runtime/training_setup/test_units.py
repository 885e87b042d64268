"""Answers and errors are in the unit of the data, whatever transforms the network learns from."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.catalog.data.datasets import answer_name
from engine.graph.model import Best, Data, Node, Part, Project, Split
from engine.runs.events import EpochDone, Predictions
from engine.runtime.after_training.evaluate import Choice, evaluate, evaluation
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.checkpoints import checkpoint
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.training.job import Job
from engine.runtime.training.train import resume, start
from engine.runtime.training_setup.prepare import Prepared
from engine.runtime.training_setup.units import output_units
from resources.snippets.units import Unit
from tests.small_projects import graph, node
from tests.training import EventLog, run_script, template


def network(heads: dict[str, Node | str], *wires: str, data: Data, **training: object) -> Project:
    """A network from ``features`` through ``fc`` to heads, losses and metrics as wired; ``y`` is the target."""
    project = template(
        "diabetes-mlp", **{"epochs": 3, "schedule": None, "early_stop": None, "best": Best(), **training}
    )
    project.main, project.data = "Net", data
    nodes = {"features": "Input", "y": node("Input", field="target"), "fc": node("Linear", out_features=8), **heads}
    project.graphs = {"Net": graph(nodes, "features > fc", *wires)}
    return project


def archive(place: Path, *, columns: int | None = None) -> Data:
    """Targets around 1,000 (and 5, 20, ... in further columns), linear in two features."""
    rng = np.random.default_rng(1)
    features = rng.normal(size=(80, 2)).astype(np.float32)
    scales = np.array([300.0, 1.5, 4.0][: columns or 1])
    target = np.array([1000.0, 5.0, 20.0][: columns or 1]) + features.sum(1, keepdims=True) * scales
    target = target.astype(np.float32) if columns else target[:, 0].astype(np.float32)
    np.savez(place / "d.npz", features=features, target=target)
    transforms = (
        Part("Normalize", {"field": "target", "per": "value"}),
        Part("Rescale", {"field": "target", "high": 2.0, "per": "value"}),
    )
    return Data("Npz", {"path": "d.npz"}, Split(validation=0.25), transforms)


SINGLE = (
    {
        "head": node("Linear", out_features=1),
        "flat": node("squeeze", dim=-1),
        "line": node("squeeze", dim=-1),
        "loss": "MSELoss",
    },
    *("fc > head", "head > flat", "flat > loss", "y > line", "line > loss.target"),
)
DIRECT = {"head": node("Linear", out_features=1), "loss": "MSELoss"}
DIRECT_WIRES = ("fc > head", "head > loss", "y > loss.target")
HEADS = {
    "one": node("Linear", out_features=1), "two": node("Linear", out_features=2),
    "first": node("slice", dim=1, start=0, end=1), "rest": node("slice", dim=1, start=1),
    "loss1": "MSELoss", "loss2": "L1Loss", "mae1": "MeanAbsoluteError", "rmse2": "RootMeanSquaredError",
    "r2": "R2Score",
}  # fmt: skip
HEAD_WIRES = ("fc > one", "fc > two", "y > first", "y > rest", "one > loss1", "first > loss1.target", "two > loss2",
              "rest > loss2.target", "one > mae1", "first > mae1.target", "two > rmse2", "rest > rmse2.target",
              "two > r2", "rest > r2.target")  # fmt: skip


def trained(project: Project, place: Path) -> tuple[Path, EventLog]:
    events = EventLog()
    outcome = start(Job(project, place, place / "run"), events)
    assert outcome.reason == "completed"
    return outcome.folder, events


def predictions(run: Path, place: Path) -> dict[str, np.ndarray]:
    """The network's answers to all samples, by name."""
    answers = predict(run, place / "d.npz", device="cpu", which="last")
    return {name: np.array([dict(one.values)[name] for one in answers]) for name, _ in answers[0].values}


def held_out(project: Project, place: Path) -> np.ndarray:
    from engine.runtime.data.prepared_samples import load_data

    return load_data(project, place).validation.index.numpy()


def test_one_target_is_answered_and_measured_in_its_own_unit(tmp_path: Path) -> None:
    project = network(*SINGLE[:1], *SINGLE[1:], data=archive(tmp_path), epochs=30)
    run, events = trained(project, tmp_path)
    truth = np.load(tmp_path / "d.npz")["target"]
    answers = predictions(run, tmp_path)
    assert set(answers) == {"target"}
    assert answers["target"].shape == (80, 1)
    index = held_out(project, tmp_path)
    error = np.abs(answers["target"][:, 0] - truth)[index].mean()
    last = events.of(EpochDone)[-1].metrics
    assert last["val_mae"] == pytest.approx(error, rel=1e-4)
    assert evaluate(run, which="last", device="cpu")["mae"] == pytest.approx(error, rel=1e-4)
    assert 600 < answers["target"].mean() < 1400
    assert last["val_loss"] < 2  # as trained: in the unit that the transforms made


def test_the_predictions_of_the_live_view_are_in_the_unit_of_the_target(tmp_path: Path) -> None:
    project = network(DIRECT, *DIRECT_WIRES, data=archive(tmp_path))
    run, events = trained(project, tmp_path)
    truth, answers = np.load(tmp_path / "d.npz")["target"], predictions(run, tmp_path)
    event = events.of(Predictions)[-1]
    rows = list(event.indices)
    assert np.array(event.truth).ravel() == pytest.approx(truth[rows], rel=1e-5)
    assert np.array(event.scores).ravel() == pytest.approx(answers["target"][rows, 0], rel=1e-4)


def test_the_unit_changes_neither_a_step_nor_the_best_epoch(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    data = [archive(tmp_path / name) for name in "ab"]
    run, events = trained(network(*SINGLE, data=data[0], epochs=12), tmp_path / "a")
    monkeypatch.setattr(Prepared, "units", lambda _: None)
    plain, plainly = trained(network(*SINGLE, data=data[1], epochs=12), tmp_path / "b")
    assert (run / "losses.txt").read_text() == (plain / "losses.txt").read_text()
    best = [checkpoint.newest(each / "checkpoints").metadata["position"]["best_epoch"] for each in (run, plain)]
    assert best[0] == best[1]
    in_unit, raw = ([event.metrics for event in each.of(EpochDone)] for each in (events, plainly))
    assert [each["val_loss"] for each in in_unit] == [each["val_loss"] for each in raw]
    ratios = [one["val_mae"] / other["val_mae"] for one, other in zip(in_unit, raw, strict=True)]
    assert ratios == pytest.approx([ratios[0]] * 12, rel=1e-4)
    assert ratios[0] > 100


def test_several_heads_answer_parts_of_a_target_each_in_its_unit(tmp_path: Path) -> None:
    project = network(HEADS, *HEAD_WIRES, data=archive(tmp_path, columns=3), epochs=20)
    run, events = trained(project, tmp_path)
    truth, index = np.load(tmp_path / "d.npz")["target"], held_out(project, tmp_path)
    answers = predictions(run, tmp_path)
    assert set(answers) == {"target (one)", "target (two)"}
    one, two = answers["target (one)"], answers["target (two)"]
    last = events.of(EpochDone)[-1].metrics
    assert last["val_mae1"] == pytest.approx(np.abs(one - truth[:, :1])[index].mean(), rel=1e-4)
    assert last["val_rmse2"] == pytest.approx(np.sqrt(np.square(two - truth[:, 1:])[index].mean()), rel=1e-4)
    missed, spread = (
        np.square(two - truth[:, 1:])[index].sum(0),
        np.square(truth[index, 1:] - truth[index, 1:].mean(0)).sum(0),
    )
    assert last["val_r2"] == pytest.approx((1 - missed / spread).mean(), rel=1e-3)
    assert last["val_loss2"] < 3


@pytest.mark.parametrize("params", [{"target": "rent"}, {"roles": (("rent", "target"), ("town", "ignore"))}])
def test_a_target_is_called_by_its_column_however_it_was_chosen(params: dict[str, object]) -> None:
    assert answer_name("Csv", params, "target") == answer_name("Csv", params, "label") == "rent"
    assert answer_name("Csv", params, "features") == "features"
    assert answer_name("Npz", params, "target") == "target"


@pytest.mark.parametrize("columns", [None, 3])
def test_the_exported_program_says_the_same_numbers(columns: int | None, tmp_path: Path, monkeypatch) -> None:
    example = (HEADS, *HEAD_WIRES) if columns else SINGLE
    project = network(*example, data=archive(tmp_path, columns=columns), epochs=3)
    run, events = trained(project, tmp_path)
    export_run(run, "code", tmp_path / "out", which="last")
    printed = run_script(
        tmp_path / "out", monkeypatch, "--data", str(tmp_path / "d.npz"), "--weights", str(tmp_path / "w")
    )
    lines = [
        "  ".join(f"{name} {value:.4f}" for name, value in event.metrics.items()) for event in events.of(EpochDone)
    ]
    assert printed.splitlines() == [f"epoch {at}/3  {text}" for at, text in enumerate(lines, 1)]
    printed = run_script(tmp_path / "out", monkeypatch, str(tmp_path / "d.npz"), name="predict.py")
    assert printed.splitlines() == [
        each.text() for each in predict(run, tmp_path / "d.npz", device="cpu", which="last")
    ]


def test_an_answer_of_unknown_unit_says_so(tmp_path: Path) -> None:
    heads = {**DIRECT, "bent": "Tanh", "out": "Output"}
    project = network(heads, *DIRECT_WIRES, "head > bent", "bent > out", data=archive(tmp_path))
    run, _ = trained(project, tmp_path)
    answer = predict(run, tmp_path / "d.npz", device="cpu")[0]
    assert re.search(r"out \S+ \(as trained, not in the unit of target\)", answer.text())
    assert re.search(r"target -?\d\d\d\S*$", answer.text())
    raw = json.loads(json.dumps(answer.as_json()))
    assert raw["notes"] == {"out": "as trained, not in the unit of target"}
    assert set(raw["values"]) == {"out", "target"}


def test_a_metric_of_changed_targets_stays_as_trained(tmp_path: Path) -> None:
    heads = {
        "head": node("Linear", out_features=1),
        "loss": "MSELoss",
        "wide": node("unsqueeze", dim=1),
        "bent": "Tanh",
    }
    wires = ("fc > head", "head > loss", "y > bent", "bent > loss.target")
    project = network(heads, *wires, data=archive(tmp_path))
    units = output_units(project, {"features": FieldSpec((2,), "float32"), "target": FieldSpec((1,), "float32")})
    assert (dict(units.outputs), dict(units.metrics), units.fields) == ({}, {}, {"target"})
    run, events = trained(project, tmp_path)
    assert events.of(EpochDone)[-1].metrics["val_mae"] < 5
    assert "as trained" in predict(run, tmp_path / "d.npz", device="cpu")[0].text()


def layouts() -> Iterator[tuple[dict[str, Node | str], tuple[str, ...], Unit]]:
    """An output before or behind the compared value, in another layout."""
    base = {"head": node("Linear", out_features=6), "loss": "MSELoss", "out": "Output"}
    wires = ("fc > head", "head > loss", "y > loss.target")
    yield base, (*wires, "head > out"), Unit("target", (6,))
    yield (
        {**base, "part": node("slice", dim=1, start=2, end=4)},
        (*wires, "head > part", "part > out"),
        Unit("target", (6,), (2, 3)),
    )
    turned = {"grid": node("Unflatten", dim=1, unflattened_size=(2, 3)), "turn": node("transpose", dim0=1, dim1=2)}
    yield (
        {**base, **turned},
        (*wires, "head > grid", "grid > turn", "turn > out"),
        Unit("target", (6,), (0, 3, 1, 4, 2, 5)),
    )
    late = {"grid": node("Unflatten", dim=1, unflattened_size=(2, 3)), "back": node("Flatten")}
    yield (
        {**base, **late},
        ("fc > head", "head > grid", "grid > back", "back > loss", "y > loss.target", "grid > out"),
        Unit("target", (6,)),
    )


@pytest.mark.parametrize(("nodes", "wires", "unit"), list(layouts()))
def test_an_output_in_another_layout_keeps_its_unit(nodes, wires: tuple[str, ...], unit: Unit) -> None:
    project = network(nodes, *wires, data=Data("Npz", {}))
    units = output_units(project, {"features": FieldSpec((2,), "float32"), "target": FieldSpec((6,), "float32")})
    assert units.outputs[next(key for key in units.keys if key in ("", "out"))] == unit


def test_a_run_of_an_older_version_goes_on_in_the_unit_it_began_with(tmp_path: Path, monkeypatch) -> None:
    project = network(*SINGLE, data=archive(tmp_path))
    with monkeypatch.context() as older:
        older.setattr(Prepared, "units", lambda _: None)
        run, before = trained(project, tmp_path)
    for place in (run / "checkpoints").iterdir():
        _forget_unit(place)
    after = EventLog()
    resume(run, after, epochs=5)
    assert after.of(EpochDone)[-1].metrics["val_mae"] < 2 * before.of(EpochDone)[-1].metrics["val_mae"]


def _forget_unit(place: Path) -> None:
    saved = checkpoint.read(place)
    metadata = {name: value for name, value in saved.metadata.items() if name != "in_unit"}
    for file in list(place.iterdir()):
        file.unlink()
    checkpoint.write(place, replace(saved, metadata=metadata))


def test_a_table_is_answered_under_the_name_of_its_column(tmp_path: Path) -> None:
    rows = "".join(f"{20 + at},{300 + 30 * at}\n" for at in range(60))
    (tmp_path / "data.csv").write_text("sqm,rent\n" + rows)
    (tmp_path / "ask.csv").write_text("sqm\n40\n60\n")
    transforms = (Part("Normalize", {"field": "features"}), Part("Normalize", {"field": "target"}))
    data = Data("Csv", {"path": "data.csv", "target": "rent"}, Split(validation=0.2), transforms)
    errors = {"mae": "MeanAbsoluteError", "mse": "MeanSquaredError", "mape": "MeanAbsolutePercentageError"}
    heads = {"relu": "ReLU", "head": node("Linear", out_features=1), "loss": "MSELoss", **errors}
    ends = [wire for name in ("loss", *errors) for wire in (f"head > {name}", f"y > {name}.target")]
    project = network(heads, "fc > relu", "relu > head", *ends, data=data, epochs=60, batch_size=16)
    project.training = replace(project.training, optimizer=Part("AdamW", {"lr": 0.02}))
    run, _ = trained(project, tmp_path)
    scores = evaluation(Choice(run, device="cpu"))
    assert scores.units == {"loss": "as trained", "mae": "rent", "mse": "rent ** 2", "mape": "share"}
    assert scores.metrics["mse"] >= scores.metrics["mae"] ** 2
    assert scores.metrics["mape"] < scores.metrics["mae"] / 300  # the least rent
    answers = predict(run, tmp_path / "ask.csv", device="cpu")
    values = [dict(each.values)["rent"][0] for each in answers]
    assert values == pytest.approx([900, 1500], rel=0.03)
    assert answers[0].text().startswith("line 2: rent ")


def test_a_class_and_a_quantity_are_both_answered(tmp_path: Path, monkeypatch) -> None:
    data = archive(tmp_path)
    arrays = dict(np.load(tmp_path / "d.npz"))
    np.savez(tmp_path / "d.npz", **arrays, label=(arrays["features"][:, 0] > 0).astype(np.int64))
    heads = {**DIRECT, "scores": node("Linear", out_features=2), "label": "Input", "kinds": "CrossEntropyLoss"}
    wires = (*DIRECT_WIRES, "fc > scores", "scores > kinds", "label > kinds.target")
    run, _ = trained(network(heads, *wires, data=data), tmp_path)
    answer = predict(run, tmp_path / "d.npz", device="cpu")[0]
    assert answer.label in ("0", "1")
    assert abs(dict(answer.values)["target"][0]) > 20
    export_run(run, "code", tmp_path / "out")
    printed = run_script(tmp_path / "out", monkeypatch, str(tmp_path / "d.npz"), name="predict.py")
    assert re.match(r"row 0 \(from 0\): [01]  \([01] \d+\.\d %.*\)  target -?\d", printed)
