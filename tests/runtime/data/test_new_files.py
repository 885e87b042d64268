"""New files are read as those of the training were, by the app and by what it exports."""

import json
import runpy
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from engine.graph.model import Data, Node, Part, Project
from engine.project import file as files
from engine.runtime.after_training.export import export_project, export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.after_training.trained_network import trained_network
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import LoadedData, load_data
from tests.small_projects import node
from tests.small_projects import project as drawing
from tests.training import assert_readable, run_script, template, train

ROWS = 16
DRAW = np.random.default_rng(5)
ANSWER = np.arange(ROWS) % 2


def project(data: Data, field: str, answer: str) -> Project:
    nodes: dict[str, Node | str] = {field: "Input", "flat": "Flatten", "head": node("Linear", out_features=2)}
    chain = (f"{one} > {other}" for one, other in pairwise([*nodes, "loss"]))
    example = drawing(
        {**nodes, answer: "Input", "loss": "CrossEntropyLoss", "out": "Output"},
        *chain,
        f"{answer} > loss.target",
        "head > out",
    )
    example.training = replace(example.training, epochs=2, batch_size=4, threads=1, device="cpu")
    return replace(example, data=data)


def folder(place: Path, make_image) -> None:
    for row in range(ROWS):
        (place / "data" / "ab"[row % 2]).mkdir(parents=True, exist_ok=True)
        make_image(row).save(place / "data" / "ab"[row % 2] / f"{row}.{make_image.ending}")


def of_images(place: Path, make_image, **params: Any) -> tuple[Data, Path]:
    folder(place, make_image)
    return Data("ImageFolder", {"path": "data", "height": 7, "width": 9, **params}), place / "data"


def transparent(row: int) -> Image.Image:
    alpha = DRAW.integers(0, 256, (8, 8), dtype=np.uint8)
    return Image.fromarray(np.dstack([np.full((8, 8, 3), 250, np.uint8), alpha]), "RGBA")


def deep(row: int) -> Image.Image:
    return Image.fromarray((DRAW.random((8, 8)) * 3000).astype(np.uint16))


def fractions(row: int) -> Image.Image:
    return Image.fromarray((DRAW.normal(size=(8, 8)) * 40).astype(np.float32))


transparent.ending, deep.ending, fractions.ending = "png", "png", "tiff"


def of_arrays(place: Path, x: np.ndarray, **params: Any) -> tuple[Data, Path]:
    np.savez(place / "d.npz", x=x, y=params.pop("y", ANSWER))
    few = place / "few.npz"  # of which nothing could be guessed
    np.savez(few, x=x)
    return Data("Npz", {"path": "d.npz", **params}), few


def of_idx(place: Path, values: np.ndarray, kind: int, **params: Any) -> tuple[Data, Path]:
    sizes = b"".join(size.to_bytes(4, "big") for size in values.shape)
    images = place / "images-ubyte"
    images.write_bytes(bytes((0, 0, kind, values.ndim)) + sizes + values.tobytes())
    (place / "labels").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, ROWS)) + bytes((3 * ANSWER).tolist()))
    return Data("Idx", {"images": images.name, "labels": "labels", "numbering": "found", **params}), images


def of_whole(place: Path) -> tuple[Data, Path]:
    data, few = of_arrays(place, DRAW.integers(-5000, 5000, (ROWS, 6)))
    return replace(data, transforms=(Part("Normalize", {"field": "x"}),)), few


