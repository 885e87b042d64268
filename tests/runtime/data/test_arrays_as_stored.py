"""Arrays in NPZ and IDX files as people store them: how they are read, and what is reported."""

import gzip
import re
import struct
import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.graph.model import Data, Node, Part, Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from tests.small_projects import node
from tests.small_projects import project as drawing

ROWS = 24
DRAW = np.random.default_rng(0)
BYTES = DRAW.integers(0, 256, (ROWS, 12, 12, 3), dtype=np.uint8)


def npz(place: Path, **arrays: np.ndarray) -> Data:
    np.savez_compressed(place / "d.npz", **arrays)
    return Data("Npz", {"path": "d.npz"})


def idx_bytes(values: np.ndarray, kind: int) -> bytes:
    return bytes((0, 0, kind, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def idx(place: Path, images: np.ndarray, labels: np.ndarray, kinds: tuple[int, int] = (8, 8)) -> Data:
    (place / "images").write_bytes(idx_bytes(images, kinds[0]))
    (place / "labels.gz").write_bytes(gzip.compress(idx_bytes(labels, kinds[1])))
    return Data("Idx", {"images": "images", "labels": "labels.gz"})


def project(data: Data, *kinds: Node | str, out: int = 2, loss: str = "CrossEntropyLoss") -> Project:
    field, answer = ("image", "label") if data.kind == "Idx" else ("x", "y")
    names = [f"n{place}" for place in range(len(kinds))]
    nodes = {field: "Input", **dict(zip(names, kinds, strict=True)), "head": node("Linear", out_features=out)}
    chain = pairwise([field, *names, "head", "loss"])
    example = drawing(
        {**nodes, answer: "Input", "loss": loss}, *(f"{a} > {b}" for a, b in chain), f"{answer} > loss.target"
    )
    example.training = replace(example.training, epochs=1, threads=1, device="cpu")
    return replace(example, data=data)


def fields(data: Data, place: Path) -> dict[str, np.ndarray]:
    """Every field, in the order of the rows."""
    loaded = load_data(Project(data=data), place)
    order = np.argsort(np.concatenate([part.index.numpy() for _, part in loaded.parts]))
    parts = [part.fields for _, part in loaded.parts]
    return {name: np.concatenate([part[name].numpy() for part in parts])[order] for name in parts[0]}


def codes(example: Project, place: Path) -> list[str]:
    return [problem.code for problem in check_project(example, place, training=True).problems]


def fix_problem(example: Project, place: Path, code: str) -> Project:
    """The project after the fix of its one problem of that code, which leaves none of it."""
    [problem] = [each for each in check_project(example, place, training=True).problems if each.code == code]
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert code not in codes(example, place)
    return example


def trained(example: Project, place: Path) -> None:
    assert check_project(example, place, training=True).errors == ()
    assert start(Job(example, place, place / "run")).reason == "completed"


def test_one_hot_targets_stay_zero_and_one(tmp_path: Path) -> None:
    hot = np.eye(2, dtype=np.uint8)[np.arange(ROWS) % 2]
    data = npz(tmp_path, x=DRAW.normal(size=(ROWS, 4)).astype(np.float32), y=hot)
    assert np.array_equal(fields(data, tmp_path)["y"], hot)
    example = project(data)
    assert codes(example, tmp_path) == []
    trained(example, tmp_path)


@pytest.mark.parametrize(
    ("values", "shape", "white", "is_reported"),
    [
        (BYTES[..., 0], (1, 12, 12), 255, False),
        (BYTES, (3, 12, 12), 255, False),
        (BYTES[..., 0].reshape(ROWS, -1), (144,), 255, True),
        ((BYTES[..., 0] > 99) * np.uint8(255), (1, 12, 12), 255, False),
        ((BYTES[..., 0] > 99).astype(np.uint8), (1, 12, 12), 1, False),
        (BYTES[..., 0] % 5, (1, 12, 12), 1, True),
        (np.where(BYTES[..., 0] > 240, 255, BYTES[..., 0] % 21).astype(np.uint8), (1, 12, 12), 1, True),
        (np.eye(6, dtype=np.uint8)[BYTES[:, :9, 0, 0] % 6], (9, 6), 1, False),
        (BYTES[:, :5, 0, 0] % 9, (5,), 1, True),
    ],
    ids=["grey", "colour", "flat pixels", "black and white", "mask", "classes", "classes and void", "one-hot", "codes"],
)
def test_bytes_are_divided_only_where_they_are_brightness(
    values: np.ndarray, shape: tuple[int, ...], white: int, is_reported: bool, tmp_path: Path
) -> None:
    data = npz(tmp_path, x=values, y=np.arange(ROWS) % 2)
    spec = fields(data, tmp_path)["x"]
    assert spec.dtype == np.float32
    assert spec.shape == (ROWS, *shape)
    moved = np.moveaxis(values, 3, 1) if values.ndim == 4 else values
    assert np.array_equal(spec, moved.reshape(spec.shape).astype(np.float32) / np.float32(white))
    example = project(data, "Flatten")
    reading = check_project(example, tmp_path).reading
    assert ("x divided by 255" in reading.scaled) == (white == 255)
    assert (codes(example, tmp_path) == ["D112"]) == is_reported
    if is_reported:  # the fix keeps the values and ends the warning
        fix_problem(example, tmp_path, "D112")
        assert np.array_equal(fields(example.data, tmp_path)["x"], spec)
    other = replace(data, params={**data.params, "numbers" if white == 255 else "pixels": ("x",)})
    assert (fields(other, tmp_path)["x"].max() <= 1) != (white == 255) or values.max() == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int32])
