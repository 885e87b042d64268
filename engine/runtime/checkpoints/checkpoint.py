"""Checkpoints: generations that appear whole, are verified, and are never overwritten.

A generation is a folder named by its step: ``weights.safetensors`` (the network), ``training.safetensors`` (optimizer,
random states, the present epoch) and ``manifest.json``, which is written last and holds every file's size and SHA-256.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from engine.errors import RunProblem
from engine.project import durable
from engine.project.existence import is_folder
from engine.runs.folder import RunFolder
from engine.runs.generations import ALL, MANIFEST, TRAINING, WEIGHTS, claimed_steps, damage_of, manifest, steps, verify
from engine.runtime.checkpoints.manifest import CheckpointMetadata, plain, read_metadata


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that training needs to continue from ``step`` as if nothing had happened; all tensors on the CPU."""

    step: int
    weights: dict[str, Tensor]
    training: dict[str, Tensor]
    metadata: CheckpointMetadata

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The training tensors named ``prefix/...``, without the prefix."""
        return {
            name.removeprefix(f"{prefix}/"): value
            for name, value in self.training.items()
            if name.startswith(f"{prefix}/")
        }


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Fill a new generation's folder, the manifest last. Raises: ``OSError``."""
    from safetensors.torch import save

    blobs = {WEIGHTS: save(checkpoint.weights), TRAINING: save(checkpoint.training)}
    for name, blob in blobs.items():
        durable.put(folder / name, blob)
    metadata: Any = plain(checkpoint.metadata)
    durable.put(folder / MANIFEST, manifest(checkpoint.step, blobs, metadata))


def save(generations: Path, checkpoint: Checkpoint) -> bool:
    """Add a generation and read it back; older ones are untouched. False when it was there already.

    Raises: ``OSError`` when it cannot be written, `RunProblem` when what was written does not read back.
    """
    if not generations.is_dir():
        raise RunFolder(generations.parent).removal_problem()
    place = generations / str(checkpoint.step)
    if place.exists():
        if is_whole(place):
            return False  # the same step of the same run holds the same values
        remove(place)
    durable.new_folder(place, lambda folder: write(folder, checkpoint))
    try:
        verify(place)
    except RunProblem:
        if not (place / MANIFEST).exists():  # another process is deleting the folder now
            raise RunFolder(generations.parent).removal_problem() from None
        raise
    return True


def read(place: Path, *, to_train: bool = True) -> Checkpoint:
    """One generation. Raises: `RunProblem` when it is missing, torn or changed.

    ``to_train``: if false, what only training needs is left out, and may be damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    entries, blobs = verify(place, names=ALL if to_train else (WEIGHTS,))
    metadata = _metadata(place, entries.get("facts"))
    try:
        weights, training = load(blobs[WEIGHTS]), load(blobs[TRAINING]) if to_train else {}
    except (SafetensorError, KeyError) as error:
        raise damage_of(place, f"does not decode ({error})") from error
    return Checkpoint(int(entries["step"]), weights, training, metadata)


def read_weights(place: Path) -> dict[str, Tensor]:
    """Only the network's values of one generation. Raises: `RunProblem`."""
    return read(place, to_train=False).weights


@dataclass(frozen=True, slots=True)
class Verified:
    """A checkpoint, and the problems of newer ones, the newest first."""

    checkpoint: Checkpoint
    damaged: tuple[RunProblem, ...] = ()


def newest(generations: Path, *, to_train: bool = True) -> Checkpoint:
    """The newest generation that verifies, as `read` gives it. Raises: `RunProblem` when there is none."""
    return find(generations, to_train=to_train).checkpoint


def find(generations: Path, *, to_train: bool = True) -> Verified:
    """As `newest`, with the problems of newer ones. Raises: `RunProblem`."""
    problems: list[RunProblem] = []
    for step in claimed_steps(generations):
        try:
            return Verified(read(generations / str(step), to_train=to_train), tuple(problems))
        except RunProblem as problem:
            problems.append(problem)
    detail = problems[0].message if problems else f"{generations} holds no checkpoint."
    raise RunProblem(detail, hint="No checkpoint of this run can be read; train again.", code="R012")


def is_whole(place: Path) -> bool:
    """Whether a generation verifies."""
    try:
        _metadata(place, verify(place)[0].get("facts"))
    except RunProblem:
        return False
    return True


def prune(generations: Path, keep: set[int], at_least: int = 2) -> None:
    """Remove old generations, all but the newest ``at_least`` and those in ``keep``; call it after one verified."""
    for step in steps(generations)[at_least:]:
        if step not in keep:
            remove(generations / str(step))


def remove(place: Path) -> None:
    """Remove a generation, its manifest first, so that half of it never looks complete."""
    if not is_folder(place):
        place.unlink()
        return
    (place / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(place)


def clear_remains(generations: Path, newest: int) -> None:
    """Remove what a killed process left: folders of generations that were never completed, or removed by half.

    Those after the ``newest`` whole one stay: they were damaged, and training writes them again.
    """
    for place in generations.glob("*"):
        is_old = not place.name.isdecimal() or int(place.name) < newest
        if place.is_dir() and is_old and not (place.name.isdecimal() and (place / MANIFEST).is_file()):
            shutil.rmtree(place)


def _metadata(place: Path, raw: object) -> CheckpointMetadata:
    try:
        return read_metadata(raw)
    except ValueError as error:
        raise damage_of(place, f"has a manifest that was changed, or comes from another version ({error})") from error