PIXELS = DRAW.integers(0, 256, (ROWS, 9, 10, 3), dtype=np.uint8)
FILES = {
    "transparent": lambda place: of_images(place, transparent),
    "transparent on grey": lambda place: of_images(place, transparent, background="grey", fit="pad"),
    "16 bits": lambda place: of_images(place, deep, colours="grey"),
    "fractions": lambda place: of_images(place, fractions, colours="grey", fit="stretch"),
    "fractions by levels": lambda place: of_images(place, fractions, levels=(-50.0, 50.0)),
    "bytes": lambda place: of_arrays(place, PIXELS),
    "codes": lambda place: of_arrays(place, PIXELS[..., 0] % 7),
    "flat": lambda place: of_arrays(place, PIXELS.reshape(ROWS, -1)),
    "kept": lambda place: of_arrays(place, PIXELS.reshape(ROWS, -1), numbers=("x",)),
    "last": lambda place: of_arrays(place, PIXELS.astype(np.float32)),
    "first": lambda place: of_arrays(place, PIXELS.astype(np.float32), channels="first"),
    "16 bits in arrays": lambda place: of_arrays(place, PIXELS.astype(np.uint16) * 16, pixels=("x",)),
    "signed labels": lambda place: of_arrays(place, PIXELS[..., 0], y=2 * ANSWER - 1),
    "text": lambda place: of_arrays(place, PIXELS[..., 0], y=np.where(ANSWER, "yes", "no")),
    "idx in colour": lambda place: of_idx(place, PIXELS, 8),
    "idx of 16 bits": lambda place: of_idx(place, (PIXELS[..., 0] * 3).astype(">i2"), 11),
    "whole numbers": of_whole,
}


def field_values(loaded: LoadedData, field: str) -> np.ndarray:
    """The field of every sample, in the order of the files."""
    whole = np.empty((loaded.sample_count, *loaded.training.fields[field].shape[1:]), np.float32)
    for _, part in loaded.parts:
        whole[part.index.numpy()] = part.fields[field].numpy()
    return whole


@pytest.mark.parametrize("name", FILES)
def test_files_are_read_alike_in_training_asking_and_export(name: str, tmp_path: Path, monkeypatch) -> None:
    data, new_data = FILES[name](tmp_path)
    field, answer = ("x", "y") if data.kind == "Npz" else ("image", "label")
    example = project(data, field, answer)
    assert train(example, tmp_path / "run").reason == "completed"
    losses = tmp_path / "losses.txt"
    run_script(tmp_path / "run", monkeypatch, "--losses", str(losses), "--weights", str(tmp_path / "w.safetensors"))
    assert losses.read_text() == (tmp_path / "run" / "losses.txt").read_text()

    loaded = load_data(example, tmp_path)
    trained_on = field_values(loaded, field)
    order = np.argsort(loaded.whole.places) if data.kind == "ImageFolder" else np.arange(ROWS)
    network = trained_network(tmp_path / "run", "last", torch.device("cpu"))
    record = network.record.preparation
    inputs = read_inputs(new_data, data, record)
    order_of_names = np.argsort(inputs.places) if data.kind == "ImageFolder" else np.arange(ROWS)
    assert np.array_equal(inputs.fields[field].numpy()[order_of_names], trained_on[order])
    assert len(predict(tmp_path / "run", new_data, device="cpu")) == ROWS

    export_project(example, tmp_path, tmp_path / "out")
    assert_readable(tmp_path / "out")
    monkeypatch.syspath_prepend(tmp_path / "out")
    monkeypatch.delitem(sys.modules, "model", raising=False)
    read = runpy.run_path(str(tmp_path / "out" / "predict.py"), run_name="asked")["read"]
    monkeypatch.delitem(sys.modules, "model", raising=False)
    exported, _ = read(new_data)
    assert np.array_equal(exported[field].numpy(), inputs.fields[field].numpy())


@pytest.mark.parametrize("name", ["Idx", "ImageFolder", "Npz"])
def test_exports_of_many_transforms_of_what_is_asked_and_answered_are_readable(name: str, tmp_path: Path) -> None:
    grey = DRAW.integers(0, 256, (ROWS, 8, 8), dtype=np.uint8)
    size: dict[str, Any] = {"height": 8, "width": 8, "colours": "grey"}
    results = {
        "Idx": lambda: of_idx(tmp_path, grey, 8),
        "ImageFolder": lambda: of_images(tmp_path, transparent, **size),
        "Npz": lambda: of_arrays(tmp_path, grey),
    }
    data, _ = results[name]()
    field = "x" if name == "Npz" else "image"
    kinds = ("Normalize", "Rescale", "RandomHorizontalFlip", "RandomShift", "RandomNoise", "RandomErasing")
    example = template("digits-autoencoder")
    example.graphs["Net"].nodes["image"].params["field"] = field
    example.data = replace(data, transforms=tuple(Part(kind, {"field": field}) for kind in kinds))
    export_project(example, tmp_path, tmp_path / "out")
    assert_readable(tmp_path / "out")


