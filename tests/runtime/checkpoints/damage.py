"""Ways to damage the files of a run, for the tests of damaged runs."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.runtime.checkpoints import checkpoint


def files(run: Path) -> list[str]:
    files = (path.relative_to(run) for path in sorted(run.rglob("*")) if path.is_file())
    return [str(name) for name in files]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(share: float) -> Callable[[Path], None]:
    def truncate(path: Path) -> None:
        blob = path.read_bytes()
        path.write_bytes(blob[: int(len(blob) * share)])

    return truncate


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def fewer_lines(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def flipped(seed: int) -> Callable[[Path], None]:
    """One bit, or one digit: a change that leaves JSON what it is."""

    def flip(path: Path) -> None:
        params, blob = random.Random(seed), bytearray(path.read_bytes())
        digits = [place for place, byte in enumerate(blob) if chr(byte).isdigit()]
        if seed % 2 and digits:
            place = params.choice(digits)
            blob[place] = ord("1") + (blob[place] - ord("0")) % 9
        elif blob:
            blob[params.randrange(len(blob))] ^= 1 << params.randrange(8)
        path.write_bytes(bytes(blob))

    return flip


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


KINDS: dict[str, Callable[[Path], None]] = {
    "gone": Path.unlink,
    "empty": empty,
    "half": cut(0.5),
    "shorter": shortened,
    "folder": folder,
    **({"pipe": pipe} if hasattr(os, "mkfifo") else {}),
    **{f"flipped-{seed}": flipped(seed) for seed in range(4)},
}
NAMES = (
    "project.loom", "model.py", "step.py", "reading.py", "data.py", "options.py", "train.py", "data.json",
    "events.jsonl", "losses.txt", "desired.json", "lock", "log.txt", "checkpoints/*/manifest.json",
    "checkpoints/*/weights.safetensors", "checkpoints/*/training.safetensors",
)  # fmt: skip


def places(run: Path, name: str) -> Iterator[Path]:
    """The file, or that of each checkpoint, the newest first."""
    if "*" not in name:
        yield run / name
        return
    for step in checkpoint.steps(run / "checkpoints"):
        yield run / name.replace("*", str(step))


def damaging(run: Path, name: str, which: int, kind: Callable[[Path], None]) -> Callable[[Path], None] | None:
    """The damage to one of the files so named, if the run has it."""
    paths = [str(path.relative_to(run)) for path in places(run, name)]
    return (lambda copy: kind(copy / paths[which])) if which < len(paths) and (run / paths[which]).exists() else None