def test_channels_on_the_last_axis_are_found_for_all_types(dtype: type, tmp_path: Path) -> None:
    data = npz(tmp_path, x=(BYTES % 20).astype(dtype), y=np.arange(ROWS) % 2)
    assert np.array_equal(fields(data, tmp_path)["x"], np.moveaxis(BYTES % 20, 3, 1).astype(dtype))
    example = project(data, *(["float"] if dtype == np.int32 else []), "Flatten")
    report = check_project(example, tmp_path)
    assert report.reading.scaled == ("x: channels moved to the second axis",)
    assert [problem.code for problem in report.problems] == ["D112"]
    assert "images of 12 x 12 with 3 channels on the last axis" in report.problems[0].message
    fix_problem(example, tmp_path, "D112")
    assert example.data.params["channels"] == "last"
    first = replace(data, params={**data.params, "channels": "first"})
    assert fields(first, tmp_path)["x"].shape == BYTES.shape


@pytest.mark.parametrize("shape", [(3, 12, 12), (1, 20, 3), (12, 5, 3), (12, 12, 12)], ids=str)
def test_fractions_that_need_be_no_images_stay_as_they_are(shape: tuple[int, ...], tmp_path: Path) -> None:
    values = DRAW.normal(size=(ROWS, *shape)).astype(np.float32)
    data = npz(tmp_path, x=values, y=np.arange(ROWS) % 2)
    assert np.array_equal(fields(data, tmp_path)["x"], values)
    assert codes(project(data, "Flatten"), tmp_path) == []


@pytest.mark.parametrize("kind", ["Normalize", "Rescale"])
def test_whole_numbers_can_be_scaled_and_are_a_warning_when_large(kind: str, tmp_path: Path) -> None:
    values = np.random.default_rng(1).integers(-2000, 3000, (ROWS, 4))
    data = npz(tmp_path, x=values.astype(np.int32), y=np.arange(ROWS) % 2)
    assert codes(project(data, "float"), tmp_path) == ["D111"]
    fix_problem(project(data, "float"), tmp_path, "D111")
    scaled = replace(data, transforms=(Part(kind, {"field": "x"}), Part("RandomNoise", {"field": "x"})))
    as_fractions = npz(tmp_path, x=values.astype(np.float32), y=np.arange(ROWS) % 2)
    expected = fields(replace(as_fractions, transforms=scaled.transforms), tmp_path)["x"]
    data = npz(tmp_path, x=values.astype(np.int32), y=np.arange(ROWS) % 2)
    spec = fields(scaled, tmp_path)["x"]
    assert spec.dtype == np.float32
    assert np.array_equal(spec, expected)
    assert codes(project(scaled), tmp_path) == []
    trained(project(scaled), tmp_path)


