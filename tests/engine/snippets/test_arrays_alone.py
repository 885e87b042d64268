"""New arrays are read alike by the app and by exported scripts, whatever the training file was."""

from pathlib import Path

import numpy as np
import pytest

from resources.snippets.arrays import load_npz, read_arrays
from resources.snippets.known_format.arrays import read_new_arrays
from resources.snippets.samples import DataError

ROWS = 20
DRAW = np.random.default_rng(0)
NUMBERS = DRAW.normal(size=(ROWS, 4))
BYTES = DRAW.integers(0, 256, (ROWS, 9, 9)).astype(np.uint8)
COLOURS = np.stack([BYTES] * 3, -1)
SHARES = np.eye(4)[np.arange(ROWS) % 4]
STORED = {
    "float32": NUMBERS.astype("f4"),
    "float16": NUMBERS.astype("f2"),
    "big-endian": NUMBERS.astype(">f8"),
    "bool": NUMBERS > 0,
    "shares": SHARES.astype(int),
    "shares in bytes": SHARES.astype("u1"),
    "whole numbers": DRAW.integers(0, 9, (ROWS, 4)),
    "bytes": BYTES[:, 0],
    "grey": BYTES,
    "colours": COLOURS,
    "colours as fractions": COLOURS / 255,
    "Fortran order": np.asfortranarray(np.moveaxis(COLOURS, 3, 1)),
    "16 bits": BYTES.astype("u2") * 257,
    "one axis": NUMBERS[:, 0],
    "a column": np.arange(ROWS)[:, None],
    "nan": np.where(NUMBERS > 1, np.nan, NUMBERS),
    "too large": np.where(NUMBERS > 1, 1e300, NUMBERS),
}


@pytest.mark.parametrize("learned", [name for name in STORED if name not in ("nan", "too large")])
def test_new_arrays_are_read_alike(learned: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "learned.npz", x=STORED[learned])
    decisions = load_npz(tmp_path / "learned.npz").decisions
    read = 0
    for name, values in STORED.items():
        path = tmp_path / "new.npz"
        np.savez(path, x=values)
        try:
            again = read_arrays(path, ("x",), decisions)  # type: ignore[arg-type]
        except DataError:
            with pytest.raises(DataError):
                read_new_arrays(path, ("x",), decisions)  # type: ignore[arg-type]
            continue
        alone = read_new_arrays(path, ("x",), decisions)  # type: ignore[arg-type]
        assert alone.fields["x"].dtype == again.fields["x"].dtype, name
        assert np.array_equal(alone.fields["x"], again.fields["x"]), name
        assert [alone.place(row) for row in range(len(alone))] == [again.place(row) for row in range(len(again))]
        assert [(each.row, each.reason) for each in alone.refusals] == [
            (each.row, each.reason) for each in again.refusals
        ]
        read += 1
    assert read > len(STORED) / 2
