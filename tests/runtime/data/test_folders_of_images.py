"""Folders of images as people have them: what is read, what is reported of the rest, and what training gets."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.graph.model import Data, Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from tests.analyses import scored
from tests.small_projects import node

KINDS = ("circle", "square")


def shape(kind: int, number: int, side: int = 16) -> np.ndarray:
    """A disc or a box of another place and size each time: 1 inside, 0 outside."""
    draw = np.random.default_rng(100 * kind + number)
    middle, radius = draw.uniform(6, side - 6, 2), draw.uniform(3, 5)
    y, x = np.mgrid[:side, :side]
    away = np.abs(y - middle[0]), np.abs(x - middle[1])
    inside = np.hypot(*away) <= radius if kind == 0 else np.maximum(*away) <= radius
    return inside.astype(np.float32)


def folder(place: Path, ending: str, make_image, count: int = 10) -> Path:
    """Images by class; ``make_image``: the image of a shape."""
    for kind, name in enumerate(KINDS):
        (place / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            make_image(shape(kind, number)).save(place / name / f"{number:03}{ending}")
    return place


def plain(inside: np.ndarray) -> Image.Image:
    return Image.fromarray((inside * 255).astype(np.uint8)).convert("RGB")


def project(path: str = "data", **params: object) -> Project:
    example = scored("image", "Flatten", node("Linear", out_features=2), loss="CrossEntropyLoss", target="label")
    values = {"path": path, "height": 16, "width": 16, **params}
    return replace(example, data=Data("ImageFolder", values))


def checked(example: Project, place: Path):
    return check_project(example, place, training=True)


def images(example: Project, place: Path) -> np.ndarray:
    """All images in the order of the files."""
    loaded = load_data(example, place)
    whole = np.empty((loaded.sample_count, *loaded.training.fields["image"].shape[1:]), np.float32)
    for _, part in loaded.parts:
        whole[part.index.numpy()] = part.fields["image"].numpy()
    return whole


@pytest.mark.parametrize(
    ("names", "inside"),
    [
        (("train", "test"), ""),
        (("training", "validation", "test"), ""),
        (("Train", "Val"), ""),
        (("train",), ""),
        (("train", "test", "__MACOSX"), ""),
        (("train", "test"), "deep"),
    ],
    ids=str,
)
def test_parts_with_the_classes_inside_are_not_taken_for_classes(names, inside, tmp_path: Path) -> None:
    for name in names:
        folder(
            tmp_path / "data" / name / inside if inside and name != "__MACOSX" else tmp_path / "data" / name,
            ".png",
            plain,
            3,
        )
    if inside:  # train/deep/circle: no layout that is known, and no silence
        assert any(problems.code in ("D001", "D112") for problems in checked(project(), tmp_path).problems)
        return
    example = project()
    [problem] = checked(example, tmp_path).errors
    assert "circle and square" in problem.message
    assert names[0] in problem.message
    with pytest.raises(Exception, match="circle and square"):
        start(Job(example, tmp_path, tmp_path / "run"))
    assert problem.fix is not None
    problem.fix.edit.apply(example)
    assert example.data.params["path"] == f"data/{names[0]}"
    assert checked(example, tmp_path).errors == ()


def test_a_test_part_without_classes_does_not_hide_the_classes_of_the_training_part(tmp_path: Path) -> None:
    folder(tmp_path / "data" / "train", ".png", plain, 3)
    (tmp_path / "data" / "test").mkdir()
    for number in range(4):
        plain(shape(0, number)).save(tmp_path / "data" / "test" / f"{number}.png")
    example = project()
    [problem] = checked(example, tmp_path).errors
    problem.fix.edit.apply(example)
    assert example.data.params["path"] == "data/train"
    assert checked(example, tmp_path).errors == ()


def test_a_class_may_be_called_as_parts_are(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".png", plain, 3)
    folder(data / "test", ".png", plain, 3)  # a class whose images lie deeper
    report = checked(project(), tmp_path)
    assert report.reading.classes == {"circle": 3, "square": 3, "test": 6}


def test_parts_whose_images_are_no_classes_are_a_problem(tmp_path: Path) -> None:
    for name in ("train", "test"):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(4):
            plain(shape(0, number)).save(tmp_path / "data" / name / f"{number}.png")
    problems = checked(project(), tmp_path).problems
    assert any(each.code == "D112" and "named like parts" in each.message for each in problems)


def test_what_is_left_out_is_reported_with_counts(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".png", plain, 4)
    for number in range(3):
        (data / "square" / f"{number}.heic").write_bytes(b"x")
    (data / "circle" / "odd.caf\udce9").write_bytes(b"x")  # an ending in another encoding
    (data / "square" / "no_ending").write_bytes(b"x")
    (data / "square" / "Thumbs.db").write_bytes(b"x")
    (data / "circle" / ".DS_Store").write_bytes(b"x")
    for name in ("empty", "notes", "__MACOSX", ".git"):
        (data / name).mkdir()
    (data / "notes" / "a.txt").write_text("x")
    plain(shape(0, 0)).save(data / "__MACOSX" / "a.png")
    plain(shape(0, 0)).save(data / "beside.png")
    report = checked(project(), tmp_path)
    assert report.errors == ()
    assert report.reading.classes == {"circle": 4, "square": 4}
    assert report.reading.left_out == (
        "in circle 1 file ('.caf\\udce9')",
        "in square 4 files (.heic and no ending)",
        "3 folders without images (__MACOSX, empty and notes)",
        "1 file (.png) beside the folders of the classes",
    )
    assert load_data(project(), tmp_path).whole.left_out == report.reading.left_out


def test_all_broken_files_are_listed_and_can_be_left_out(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".jpg", plain)
    whole = (data / "circle" / "000.jpg").read_bytes()
    for number in range(7):
        (data / "circle" / f"{number:03}.jpg").write_bytes(b"" if number % 2 else whole[: len(whole) // 2])
    example = project()
    [problem] = checked(example, tmp_path).errors
    assert "7 of 20 files" in problem.message
    assert "circle/000.jpg, circle/001.jpg" in problem.message
    assert "2 more" in problem.message
    with pytest.raises(Exception, match="7 of 20 files"):
        load_data(example, tmp_path)
    problem.fix.edit.apply(example)
    assert example.data.params["broken"] == "drop"
    report = checked(example, tmp_path)
    assert report.errors == ()
    assert report.reading.classes == {"circle": 3, "square": 10}
    assert any("7 broken files (circle/000.jpg" in text for text in report.reading.left_out)
    loaded = load_data(example, tmp_path)
    assert loaded.sample_count == 13
    assert loaded.reading.left_out == report.reading.left_out
    assert loaded.whole.place(0) == "circle/007.jpg"


def test_a_class_of_broken_files_alone_is_refused(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".jpg", plain, 3)
    for file in (data / "circle").iterdir():
        file.write_bytes(b"no image")
    [problem] = checked(project(broken="drop"), tmp_path).errors
    assert "no image of circle can be decoded" in problem.message


def test_values_that_are_no_numbers_make_a_file_broken(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".tif", Image.fromarray, 3)
    values = shape(0, 0)
    values[3, 3] = np.nan
    Image.fromarray(values).save(data / "circle" / "000.tif")
    [problem] = checked(project(), tmp_path).errors
    assert "000.tif" in problem.message
    assert "nan" in problem.message


def test_a_file_of_several_images_gives_its_first_with_a_warning(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".png", plain, 4)
    frames = [plain(shape(0, number)) for number in range(3)]
    frames[0].save(data / "circle" / "film.gif", save_all=True, append_images=frames[1:])
    report = checked(project(), tmp_path)
    assert report.reading.left_out == ("all but the first image of 1 file with several",)


def test_damage_that_does_not_show_from_outside_is_found_by_check(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", ".png", plain, 4)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.jpg")
    photo = (tmp_path / "whole.jpg").read_bytes()
    (data / "circle" / "cut.jpg").write_bytes(photo[:300] + photo[-2:])  # its end mark is there
    short = png(8, 8, zlib.compress(bytes(12)))  # its checksums are right
    (data / "square" / "short.png").write_bytes(short)
    (data / "square" / "bomb.png").write_bytes(png(60_000, 60_000, zlib.compress(bytes(9))))
    example = project()
    [problem] = checked(example, tmp_path).errors
    assert "3 of 11 files" in problem.message
    problem.fix.edit.apply(example)
    reading = checked(example, tmp_path).reading
    assert reading.samples == 8
    assert load_data(example, tmp_path).reading == reading


def png(width: int, height: int, body: bytes) -> bytes:
    """A grey PNG that claims this size."""

    def chunk(kind: bytes, inside: bytes) -> bytes:
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))

    sizes = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + sizes + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_images_that_decode_to_more_than_memory_are_refused(tmp_path: Path, monkeypatch) -> None:
    folder(tmp_path / "data", ".png", plain, 3)
    (tmp_path / "data" / "circle" / "big.png").write_bytes(png(9000, 9000, zlib.compress(bytes(9000 * 9001))))
    monkeypatch.setattr("resources.snippets.image.file.memory_left", lambda: 500e6)
    [problem] = checked(project(), tmp_path).errors
    assert "big.png: to decode its 81,000,000 pixels needs 927.0 MiB of memory" in problem.message
