"""A series becomes windows and what follows them; the last ones are held out, and no target is in two parts."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import DataProblem
from engine.graph.model import Data, Node, Part, Project, Split
from engine.runtime.data.fields import field_specs
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import samples
from engine.runtime.data.survey import sizes, survey
from tests.runtime.exported_data import assert_same_batches, exported
from tests.runtime.small_networks import chain

SETTINGS = {"path": "power.csv", "time": "hour", "window": 6, "horizon": 2}
ROWS = 60


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A table with one row an hour: load is 10 n, heat is 1000 + n."""
    rows = "".join(f"2024-01-{1 + n // 24:02d}T{n % 24:02d}:00,{10 * n},{1000 + n}\n" for n in range(ROWS))
    (tmp_path / "power.csv").write_text("hour,load,heat\n" + rows)
    return tmp_path


def project(*transforms: Part, split: Split | None = None, **settings: object) -> Project:
    values = {**SETTINGS, **settings}
    layers = {
        "series": Node("Input"),
        "flat": Node("Flatten"),
        "out": Node("Linear", {"out_features": 4}),
        "unflat": Node("Unflatten", {"dim": 1, "unflattened_size": (2, 2)}),
    }
    return chain(Data("Series", values, split or Split(0.2, 0.1), transforms), "future", "MSELoss", **layers)


def refusal(base: Path, **settings: object) -> str:
    with pytest.raises(DataProblem) as caught:
        survey(project(**settings).data, base)
    assert caught.value.hint
    return caught.value.message


def test_a_sample_is_a_window_and_what_follows(base: Path) -> None:
    loaded = load_data(project(split=Split(0.0)), base)
    series, future = (loaded.training.fields[name] for name in ("series", "future"))
    assert series.shape == (ROWS - 7, 6, 2)
    assert future.shape == (ROWS - 7, 2, 2)
    for at in (0, 17, ROWS - 8):
        assert series[at, :, 0].tolist() == [10.0 * n for n in range(at, at + 6)]
        assert future[at, :, 1].tolist() == [1000.0 + n for n in range(at + 6, at + 8)]
    assert loaded.whole.place(17) == "line 19 on"
    assert {name: spec.kind for name, spec in field_specs(project().data, base).items()} == {
        "series": "series",
        "future": "series",
    }


def test_columns_targets_and_stride_choose_what_is_read(base: Path) -> None:
    loaded = load_data(project(split=Split(0.0), columns=("heat",), targets=("load",), stride=5), base)
    assert loaded.training.fields["series"].shape == (11, 6, 2)
    assert loaded.training.fields["future"][1, :, 0].tolist() == [110.0, 120.0]


@pytest.mark.parametrize(("horizon", "stride"), [(1, 1), (2, 1), (5, 1), (5, 2), (3, 4)])
def test_the_last_windows_are_held_out_and_no_target_is_in_two_parts(base: Path, horizon: int, stride: int) -> None:
    own = project(horizon=horizon, stride=stride, window=4)
    loaded = load_data(own, base)
    rows_of = [
        {(at * stride) + 4 + n for at in part.index.tolist() for n in range(horizon)} for _, part in loaded.parts
    ]
    assert all(rows_of)
    assert max(rows_of[0]) < min(rows_of[1])
    assert max(rows_of[1]) < min(rows_of[2])
    assert max(rows_of[2]) >= ROWS - stride
    counts = survey(own.data, base)
    assert sizes(own.data, counts) == tuple(len(part) for _, part in loaded.parts)
    again = load_data(project(horizon=horizon, stride=stride, window=4, split=Split(0.2, 0.1, seed=7)), base)
    assert torch.equal(again.validation.index, loaded.validation.index)


def test_normalize_measures_each_channel_of_the_training_windows(base: Path) -> None:
    loaded = load_data(project(Part("Normalize", {"field": "series"})), base)
    series = loaded.training.fields["series"]
    torch.testing.assert_close(series.mean(dim=(0, 1)), torch.zeros(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(series.std(dim=(0, 1), correction=0), torch.ones(2), atol=1e-5, rtol=0)
    assert loaded.fitted[0].statistics["mean"].shape == (1, 1, 2)


def test_values_that_cannot_be_used_are_named(base: Path) -> None:
    table = base / "power.csv"
    lines = table.read_text().splitlines()
    for cell, message in (("", "line 10: load is empty"), ("x", "line 10: load holds 'x', which is no number")):
        broken = [*lines[:9], lines[9].replace(",80,", f",{cell},"), *lines[10:]]
        table.write_text("\n".join(broken))
        assert message in refusal(base)
    table.write_text("\n".join([*lines[:9], lines[9].replace(",80,", ",,"), *lines[10:]]))
    loaded = load_data(project(split=Split(0.0), missing="previous"), base)
    assert loaded.training.fields["series"][8, 0, 0] == 70.0
    table.write_text("\n".join([*lines[:20], lines[5], *lines[20:]]))
    assert "line 21: hour is 2024-01-01T04:00, which is not after" in refusal(base)
    table.write_text("\n".join([*lines[:20], *lines[25:]]))
    assert any("1 of 54 steps of hour are longer" in text for text in survey(project().data, base).reading.scaled)
    assert "has 55 rows, and a window of 80 with 2 behind it needs 82" in refusal(base, window=80)
    assert "has no column 'day'" in refusal(base, time="day")


def test_an_exported_program_reads_the_same_samples(base: Path, tmp_path: Path) -> None:
    parts = (Part("Normalize", {"field": "series"}), Part("Normalize", {"field": "future"}))
    assert_same_batches(project(*parts, horizon=2), base, tmp_path / "program")


def test_the_future_of_the_last_window_is_asked_for(base: Path, tmp_path: Path) -> None:
    own = project(Part("Normalize", {"field": "series"}))
    loaded = load_data(own, base)
    preparation = Preparation.from_json(json.loads(json.dumps(Preparation.of(loaded).as_json())))
    inputs = read_inputs(base / "power.csv", own.data, preparation, ["series"])
    assert inputs.places == ("after line 61",)
    mean, deviation = loaded.fitted[0].statistics["mean"], loaded.fitted[0].statistics["deviation"]
    back = inputs.fields["series"].numpy() * deviation + mean
    np.testing.assert_allclose(back[0, :, 0], [10 * n for n in range(ROWS - 6, ROWS)], rtol=1e-5)
    with exported(own, base, tmp_path / "program") as modules:
        fields, _ = modules["predict"].read(base / "power.csv")
        assert torch.equal(fields["series"], inputs.fields["series"])
    (base / "short.csv").write_text("load,heat\n1,2\n")
    with pytest.raises(DataProblem, match="has 1 rows, and the network takes the last 6"):
        read_inputs(base / "short.csv", own.data, preparation, ["series"])


def test_windows_are_shown_as_curves(base: Path) -> None:
    curve = samples(load_data(project(), base), count=1)[0]["fields"]["series"]
    assert curve["shape"] == [6, 2]
    assert len(curve["values"]) == 12
