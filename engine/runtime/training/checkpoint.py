"""Checkpoints: generations that appear whole, are verified, and are never overwritten.

A generation is a folder named by its step: ``weights.safetensors`` (the network), ``training.safetensors`` (optimizer,
random states, the begun epoch) and ``manifest.json``, which is written last and holds every file's size and SHA-256.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from engine.errors import RunProblem
from engine.project import durable
from engine.project.reading import content
from engine.runs.folder import RunFolder
from engine.runtime.training.facts import Facts, plain, read_facts

VERSION = 1
WEIGHTS, TRAINING, MANIFEST = "weights.safetensors", "training.safetensors", "manifest.json"
MOST_MANIFEST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that training needs to go on from ``step`` as if nothing had happened; all tensors on the CPU."""

    step: int
    weights: dict[str, Tensor]
    training: dict[str, Tensor]
    facts: Facts

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
    files = {name: {"size": len(blob), "sha256": hashlib.sha256(blob).hexdigest()} for name, blob in blobs.items()}
    manifest = {"version": VERSION, "step": checkpoint.step, "files": files, "facts": plain(checkpoint.facts)}
    durable.put(folder / MANIFEST, json.dumps(manifest, allow_nan=False, indent=1).encode())


def save(generations: Path, checkpoint: Checkpoint) -> bool:
    """Add a generation and read it back; older ones are untouched. False when it was there already.

    Raises: ``OSError`` when it cannot be written, `RunProblem` when what was written does not read back.
    """
    if not generations.is_dir():
        raise RunFolder(generations.parent).vanished()
    place = generations / str(checkpoint.step)
    if place.exists():
        if is_whole(place):
            return False  # the same step of the same run holds the same values
        remove(place)
    durable.new_folder(place, lambda folder: write(folder, checkpoint))
    try:
        _verified(place)
    except RunProblem:
        if not (place / MANIFEST).exists():  # somebody is sweeping the folder away at this very moment
            raise RunFolder(generations.parent).vanished() from None
        raise
    return True


def steps(generations: Path) -> list[int]:
    """The steps of all generations that claim to be complete, newest first."""
    if not generations.is_dir():
        return []
    found = (place for place in generations.iterdir() if place.name.isdecimal() and (place / MANIFEST).is_file())
    return sorted((int(place.name) for place in found), reverse=True)


def read(place: Path) -> Checkpoint:
    """One generation. Raises: `RunProblem` when it is missing, torn or changed."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    manifest, blobs = _verified(place)
    try:
        weights, training = load(blobs[WEIGHTS]), load(blobs[TRAINING])
    except (SafetensorError, KeyError) as error:
        raise _broken(place, f"does not decode ({error})") from error
    return Checkpoint(int(manifest["step"]), weights, training, manifest["facts"])


def read_weights(place: Path) -> dict[str, Tensor]:
    """Only the network's values of one generation. Raises: `RunProblem`."""
    return read(place).weights


def newest(generations: Path) -> Checkpoint:
    """The newest generation that verifies. Raises: `RunProblem` when there is none."""
    wrong = ""
    for step in steps(generations):
        try:
            return read(generations / str(step))
        except RunProblem as problem:
            wrong = wrong or problem.message
    detail = wrong or f"{generations} holds no checkpoint."
    raise RunProblem(detail, hint="No checkpoint of this run can be read; train again.", code="R012")


def is_whole(place: Path) -> bool:
    """Whether a generation verifies."""
    try:
        _verified(place)
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
    (place / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(place)


def clear_remains(generations: Path) -> None:
    """Remove what a killed process left: folders of generations that were never completed."""
    for place in generations.glob("*"):
        if place.is_dir() and not (place.name.isdecimal() and (place / MANIFEST).is_file()):
            shutil.rmtree(place)


def _verified(place: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    manifest = _manifest(place)
    blobs = {}
    for name in (WEIGHTS, TRAINING):
        try:
            size, digest = int(manifest["files"][name]["size"]), manifest["files"][name]["sha256"]
            blob = content(place / name)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise _broken(place, f"lacks {name}") from error
        if len(blob) != size:
            raise _broken(place, f"holds {len(blob):,} of {size:,} bytes of {name}")
        if hashlib.sha256(blob).hexdigest() != digest:
            raise _broken(place, f"has another {name} than was saved")
        blobs[name] = blob
    return manifest, blobs


def _manifest(place: Path) -> dict[str, Any]:
    try:
        text = content(place / MANIFEST, MOST_MANIFEST_BYTES + 1)
        if len(text) > MOST_MANIFEST_BYTES:
            raise _broken(place, "has a manifest too large to be one")
        manifest = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(place, "has no manifest that can be read") from error
    if not isinstance(manifest, dict) or manifest.get("version") != VERSION:
        raise _broken(place, "was not written by this version of Torchloom")
    if str(manifest.get("step")) != place.name:
        raise _broken(place, f"is of step {manifest.get('step')}")
    try:
        return manifest | {"facts": read_facts(manifest.get("facts"))}
    except ValueError as error:
        raise _broken(place, f"has a manifest that was changed, or comes from another version ({error})") from error


def _broken(place: Path, what: str) -> RunProblem:
    return RunProblem(f"The checkpoint {place} {what}.", hint="An older one may be whole.", code="R011")
