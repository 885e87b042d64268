"""IDX files of every type and shape."""

from pathlib import Path

import numpy as np
import pytest

from engine.runtime.analysis.analyse import check_project
from tests.runtime.data.test_arrays_as_stored import BYTES, ROWS, codes, fields, idx, project

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


@pytest.mark.parametrize("kind", TYPES)
def test_idx_labels_of_every_type_are_read(kind: int, tmp_path: Path) -> None:
    labels = (np.arange(ROWS) % 2).astype(TYPES[kind])
    data = idx(tmp_path, BYTES[..., 0], labels, (8, kind))
    assert fields(data, tmp_path)["label"].tolist() == labels.tolist()
    assert codes(project(data, "Flatten"), tmp_path) == []


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("axes", ["grey", "last", "first"])
def test_idx_images_of_every_type_and_of_colour_are_read(kind: int, axes: str, tmp_path: Path) -> None:
    values = {9: BYTES.astype(np.int16) - 128, 11: BYTES * np.int16(16), 12: BYTES.astype(np.int32) * 257}.get(kind)
    values = (BYTES if values is None else values) / (255 if kind > 12 else 1)
    stored = {"grey": values[..., 0], "last": values, "first": np.moveaxis(values, 3, 1)}[axes].astype(TYPES[kind])
    data = idx(tmp_path, stored, (np.arange(ROWS) % 2).astype(np.uint8), (kind, 8))
    low, high = {8: (0, 255), 9: (-128, 127), 11: (0, 4095), 12: (0, 65535)}.get(kind, (0, 1))
    image = fields(data, tmp_path)["image"]
    expected = np.moveaxis((values - low) / (high - low), 3, 1)
    assert image == pytest.approx(expected[:, :1] if axes == "grey" else expected, abs=1e-6)
    report = check_project(project(data, "Flatten"), tmp_path)
    assert report.errors == ()
    assert any(f"{low} to {high} became 0 to 1" in text for text in report.reading.scaled)
    assert any(problem.code == "D112" for problem in report.problems) == (kind in (9, 11, 12))


def test_an_idx_file_of_another_shape_or_type_is_named_so(tmp_path: Path) -> None:
    data = idx(tmp_path, np.zeros((ROWS, 8), np.uint8), np.zeros(ROWS, np.uint8))
    [problem] = check_project(project(data), tmp_path).errors
    assert "its values have the shape (24, 8)" in problem.message
    data = idx(tmp_path, BYTES[..., 0], np.zeros((ROWS, 5), ">i4"), (8, 12))
    [problem] = check_project(project(data), tmp_path).errors
    assert "not an IDX file of labels: its values have the shape (24, 5)" in problem.message
