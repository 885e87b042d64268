"""What several tests of data need."""

import wave
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
    for part in ("images", "masks"):
        (tmp_path / "scans" / part).mkdir(parents=True)
        for n in range(10):
            Image.new("L", (10, 6), (n + 1) % 3).save(tmp_path / "scans" / part / f"{n}.png")
    for kind, word in (("ham", "hello"), ("spam", "win")):
        (tmp_path / "mails" / kind).mkdir(parents=True)
        for n in range(6):
            (tmp_path / "mails" / kind / f"{n}.txt").write_text(f"{word} number {n}, you!")
    lines = "".join(
        f'"{word} number {n}, you!",{kind}\n' for kind, word in (("ham", "hi"), ("spam", "win")) for n in range(6)
    )
    (tmp_path / "mails.csv").write_text("text,kind\n" + lines)
    for kind, level in (("loud", 20_000), ("quiet", 200)):
        (tmp_path / "sounds" / kind).mkdir(parents=True)
        for n in range(6):
            with wave.open(str(tmp_path / "sounds" / kind / f"{n}.wav"), "wb") as sound:
                sound.setparams((1, 2, 1000, 0, "NONE", ""))
                sound.writeframes((level * np.sin(np.arange(300) * (n + 1) / 9)).astype("<i2").tobytes())
    (tmp_path / "hours.csv").write_text("hour,load\n" + "".join(f"{n},{n * n % 11}\n" for n in range(40)))
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "a.npz", x=rng.normal(size=(10, 3)), y=np.arange(10) % 2)
    pixels = rng.integers(0, 256, (10, 4, 4), dtype=np.uint8)
    (tmp_path / "images").write_bytes(bytes((0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 4)) + pixels.tobytes())
    (tmp_path / "labels").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, 10)) + bytes(n % 3 for n in range(10)))
    return tmp_path
