import io
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from resources.snippets import arrays
from resources.snippets.array_file.npz import read_headers
from resources.snippets.array_file.plans import ArraySettings, field_layout, plan_array
from resources.snippets.arrays import load_npz
from resources.snippets.samples import DataError
from resources.snippets.shipped import load_shipped


def saved(path: Path, **arrays: np.ndarray) -> Path:
    np.savez_compressed(path, **arrays)
    return path


def header(shape: tuple[int, ...], descr: str = "<f4") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": descr, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def refusal(path: Path, **arrays: object) -> DataError:
    with pytest.raises(DataError) as caught:
        load_npz(path, **arrays)
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_single_numbers_beside_arrays_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", peak=np.float32(16), x=np.zeros((4, 2), np.float32), y=np.arange(4))
    assert set(load_npz(path).fields) == {"x", "y"}
    assert "differ in their number of rows: peak ()" in refusal(path, arrays=("peak", "x")).message
    assert "differ in their number of rows" in refusal(path, arrays=("x", "peak")).message


def test_a_single_value_that_is_not_read_is_reported(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", x_peak=np.float32(16), version=np.int64(3), x=np.zeros((4, 2), np.float32))
    assert load_npz(path).left_out == ("version (a single value)",)
    assert load_npz(path, arrays=("x",)).left_out == ()


@pytest.mark.parametrize("name", ["y", "Labels", "y_train", "train_labels", "trainY", "target"])
def test_an_array_with_a_usual_name_of_labels_is_the_label(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", **{"x": np.zeros((4, 2), np.float32), name: np.arange(4) % 2})
    assert load_npz(path).classes == {name: ("0", "1")}


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float64, bool])
def test_a_one_among_zeros_in_each_row_stays_shares(dtype: type, tmp_path: Path) -> None:
    shares = np.eye(3)[np.arange(6) % 3]
    rows = load_npz(saved(tmp_path / "a.npz", x=np.zeros((6, 2), np.float32), y=shares.astype(dtype)))
    assert rows.fields["y"].dtype == np.float32
    assert rows.fields["y"].tolist() == shares.tolist()
    assert not rows.classes


def test_a_single_array_of_numpy_is_named(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((4, 2)))
    wrong = refusal(tmp_path / "a.npy")
    assert "is a single array (.npy), not an NPZ file" in wrong.message
    assert "numpy.savez" in wrong.hint


def test_a_shipped_file_is_read_alike_as_arrays() -> None:
    path = Path(arrays.__file__).parents[1] / "datasets" / "digits.npz"
    field = load_npz(path, ("image",)).fields["image"]
    assert np.array_equal(field, load_shipped(path).fields["image"])
    assert field.max() == 1.0


@pytest.mark.parametrize("peak", [0, -1.0, np.nan, np.inf])
def test_a_white_that_cannot_be_is_refused(tmp_path: Path, peak: float) -> None:
    path = saved(tmp_path / "a.npz", x=np.zeros((4, 2, 2), np.uint8), x_peak=np.array(peak))
    assert "x_peak is" in refusal(path).message


def test_a_file_without_samples_is_refused(tmp_path: Path) -> None:
    wrong = refusal(saved(tmp_path / "a.npz", peak=np.float32(16)))
    assert "has no array with rows" in wrong.message
    assert "peak ()" in wrong.hint
    refusal(saved(tmp_path / "b.npz"))


