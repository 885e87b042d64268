"""Files that cannot be decoded: check reports them before training, and reads no more than it needs for that."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.runtime.analysis.analyse import check_project
from engine.runtime.data import images
from engine.runtime.data.survey import survey
from tests.runtime.data.test_survey import archive, classifier, pictures, refused_alike

BREAK: dict[str, Callable[[Path], object]] = {
    "not an image": lambda file: file.write_bytes(b"hello"),
    "empty": lambda file: file.write_bytes(b""),
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:-40]),
    "only a header": lambda file: file.write_bytes(file.read_bytes()[:60]),
}


@pytest.mark.parametrize("name", ["2.png", "3.jpg"])
@pytest.mark.parametrize("harm", BREAK)
def test_an_image_that_does_not_decode_is_found_by_check(harm: str, name: str, tmp_path: Path) -> None:
    project = classifier(pictures(tmp_path), field="image")
    assert check_project(project, tmp_path).problems == ()
    file = tmp_path / "pets" / "1" / name
    good = file.read_bytes()
    BREAK[harm](file)
    images._headers.clear()
    (tmp_path / "pets" / "1" / "new.png").write_bytes((tmp_path / "pets" / "1" / "0.png").read_bytes())
    refused_alike(project, tmp_path, "D001", f"{name}: cannot be decoded as an image")
    file.write_bytes(good)
    assert check_project(project, tmp_path).problems == ()


def test_a_link_to_nowhere_is_found_by_check(tmp_path: Path) -> None:
    project = classifier(pictures(tmp_path), field="image")
    (tmp_path / "pets" / "0" / "z.png").symlink_to("nowhere.png")
    refused_alike(project, tmp_path, "D001", "z.png: cannot be decoded as an image")


def test_a_changed_checksum_in_a_png_is_found(tmp_path: Path) -> None:
    project = classifier(pictures(tmp_path), field="image")
    file = tmp_path / "pets" / "0" / "0.png"
    blob = bytearray(file.read_bytes())
    blob[60] ^= 1
    file.write_bytes(blob)
    refused_alike(project, tmp_path, "D001", "0.png: cannot be decoded")


def test_sound_images_of_a_large_folder_are_not_decoded(tmp_path: Path, monkeypatch) -> None:
    data = pictures(tmp_path)
    monkeypatch.setattr(images, "DECODED_BYTES", 0)
    monkeypatch.setattr(images, "decode", None)
    assert survey(data, tmp_path).groups == (6, 6)


@pytest.mark.parametrize("harm", ["value", "label"])
def test_a_small_archive_is_read_whole(harm: str, tmp_path: Path) -> None:
    data = archive(tmp_path)
    values, labels = np.ones((20, 2), np.float32), np.arange(20) % 2
    if harm == "value":
        values[7, 1] = np.nan
    else:
        labels[7] = -1
    np.savez(tmp_path / "a.npz", features=values, label=labels)
    message = "row 7 (from 0): holds a value" if harm == "value" else "row 7 (from 0): label -1 is not a class number"
    refused_alike(classifier(data), tmp_path, "D001", message)