def test_fewer_values_are_not_guessed_at_again(tmp_path: Path) -> None:
    data, _ = of_arrays(tmp_path, PIXELS)
    example = project(data, "x", "y")
    record = Preparation.of(load_data(example, tmp_path))
    dark = PIXELS[:1] % 8  # alone it would be taken for codes
    np.savez(tmp_path / "dark.npz", x=dark)
    new_data = read_inputs(tmp_path / "dark.npz", data, record)
    expected = np.moveaxis(dark, 3, 1).astype(np.float32) / np.float32(255)
    assert np.array_equal(new_data.fields["x"].numpy(), expected)


def test_fractions_that_are_scaled_already_are_not_divided_again(tmp_path: Path) -> None:
    data, _ = of_arrays(tmp_path, PIXELS)
    record = Preparation.of(load_data(project(data, "x", "y"), tmp_path))
    np.savez(tmp_path / "scaled.npz", x=PIXELS / np.float32(255))
    new_data = read_inputs(tmp_path / "scaled.npz", data, record)
    assert np.array_equal(new_data.fields["x"].numpy(), np.moveaxis(PIXELS / np.float32(255), 3, 1))
    np.savez(tmp_path / "large.npz", x=PIXELS.astype(np.float32))
    with pytest.raises(Exception, match="holds fractions up to 255"):
        read_inputs(tmp_path / "large.npz", data, record)


def test_a_run_that_recorded_nothing_is_asked_as_before(tmp_path: Path) -> None:
    data, few = of_arrays(tmp_path, PIXELS)
    record = Preparation.of(load_data(project(data, "x", "y"), tmp_path)).as_json()
    del record["decisions"]
    for spec in record["fields"].values():
        del spec["occurring"]
    old = Preparation.from_json(json.loads(json.dumps(record)))
    assert np.array_equal(
        read_inputs(few, data, old).fields["x"].numpy(), np.moveaxis(PIXELS, 3, 1).astype(np.float32) / np.float32(255)
    )


def test_a_deep_image_is_refused_by_a_network_that_learned_from_none(tmp_path: Path) -> None:
    data, _ = of_images(tmp_path, transparent)
    record = Preparation.of(load_data(project(data, "image", "label"), tmp_path))
    fractions(0).save(tmp_path / "new.tiff")
    with pytest.raises(Exception, match="float values"):
        read_inputs(tmp_path / "new.tiff", data, record)


def test_files_that_are_no_images_are_named_by_the_app_and_its_export(tmp_path: Path, monkeypatch, capsys) -> None:
    data, new_data = of_images(tmp_path, transparent)
    example = project(data, "image", "label")
    assert train(example, tmp_path / "run").reason == "completed"
    export_run(tmp_path / "run", "code", tmp_path / "out")
    (new_data / "a" / "photo.heic").write_bytes(b"x")
    (new_data / "a" / ".DS_Store").write_bytes(b"x")
    warned: list[Any] = []
    assert len(predict(tmp_path / "run", new_data, device="cpu", warn=warned.append)) == ROWS
    (warning,) = warned
    assert warning.message == f"{new_data}: 1 file (.heic) not read as an image."
    run_script(tmp_path / "out", monkeypatch, str(new_data), name="predict.py")
    assert capsys.readouterr().err == f"{new_data}: 1 file (.heic) not read as an image\n"


def test_new_settings_are_kept_in_a_project_file(tmp_path: Path) -> None:
    data = Data("ImageFolder", {"path": "data", "background": "grey", "levels": (0.0, 4095.0), "broken": "drop"})
    files.write(tmp_path / "p.loom", project(data, "image", "label"))
    assert files.read(tmp_path / "p.loom").data == data
