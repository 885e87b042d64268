"""Labels in NPZ files of every type and numbering become classes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from tests.runtime.data.test_arrays_as_stored import (
    BYTES,
    DRAW,
    ROWS,
    codes,
    fields,
    fix_problem,
    idx,
    npz,
    project,
    trained,
)

LABELS = {
    "fractions": (np.arange(ROWS) % 2).astype(np.float32),
    "minus one and one": np.where(np.arange(ROWS) % 2, 1, -1),
    "fractions with a sign": np.where(np.arange(ROWS) % 2, 1.0, -1.0),
    "yes and no": np.arange(ROWS) % 2 == 1,
    "text": np.where(np.arange(ROWS) % 2, "yes", "no"),
    "bytes": np.where(np.arange(ROWS) % 2, b"yes", b"no"),
}


@pytest.mark.parametrize("is_column", [False, True], ids=["one axis", "a column"])
@pytest.mark.parametrize("name", LABELS)
def test_labels_of_every_type_become_classes(name: str, is_column: bool, tmp_path: Path) -> None:
    labels = np.asarray(LABELS[name])
    labels = labels[:, None] if is_column else labels
    data = npz(tmp_path, x=DRAW.normal(size=(ROWS, 4)).astype(np.float32), y=labels)
    data = replace(data, params={**data.params, "label": "y"})
    assert fields(data, tmp_path)["y"].tolist() == [number % 2 for number in range(ROWS)]
    names = list(check_project(project(data), tmp_path).reading.classes)
    assert names == {"minus one and one": ["-1", "1"], "fractions with a sign": ["-1", "1"]}.get(
        name, ["no", "yes"] if name in ("text", "bytes") else ["0", "1"]
    )
    trained(project(data), tmp_path)


def test_a_fraction_is_no_class(tmp_path: Path) -> None:
    labels = (np.arange(ROWS) % 2).astype(np.float32)
    labels[7] = 0.5
    data = npz(tmp_path, x=DRAW.normal(size=(ROWS, 4)), y=labels)
    data = replace(data, params={**data.params, "label": "y"})
    [problem] = check_project(project(data), tmp_path).errors
    assert "row 7 (from 0): 0.5 is not a class number" in problem.message


@pytest.mark.parametrize("stored", ["npz", "npz column", "idx"])
@pytest.mark.parametrize("numbers", [(1, 2, 3), (0, 2, 5), (10, 20, 40)], ids=str)
def test_labels_with_gaps_are_numbered_from_zero_by_one_click(numbers, stored: str, tmp_path: Path) -> None:
    labels, is_npz = np.array(numbers, dtype=np.uint8)[np.arange(ROWS) % 3], stored != "idx"
    answers = labels[:, None] if "column" in stored else labels
    data = npz(tmp_path, x=BYTES, y=answers) if is_npz else idx(tmp_path, BYTES[..., 0], labels)
    example = project(data, "Flatten", out=3)
    report = check_project(example, tmp_path, training=True)
    assert [problem.code for problem in report.problems] == ["S010", "D112"]
    assert not any("Set out_features" in problem.hint for problem in report.problems)
    assert f"{numbers[0]} to {numbers[-1]}" in report.problems[1].message
    fix_problem(example, tmp_path, "S010")
    assert codes(example, tmp_path) == []
    answer = "y" if is_npz else "label"
    assert fields(example.data, tmp_path)[answer].tolist() == [number % 3 for number in range(ROWS)]
    assert load_data(example, tmp_path).class_names[answer] == tuple(map(str, numbers))
    trained(example, tmp_path)
    wide = project(data, "Flatten", out=numbers[-1] + 1)  # as it had to be drawn so far: the same labels as so far
    assert codes(wide, tmp_path) == ["D112"]
    assert fields(wide.data, tmp_path)[answer].tolist() == labels.tolist()


def test_names_of_as_many_classes_as_occur_number_them(tmp_path: Path) -> None:
    data = idx(tmp_path, BYTES[..., 0], (1 + np.arange(ROWS) % 3).astype(np.uint8))
    data = replace(data, params={**data.params, "class_names": ("a", "b", "c")})
    assert fields(data, tmp_path)["label"].tolist() == [number % 3 for number in range(ROWS)]
    assert codes(project(data, "Flatten", out=3), tmp_path) == []


@pytest.mark.parametrize("is_column", [False, True], ids=["one axis", "a column"])
def test_whole_numbers_to_predict_are_not_silently_classes(is_column: bool, tmp_path: Path) -> None:
    prices = 1000 + np.random.default_rng(3).permutation(300)
    data = npz(tmp_path, x=DRAW.normal(size=(300, 4)).astype(np.float32), y=prices[:, None] if is_column else prices)
    example = project(data, out=1, loss="MSELoss")
    [guess] = [each for each in check_project(example, tmp_path).problems if each.code == "D112"]
    assert "300 different whole numbers" in guess.message
    guess.fix.edit.apply(example)
    values = fields(example.data, tmp_path)["y"]
    assert (values.dtype, values.shape) == (np.float32, (300, 1))
    assert np.array_equal(values[:, 0], prices)
