"""Images of other modes, colours and depths: what is drawn in them stays visible to the network."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.runtime.data.test_folders_of_images import checked, folder, images, plain, project, shape


def test_dark_and_bright_shapes_are_both_seen(tmp_path: Path) -> None:
    def make_image(inside: np.ndarray) -> Image.Image:
        make_image.number += 1
        colour = np.full((16, 16), 255 * (make_image.number % 2), np.uint8)
        return Image.fromarray(np.dstack([colour, (inside * 255).astype(np.uint8)]), "LA")

    make_image.number = 0
    folder(tmp_path / "data", ".png", make_image)
    pixels = images(project(colours="grey"), tmp_path)
    assert all(image.max() - image.min() > 0.4 for image in pixels)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("colour", [0, 255], ids=["black", "white"])
def test_what_only_transparency_draws_is_seen(mode: str, colour: int, tmp_path: Path) -> None:
    def make_image(inside: np.ndarray) -> Image.Image:
        alpha = (inside * 255).astype(np.uint8)
        if mode == "P":
            image = Image.fromarray((inside > 0).astype(np.uint8), "P")
            image.putpalette([colour] * 6)
            image.info["transparency"] = 0
            return image
        channels = [np.full_like(alpha, colour)] * (len(mode) - 1)
        return Image.fromarray(np.dstack([*channels, alpha]), mode)

    folder(tmp_path / "data", ".png", make_image)
    example = project(colours="grey")
    pixels = images(example, tmp_path)
    expected = np.stack([shape(kind, number) for kind in range(2) for number in range(10)])
    assert np.array_equal(pixels[:, 0], expected if colour else 1 - expected)
    reading = checked(example, tmp_path).reading
    assert reading is not None
    assert any("transparency laid on" in text for text in reading.scaled)


def test_images_that_are_opaque_everywhere_keep_their_bits(tmp_path: Path) -> None:
    def make_image(inside: np.ndarray) -> Image.Image:
        return plain(inside * 0.7)

    folder(tmp_path / "data", ".png", make_image, 4)
    folder(tmp_path / "alpha", ".png", lambda inside: make_image(inside).convert("RGBA"), 4)
    before, after = (images(project(path, height=11), tmp_path) for path in ("data", "alpha"))
    assert np.array_equal(before, after)


DEPTHS = {
    "float in [0, 1]": (np.float32, 1.0, (0, 1)),
    "float of another range": (np.float32, 812.5, (0, 812.5)),
    "32 bits": (np.int32, 3_000_000, (0, 3_000_000)),
    "12 bits in 32": (np.int32, 4000, (0, 4095)),
    "16 bits": (np.uint16, 65535, (0, 65535)),
    "12 bits in 16": (np.uint16, 4095, (0, 4095)),
}


@pytest.mark.parametrize("name", DEPTHS)
@pytest.mark.parametrize("colours", ["grey", "rgb"])
def test_images_of_other_depths_are_scaled_by_one_rule(name: str, colours: str, tmp_path: Path) -> None:
    dtype, most, levels = DEPTHS[name]

    def make_image(inside: np.ndarray) -> Image.Image:
        brightness = 0.5 if make_image.number % 2 else 1.0  # a dim image stays dim
        make_image.number += 1
        return Image.fromarray((inside * most * brightness).astype(dtype))

    make_image.number = 0
    folder(tmp_path / "data", ".tif", make_image)
    example = project(colours=colours)
    pixels = images(example, tmp_path)
    tops = pixels.reshape(20, -1).max(1)
    assert tops[::2] == pytest.approx(most / levels[1], abs=1e-3)
    assert tops[1::2] == pytest.approx(0.5 * most / levels[1], abs=3e-3)
    report = checked(example, tmp_path)
    assert report.errors == ()
    assert any(f"0 to {levels[1]:g} became 0 to 1" in text for text in report.reading.scaled)
    guessed = [problem for problem in report.problems if problem.code == "D112"]
    assert len(guessed) == (levels[1] not in (1, 65535))
    for problem in guessed:  # saying so changes nothing but the warning
        problem.fix.edit.apply(example)
        assert np.array_equal(images(example, tmp_path), pixels)
        assert not any(each.code == "D112" for each in checked(example, tmp_path).problems)


@pytest.mark.parametrize("ending", [".jfif", ".webp", ".BMP", ".ppm", ".TIF", ".jpe", ".tga", ".gif", ".jp2"])
def test_endings_of_all_that_can_be_read_count(ending: str, tmp_path: Path) -> None:
    folder(tmp_path / "data", ".png", plain, 4)
    formats = {".jfif": "JPEG", ".jpe": "JPEG"}
    plain(shape(1, 7)).save(tmp_path / "data" / "square" / f"more{ending}", format=formats.get(ending))
    report = checked(project(), tmp_path)
    assert report.errors == ()
    assert report.reading.samples == 9
    assert report.reading.left_out == ()


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB", "1"])
@pytest.mark.parametrize("colours", ["rgb", "grey"])
def test_other_colours_are_read(mode: str, colours: str, tmp_path: Path) -> None:
    def make_image(inside: np.ndarray) -> Image.Image:
        if mode == "LAB":
            bright = (inside * 255).astype(np.uint8)
            return Image.frombytes("LAB", (16, 16), np.dstack([bright, bright * 0, bright * 0]).tobytes())
        return plain(inside).convert(mode)

    folder(tmp_path / "data", ".tif", make_image)
    pixels = images(project(colours=colours), tmp_path)
    expected = np.stack([shape(kind, number) for kind in range(2) for number in range(10)])
    assert pixels.mean(1) == pytest.approx(expected, abs=0.03)
    assert checked(project(colours=colours), tmp_path).errors == ()
