"""What a field is comes from its declaration or a setting; of arrays it is a guess that is reported."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataProblem
from engine.graph.model import Data, Part, Project
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import field_specs
from engine.runtime.data.inputs import Preparation
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import describe, samples
from engine.runtime.data.survey import survey

SETTINGS = {"path": "a.npz"}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "a.npz",
        wave=rng.normal(size=(12, 1, 40)),
        volume=rng.normal(size=(12, 5, 6, 7)),
        y=np.arange(12) % 3,
    )
    return tmp_path


def kinds(base: Path, **settings: object) -> dict[str, str]:
    return {name: spec.kind for name, spec in field_specs(Data("Npz", {**SETTINGS, **settings}), base).items()}


def test_the_kinds_of_arrays_are_guessed_reported_and_can_be_set(base: Path) -> None:
    assert kinds(base) == {"wave": "series", "volume": "image", "y": "label"}
    guessed = survey(Data("Npz", SETTINGS), base).reading
    assert guessed.as_json()["fields"] == kinds(base)
    assert any("wave as series, volume as image" in line and "kinds" in line for line in guessed.lines())
    settings = {"kinds": (("wave", "audio"), ("volume", "array"))}
    assert kinds(base, **settings) == {"wave": "audio", "volume": "array", "y": "label"}
    assert not any("wave" in line for line in survey(Data("Npz", {**SETTINGS, **settings}), base).reading.lines())
    loaded = load_data(Project(data=Data("Npz", {**SETTINGS, **settings})), base)
    assert {name: spec.kind for name, spec in loaded.specs.items()} == kinds(base, **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"wave": "image"}, "of shape (1, 40) of type float cannot be an image"),
        ({"volume": "mask"}, "cannot be a mask"),
        ({"wav": "audio"}, "kinds names 'wav'"),
        ({"wave": "sound"}, "must be one of image"),
    ],
)
def test_a_kind_that_cannot_be_is_refused_by_check_and_load(base: Path, settings: dict[str, str], message: str) -> None:
    data = Data("Npz", {**SETTINGS, "kinds": tuple(settings.items())})
    for read in (lambda: field_specs(data, base), lambda: load_data(Project(data=data), base)):
        with pytest.raises(DataProblem) as caught:
            read()
        assert message in caught.value.message
        assert caught.value.hint


def test_a_transform_of_images_takes_what_is_an_image_and_nothing_else(base: Path) -> None:
    flip = Part("RandomHorizontalFlip", {"field": "volume"})
    data = Data("Npz", SETTINGS, transforms=(flip,))
    assert load_data(Project(data=data), base).augmentations[0].field == "volume"
    other = Data("Npz", {**SETTINGS, "kinds": (("volume", "array"),)}, transforms=(flip,))
    with pytest.raises(DataProblem, match="is of kind array"):
        load_data(Project(data=other), base)


def test_images_of_any_number_of_channels_are_shown(base: Path) -> None:
    loaded = load_data(Project(data=Data("Npz", SETTINGS)), base)
    picture = samples(loaded, count=1)[0]["fields"]["volume"]["image"]
    assert (picture["height"], picture["width"], picture["channels"]) == (6, 7, 3)
    assert describe(loaded)["fields"]["volume"]["kind"] == "image"
    assert "values" in samples(loaded, count=1)[0]["fields"]["wave"]


def test_a_record_of_an_older_run_has_kinds_again() -> None:
    spec = {"shape": [1, 8, 8], "dtype": "float32", "classes": None, "occurring": None, "whole": None}
    raw = {"fields": {"image": spec}, "class_names": {}, "columns": [], "fitted": []}
    assert Preparation.from_json(raw).fields == {"image": FieldSpec((1, 8, 8), "float32")}
    assert Preparation.from_json(raw).fields["image"].kind == "image"
