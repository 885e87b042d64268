"""What several tests of data need."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """One set of each kind of file."""
    rows = "".join(f"{n},{n * n % 7},{'ab'[n % 2]}\n" for n in range(20))
    (tmp_path / "table.csv").write_text("n,square,kind\n" + rows)
    for kind in ("cat", "dog"):
        (tmp_path / "pets" / kind).mkdir(parents=True)
        for n in range(5):
            Image.new("RGB", (10, 6), (40 * n, 0, 0)).save(tmp_path / "pets" / kind / f"{n}.png")
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "a.npz", x=rng.normal(size=(10, 3)), y=np.arange(10) % 2)
    pixels = rng.integers(0, 256, (10, 4, 4), dtype=np.uint8)
    (tmp_path / "images").write_bytes(bytes((0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 4)) + pixels.tobytes())
    (tmp_path / "labels").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, 10)) + bytes(n % 3 for n in range(10)))
    return tmp_path
