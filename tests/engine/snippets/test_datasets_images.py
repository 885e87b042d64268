import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resources.snippets import folder
from resources.snippets.array_file import idx as idx_file
from resources.snippets.folder import load_image_folder
from resources.snippets.idx import load_idx
from resources.snippets.image.decode import read_image
from resources.snippets.samples import DataError


def paint(path: Path, value: object, size: tuple[int, int] = (8, 8), mode: str = "RGB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path)
    return path


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    paint(tmp_path / "pets" / "dog" / "b.png", (255, 0, 0))
    paint(tmp_path / "pets" / "dog" / "a.png", (0, 255, 0))
    paint(tmp_path / "pets" / "cat" / "deep" / "c.JPG", (0, 0, 255))
    paint(tmp_path / "pets" / "cat" / "d.png", 51, mode="L")
    (tmp_path / "pets" / ".hidden").mkdir()
    (tmp_path / "pets" / "cat" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "pets" / "cat" / "notes.txt").write_text("x")
    (tmp_path / "pets" / "readme.txt").write_text("x")
    return tmp_path / "pets"


def refusal(read, *args: object, **params: object) -> DataError:
    with pytest.raises(DataError) as caught:
        read(*args, **params)
    assert caught.value.hint
    return caught.value


def test_folders_are_classes_in_order_of_name(pets: Path) -> None:
    rows = load_image_folder(pets, 8, 8)
    assert rows.classes == {"label": ("cat", "dog")}
    assert rows.fields["label"].tolist() == [0, 0, 1, 1]
    assert list(rows.places) == ["cat/d.png", "cat/deep/c.JPG", "dog/a.png", "dog/b.png"]
    image = rows.fields["image"]
    assert (image.shape, image.dtype) == ((4, 3, 8, 8), np.float32)
    assert image[3, :, 0, 0].tolist() == [1, 0, 0]
    assert image[0, :, 4, 4].tolist() == pytest.approx([0.2] * 3)
    assert load_image_folder(pets, 8, 8, colours="grey").fields["image"].shape == (4, 1, 8, 8)


def test_an_image_is_resized_as_set(tmp_path: Path) -> None:
    wide = np.zeros((4, 12), np.uint8)
    wide[:, 4:8] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    crop, pad, stretch = (
        read_image(tmp_path / "wide.png", 12, 12, "grey", fit)[0] for fit in ("crop", "pad", "stretch")
    )
    assert crop[:, 3:9].min() == 1
    assert pad[0].max() == 0
    assert pad[6, 6] == 1
    assert stretch[0, 0] == 0
    assert (stretch[:, 6] == 1).all()


def test_sixteen_bits_a_turned_camera_and_a_palette_are_read_right(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), 32896, np.uint16)).save(tmp_path / "deep.png")
    assert read_image(tmp_path / "deep.png", 4, 4, "grey")[0, 0, 0] == pytest.approx(128 / 255)
    half = np.zeros((4, 4, 3), np.uint8)
    half[:2] = 255
    turned = Image.Exif()
    turned[0x0112] = 3  # upside down
    Image.fromarray(half).save(tmp_path / "turned.png", exif=turned)
    assert read_image(tmp_path / "turned.png", 4, 4)[0, :, 0].tolist() == [0, 0, 1, 1]
    Image.fromarray(half).quantize(2).save(tmp_path / "palette.png")
    assert read_image(tmp_path / "palette.png", 4, 4)[0, :, 0].tolist() == [1, 1, 0, 0]


def test_an_image_that_does_not_decode_is_named(pets: Path) -> None:
    broken = pets / "dog" / "aa.png"
    whole = (pets / "dog" / "a.png").read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 255
    for content in (b"", b"no image", whole[: len(whole) // 2], bytes(damaged)):
        broken.write_bytes(content)
        wrong = refusal(load_image_folder, pets, 8, 8)
        assert wrong.message.startswith(f"{broken}: cannot be decoded as an image")
        assert wrong.message.count("aa.png") == wrong.message.count("decode") == 1
        assert "\n" not in wrong.message
    (pets / "dog" / "ab.png").write_bytes(b"")
    message = refusal(load_image_folder, pets, 8, 8).message
    assert message.count("aa.png") == message.count("decode") == 1
    assert message.count("ab.png") == 1


def test_an_image_that_claims_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    for side in (10_001, 60_000):
        path = tmp_path / f"{side}.png"
        sizes = chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 2, 0, 0, 0))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + sizes + chunk(b"IDAT", zlib.compress(bytes(10))) + chunk(b"IEND", b""))
        wrong = refusal(read_image, path, 8, 8)
        assert str(path) in wrong.message
        assert "pixels" in wrong.message


def test_folders_that_hold_no_classes_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(load_image_folder, tmp_path / "none").message
    paint(tmp_path / "flat" / "a.png", 0)
    assert "has no folder in it" in refusal(load_image_folder, tmp_path / "flat").message
    (tmp_path / "flat" / "dog").mkdir()
    assert "none of its 1 folders holds an image" in refusal(load_image_folder, tmp_path / "flat").message