def test_class_numbers_are_not_normalized(tmp_path: Path) -> None:
    data = npz(tmp_path, x=DRAW.normal(size=(ROWS, 4)).astype(np.float32), y=np.arange(ROWS) % 2)
    [problem] = check_project(project(replace(data, transforms=(Part("Normalize", {"field": "y"}),))), tmp_path).errors
    assert "holds class numbers" in problem.message


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint16])
@pytest.mark.parametrize("colour", [True, False])
def test_images_that_nobody_scaled_are_reported_and_scaled_by_one_click(
    dtype: type, colour: bool, tmp_path: Path
) -> None:
    values = BYTES if colour else BYTES[..., 0]
    example = project(replace(npz(tmp_path, x=values.astype(dtype), y=np.arange(ROWS) % 2)), "Flatten")
    example.data = replace(example.data, params={**example.data.params, "channels": "last" if colour else "auto"})
    expected = fields(npz(tmp_path, x=values, y=np.arange(ROWS) % 2), tmp_path)["x"]
    npz(tmp_path, x=values.astype(dtype), y=np.arange(ROWS) % 2)
    fix_problem(example, tmp_path, "D112")
    assert np.array_equal(fields(example.data, tmp_path)["x"], expected)
    assert codes(example, tmp_path) == []


REFUSALS = {
    "an unknown array": ({"pixels": ("z",)}, "pixels names 'z', which is not an array"),
    "the label": ({"numbers": ("y",), "label": "y"}, "numbers names 'y', which is the label"),
    "both": ({"numbers": ("x",), "pixels": ("x",)}, "both pixels and numbers name 'x'"),
    "names for other classes": ({"numbering": "found", "class_names": ("a", "b", "c")}, "but class_names has 3"),
    "numbers below 0": ({"pixels": ("x",)}, "and pixels are 0 or more"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_settings_that_do_not_fit_the_file_are_refused(name: str, tmp_path: Path) -> None:
    params, message = REFUSALS[name]
    data = npz(tmp_path, x=DRAW.normal(size=(ROWS, 4)).astype(np.float32), y=np.arange(ROWS) % 2)
    data = replace(data, params={**data.params, **params})
    [problem] = check_project(project(data), tmp_path).errors
    assert message in problem.message
    with pytest.raises(Exception, match=re.escape(message)):
        load_data(project(data), tmp_path)


def test_arrays_that_do_not_belong_to_the_others_are_left_out_by_one_click(tmp_path: Path) -> None:
    train = {"x": DRAW.normal(size=(ROWS, 4)).astype(np.float32), "y": np.arange(ROWS) % 2}
    for name, more in (
        ("parts", {"x_test": train["x"][:5], "y_test": train["y"][:5]}),
        ("dates", {"when": np.zeros(ROWS, "M8[s]")}),
    ):
        example = project(npz(tmp_path, **train, **more))
        assert check_project(example, tmp_path).errors, name
        fix_problem(example, tmp_path, "D001")
        assert example.data.params["arrays"] == ("x", "y")
        assert codes(example, tmp_path) == []


def peak(example: Project, place: Path) -> int:
    """The peak memory of a check, in bytes."""
    tracemalloc.start()
    try:
        check_project(example, place, training=True)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", ["x", "y", "pixels"])
def test_check_unpacks_no_more_than_it_needs(what: str, tmp_path: Path) -> None:
    many = 17_000_000
    arrays = {
        "x": {"x": np.zeros((many, 1), np.float32), "y": np.zeros(many, np.int8)},
        "y": {"x": np.zeros((many, 1), np.uint8), "y": np.zeros(many, np.int64)},
        "pixels": {"x": np.zeros((many // 36, 6, 6), np.uint8), "y": np.zeros(many // 36, np.uint8)},
    }[what]
    example = project(npz(tmp_path, **arrays), "Flatten")
    check_project(example, tmp_path)  # what torch and the catalogue take once does not count
    example = project(replace(example.data, params={**example.data.params, "numbering": "stored"}), "Flatten")
    assert peak(example, tmp_path) < 150e6