def test_arrays_become_fields(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = saved(
        tmp_path / "a.npz",
        grey=rng.integers(0, 256, (5, 4, 6), dtype=np.uint8),
        colour=rng.integers(0, 256, (5, 8, 6, 3), dtype=np.uint8),
        ready=rng.integers(0, 256, (5, 3, 4, 6), dtype=np.uint8),
        flat=rng.integers(0, 256, (5, 7), dtype=np.uint8),
        tokens=rng.integers(0, 9, (5, 8), dtype=np.int16),
        weight=rng.normal(size=5),
        on=np.array([True, False, True, True, False]),
        y=np.array([0, 2, 1, 2, 0], dtype=np.uint8),
    )
    rows = load_npz(path)
    with np.load(path) as raw:
        expected = np.moveaxis(raw["colour"], 3, 1).astype(np.float32) / np.float32(255)
        assert np.array_equal(rows.fields["colour"], expected)
        assert np.array_equal(rows.fields["grey"][:, 0], raw["grey"].astype(np.float32) / np.float32(255))
        assert np.array_equal(rows.fields["weight"], raw["weight"].astype(np.float32)[:, None])
    forms = {name: (values.shape[1:], str(values.dtype)) for name, values in rows.fields.items()}
    assert forms == {
        "grey": ((1, 4, 6), "float32"),
        "colour": ((3, 8, 6), "float32"),
        "ready": ((3, 4, 6), "float32"),
        "flat": ((7,), "float32"),
        "tokens": ((8,), "int64"),
        "weight": ((1,), "float32"),
        "on": ((1,), "float32"),
        "y": ((), "int64"),
    }
    assert rows.classes == {"y": ("0", "1", "2")}


def test_the_headers_predict_the_loaded_fields(tmp_path: Path) -> None:
    for dtype in (np.uint8, np.int32, np.float64, np.float16, np.bool_):
        for shape in ((3,), (3, 4), (3, 4, 5), (3, 4, 5, 1), (3, 1, 5, 4)):
            path = saved(tmp_path / "a.npz", x=np.zeros(shape, dtype))
            headers = read_headers(path)
            claimed = field_layout(headers[0], plan_array(path, headers[0], headers, ArraySettings())[0])
            field = load_npz(path).fields["x"]
            assert (field.shape, str(field.dtype)) == claimed


def test_a_named_label_may_be_of_any_axes(tmp_path: Path) -> None:
    mask = np.array([[[0, 1], [2, 1]]] * 3, dtype=np.uint8)
    rows = load_npz(saved(tmp_path / "a.npz", x=np.zeros((3, 2, 2), np.uint8), mask=mask), label="mask")
    assert rows.fields["mask"].tolist() == mask.tolist()
    assert rows.classes == {"mask": ("0", "1", "2")}


def test_text_labels_are_sorted_or_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", x=np.zeros((3, 1)), label=np.array(["b", "a", "b"]))
    assert load_npz(path).fields["label"].tolist() == [1, 0, 1]
    assert load_npz(path, class_names=("z", "b", "a")).fields["label"].tolist() == [1, 2, 1]
    wrong = refused_label(path, ("a", "c"))
    assert "row 0 (from 0): label 'b' is not one of the classes a, c" in wrong.message


def refused_label(path: Path, names: tuple[str, ...]) -> DataError:
    with pytest.raises(DataError) as caught:
        load_npz(path, class_names=names)
    return caught.value


def test_a_label_outside_the_classes_is_named_with_its_sample(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", x=np.zeros((4, 1)), y=np.array([0, 1, -1, 12]))
    assert "array 'y', row 2 (from 0): label -1 is not a class number: it is below 0" in refusal(path).message
    path = saved(tmp_path / "b.npz", x=np.zeros((4, 1)), y=np.array([0, 1, 0, 12]))
    message = refusal(path, class_names=[str(n) for n in range(10)]).message
    assert "row 3 (from 0): label 12 is outside the classes 0 to 9" in message
    path = saved(tmp_path / "c.npz", x=np.zeros((2, 1)), y=np.array([0, 2**62]))
    assert "row 1 (from 0)" in refusal(path).message


def test_arrays_must_fit_each_other(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.npz", x_train=np.zeros((4, 2)), y_train=np.zeros(4, int), x_test=np.zeros((2, 2)))
    wrong = refusal(path)
    assert "differ in their number of rows: x_train (4, 2), y_train (4,), x_test (2, 2)" in wrong.message
    assert load_npz(path, ("x_train", "y_train"), "y_train").classes == {"y_train": ("0",)}
    assert "no array 'x'" in refusal(path, arrays=("x",)).message
    assert "no array 'z' for the label" in refusal(path, arrays=("x_test",), label="z").message
    assert "cannot be a label" in refusal(path, arrays=("x_test",), label="x_test").message
    assert "has no rows" in refusal(saved(tmp_path / "b.npz", x=np.zeros((0, 2)))).message
    assert "number of rows" in refusal(saved(tmp_path / "c.npz", x=np.array(1.0)), arrays=("x",)).message


def test_values_that_cannot_be_learned_from_are_named(tmp_path: Path) -> None:
    values = np.zeros((4, 2))
    values[2, 1] = np.nan
    assert (
        "array 'x', row 2 (from 0): holds a value that is nan" in refusal(saved(tmp_path / "a.npz", x=values)).message
    )
    values[2, 1] = 1e300
    assert "row 2" in refusal(saved(tmp_path / "b.npz", x=values)).message
    assert "type complex128" in refusal(saved(tmp_path / "c.npz", x=np.zeros(3, complex))).message
    names = saved(tmp_path / "d.npz", name=np.array(["a", "b"]), x=np.zeros((2, 1)))
    assert "array 'name' is text" in refusal(names).message


def test_pickled_objects_are_refused_and_never_opened(tmp_path: Path) -> None:
    place = tmp_path / "place"

    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (place,)

    path = tmp_path / "a.npz"
    np.savez(path, x=np.array([Trap(), Trap()], dtype=object))
    assert "pickled Python objects" in refusal(path).message
    assert not place.exists()


def test_an_array_header_of_64_gib_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", header((2**34,)) + bytes(1000))
    assert "array 'x': claims 64.0 GiB of values, the file can hold 1000 bytes" in refusal(path).message


def test_such_a_header_is_refused_too_where_the_archive_repeats_it(tmp_path: Path) -> None:
    path, body = tmp_path / "bomb.npz", header((2**28,)) + bytes(1000)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(body) + packer.flush()
    size, check = len(body) - 1000 + 2**30, zlib.crc32(body)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, check, len(packed), size, 5, 0) + b"x.npy" + packed
    central = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 33, check, len(packed), size, 5, 0, 0, 0, 0, 0, 0)
    central += b"x.npy"
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    assert "claims 1.0 GiB of values" in refusal(path).message


def test_true_sizes_beyond_memory_are_refused_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "a.npz", x=np.zeros((1000, 1000)))
    monkeypatch.setattr(arrays, "memory_left", lambda: 7e6)
    monkeypatch.setattr(arrays, "row_chunks", None)
    assert "needs 7.6 MiB of memory, and 6.7 MiB are left" in refusal(path).message


def test_files_that_are_no_npz_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    assert "cannot be read" in refusal(path).message
    path.write_bytes(b"not a zip")
    assert "not an NPZ file" in refusal(path).message
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "holds no arrays" in refusal(path).message
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"hello")
    assert "array 'x' has no valid header" in refusal(path).message
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.npy", header((2,)) + bytes(8))
    assert "packed in a way" in refusal(path).message


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_gives_a_message_or_the_values(tmp_path: Path, seed: int) -> None:
    path = saved(tmp_path / "a.npz", x=np.arange(60, dtype=np.float32).reshape(20, 3), y=np.arange(20) % 3)
    rng, data = np.random.default_rng(seed), bytearray(path.read_bytes())
    if seed % 4:
        for at in rng.integers(0, len(data), 3):
            data[at] ^= int(rng.integers(1, 256))
    else:
        del data[int(rng.integers(1, len(data))) :]
    path.write_bytes(data)
    with suppress(DataError):  # anything else that is raised fails the test
        rows = load_npz(path)
        assert rows.fields["x"].shape == (20, 3)