def test_what_is_no_folder_of_images_is_named_in_the_message(tmp_path: Path) -> None:
    for name, expected in (("a.zip", "a packed file, not a folder"), ("a.png", "a file, not a folder")):
        (tmp_path / name).write_bytes(b"x")
        assert expected in refusal(load_image_folder, tmp_path / name).message
    for name in ("dog", "cat"):
        (tmp_path / "phone" / name).mkdir(parents=True)
        (tmp_path / "phone" / name / "a.heic").write_bytes(b"x")
    wrong = refusal(load_image_folder, tmp_path / "phone")
    assert "none of its 2 folders holds an image, but 2 files (.heic)" in wrong.message
    assert "PNG or JPEG" in wrong.hint


def test_files_beside_the_folders_are_reported(pets: Path) -> None:
    for name in ("labels.csv", "README.md", ".DS_Store", "Thumbs.db"):
        (pets / name).write_text("x")
    message = load_image_folder(pets, 8, 8).left_out[-1]
    assert message == "3 files (.md, .csv and .txt) beside the folders of the classes"


def test_links_are_followed_to_files_but_not_in_circles(pets: Path) -> None:
    (pets / "dog" / "again.png").symlink_to(pets / "cat" / "d.png")
    (pets / "dog" / "loop").symlink_to(pets / "dog", target_is_directory=True)
    assert len(load_image_folder(pets, 8, 8)) == 5
    (pets / "dog" / "gone.png").symlink_to(pets / "nowhere.png")
    assert "gone.png: cannot be decoded" in refusal(load_image_folder, pets, 8, 8).message


def test_images_beyond_memory_are_refused_before_reading(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "memory_left", lambda: 1000)
    monkeypatch.setattr(folder, "read_image", None)
    assert (
        "4 images of 8 x 8 need 3.0 KiB of memory, and 1000 bytes are left"
        in refusal(load_image_folder, pets, 8, 8).message
    )


def idx_bytes(values: np.ndarray) -> bytes:
    return bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    images = np.random.default_rng(0).integers(0, 256, (6, 3, 5), dtype=np.uint8)
    (tmp_path / "images").write_bytes(idx_bytes(images))
    (tmp_path / "labels.gz").write_bytes(gzip.compress(idx_bytes(np.array([0, 1, 2, 0, 1, 3], np.uint8))))
    return tmp_path / "images", tmp_path / "labels.gz"


def test_idx_files_are_read_plain_and_zipped(pair: tuple[Path, Path]) -> None:
    rows = load_idx(*pair)
    raw = np.frombuffer(pair[0].read_bytes()[16:], np.uint8).reshape(6, 1, 3, 5)
    assert np.array_equal(rows.fields["image"], raw.astype(np.float32) / np.float32(255))
    assert rows.fields["label"].tolist() == [0, 1, 2, 0, 1, 3]
    assert rows.classes == {"label": ("0", "1", "2", "3")}
    assert load_idx(*pair, class_names=("a", "b", "c", "d")).classes["label"] == ("a", "b", "c", "d")


def test_a_label_beyond_the_class_names_is_named_with_its_sample(pair: tuple[Path, Path]) -> None:
    wrong = refusal(load_idx, *pair, class_names=("a", "b", "c"))
    assert f"{pair[1]}, row 5 (from 0): label 3 is outside the classes 0 to 2" in wrong.message


def test_bad_idx_files_are_refused(pair: tuple[Path, Path], tmp_path: Path) -> None:
    images, labels = pair
    whole = images.read_bytes()
    bad = tmp_path / "bad"
    cases = {
        b"": "starts with nothing",
        b"PK\3\4 hello": "starts with 50 4b 03 04",
        whole[:10]: "not an IDX file of images",
        whole[:-1]: "its header promises",
        whole + b"x": "its header promises (6, 3, 5), 90 bytes; it holds more",
        gzip.compress(whole[:-1]): "it holds only 89",
        gzip.compress(whole)[:-12]: "cannot be read",
        struct.pack(">4B3I", 0, 0, 8, 3, 0, 28, 28): "holds no images",
        struct.pack(">4B3I", 0, 0, 8, 3, 2**31, 2**3, 4) + bytes(99): "promises 64.0 GiB, the file can hold",
    }
    for content, expected in cases.items():
        bad.write_bytes(content)
        wrong = refusal(load_idx, bad, labels)
        assert str(bad) in wrong.message
        assert expected in wrong.message, content
    assert "of images" in refusal(load_idx, labels, labels).message
    assert "of labels" in refusal(load_idx, images, images).message
    assert "cannot be read" in refusal(load_idx, tmp_path / "none", labels).message
    bad.write_bytes(idx_bytes(np.zeros(5, np.uint8)))
    assert "holds 6 images, but" in refusal(load_idx, images, bad).message


def test_idx_images_beyond_memory_are_refused(pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idx_file, "memory_left", lambda: 100)
    assert "needs 720 bytes of memory, and 100 bytes are left" in refusal(load_idx, *pair).message


def test_a_class_whose_name_is_no_text_is_refused(pets: Path) -> None:
    (pets / "cat").rename(pets / "caf\udce9")  # a byte of another encoding
    message = refusal(load_image_folder, pets, 8, 8)
    assert "cannot name a class" in message.message
    assert message.message.isascii()


def test_a_link_to_nowhere_is_named(pets: Path) -> None:
    (pets / "cat" / "z.png").symlink_to("nowhere.png")
    assert "z.png: cannot be decoded" in refusal(load_image_folder, pets, 8, 8).message
