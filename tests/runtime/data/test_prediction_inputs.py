"""New samples for prediction are read and prepared as the training data was, and pipes are not opened."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import DataProblem
from engine.graph.model import Data, Part, Project, Split
from engine.runtime.data.fields import field_specs
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import load_data
from tests.runtime.data.test_data import NORMAL, OWN, load, refusal


def test_prediction_prepares_new_rows_as_training_did(files: Path) -> None:
    loaded = load(files, "Csv", NORMAL, **OWN["Csv"])
    preparation = Preparation.from_json(json.loads(json.dumps(Preparation.of(loaded).as_json())))
    inputs = read_inputs(files / "table.csv", Data("Csv", OWN["Csv"]), preparation)
    for _, part in loaded.parts:
        assert torch.equal(inputs.fields["features"][part.index], part.fields["features"])
    assert inputs.places[0] == "line 2"


@pytest.mark.parametrize("kind", ["ImageFolder", "Npz", "Idx"])
def test_prediction_reads_images_and_arrays(kind: str, files: Path) -> None:
    field = "x" if kind == "Npz" else "image"
    loaded = load(files, kind, Part("Normalize", {"field": field}), split=Split(validation=0.0), **OWN[kind])
    preparation, data = Preparation.of(loaded), Data(kind, OWN[kind])
    path = {"ImageFolder": "pets/dog", "Npz": "a.npz", "Idx": "images"}[kind]
    if kind == "Idx":
        (files / "images").rename(files / "images-idx3-ubyte")
        path = "images-idx3-ubyte"
    inputs = read_inputs(files / path, data, preparation)
    expected = loaded.training.fields[field][5:] if kind == "ImageFolder" else loaded.training.fields[field]
    assert torch.equal(inputs.fields[field], expected)


def test_prediction_refuses_what_does_not_fit(files: Path) -> None:
    iris, digits = (Preparation.of(load(files, kind)) for kind in ("Iris", "Digits"))
    cases = [
        (files / "pets" / "cat" / "0.png", iris, "did not learn from images"),
        (files / "table.csv", digits, "did not learn from a table"),
        (files / "table.csv", iris, "there is no column 'sepal length (cm)'"),
        (files / "a.npz", iris, "has no field that the network knows"),
        (files / "none.png", digits, "cannot be decoded"),
    ]
    np.savez(files / "b.npz", features=np.zeros((2, 5)))
    cases.append((files / "b.npz", iris, "has shape (5,); the network learned from (4,)"))
    for path, preparation, message in cases:
        with pytest.raises(DataProblem) as caught:
            read_inputs(path, Data("Digits"), preparation)
        assert message in caught.value.message
        assert str(path) in caught.value.message
        assert caught.value.hint
    with pytest.raises(DataProblem, match="damaged"):
        Preparation.from_json({"fields": 3})
    with pytest.raises(DataProblem, match="no transform 'os'"):
        Preparation.from_json(
            replace(iris, fitted=()).as_json() | {"fitted": [{"kind": "os", "field": "features", "figures": {}}]}
        )


ENDLESS = {
    "Csv": lambda place: {"path": place, "target": "y"},
    "Npz": lambda place: {"path": place},
    "Idx": lambda place: {"images": place, "labels": place},
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_what_never_ends_is_not_even_opened(kind: str, name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    data = Data(kind, ENDLESS[kind](name))
    for read in (lambda: field_specs(data, tmp_path), lambda: load_data(Project(data=data), tmp_path)):
        with pytest.raises(DataProblem, match="is a device or a pipe, not a file"):
            read()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("ending", ["csv", "npz", "png", "gz"])
def test_new_rows_are_not_read_from_a_pipe(ending: str, files: Path) -> None:
    os.mkfifo(files / f"pipe.{ending}")
    kind = "Csv" if ending == "csv" else "ImageFolder"
    preparation = Preparation.of(load(files, kind, **OWN[kind]))
    with pytest.raises(DataProblem, match="is a device or a pipe, not a file"):
        read_inputs(files / f"pipe.{ending}", Data(kind, OWN[kind]), preparation)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_of_images_is_refused(files: Path) -> None:
    os.mkfifo(files / "pets" / "cat" / "zero.png")
    assert "is a device or a pipe" in refusal(files, "ImageFolder", **OWN["ImageFolder"]).message
