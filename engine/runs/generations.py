"""The generations of a run's checkpoints on the disk: their list, and the check that one is undamaged.

The trainer reads their tensors and metadata; nothing here needs torch.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from engine.errors import RunProblem
from engine.project.existence import is_file
from engine.project.regular_file import content, mode_of

WEIGHTS, TRAINING, MANIFEST = "weights.safetensors", "training.safetensors", "manifest.json"
ALL = (WEIGHTS, TRAINING)
VERSION = 2
READABLE = (1, VERSION)  # the first had no hash of the manifest
MAX_MANIFEST_BYTES = 64 * 2**20
CHECKS = frozenset({"graph_hash", "step_hash", "module_hashes", "project_hash", "versions"})
"""Metadata outside the manifest's hash: hashes are compared with their files, and versions may differ."""


def claimed_steps(generations: Path) -> list[int]:
    """The steps that have a checkpoint or a part of one, newest first."""
    try:
        names = [place.name for place in generations.iterdir()]
    except OSError:
        return []
    return sorted((int(name) for name in names if name.isdecimal() and name.isascii()), reverse=True)


def steps(generations: Path) -> list[int]:
    """The steps of all generations that have a manifest, newest first."""
    return [step for step in claimed_steps(generations) if is_file(generations / str(step) / MANIFEST)]


def manifest(step: int, blobs: Mapping[str, bytes], metadata: Mapping[str, object]) -> bytes:
    """The text of the manifest, which is written last; ``metadata``: in JSON form."""
    files = {name: {"size": len(blob), "sha256": hashlib.sha256(blob).hexdigest()} for name, blob in blobs.items()}
    raw = {"version": VERSION, "step": step, "files": files, "facts": metadata}
    return json.dumps(seal(raw), allow_nan=False, indent=1).encode()


def seal(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest with its hash."""
    return {**raw, "sha256": _seal(raw)}


def verify(
    place: Path, most: int | None = None, names: Collection[str] = ALL
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A generation's manifest, and its files. Raises: `RunProblem` when it is missing, incomplete or changed.

    ``most``: larger files are left out, and only their size is compared. ``names``: no other file is checked.
    """
    read = read_manifest(place)
    blobs = {}
    for name in names:
        try:
            size, digest = int(read["files"][name]["size"]), read["files"][name]["sha256"]
            mode_of(place / name)
            actual_size = (place / name).stat().st_size
            blob = content(place / name) if actual_size == size and (most is None or size <= most) else None
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise damage_of(place, f"lacks {name}") from error
        if actual_size != size:
            raise damage_of(place, f"holds {actual_size:,} of {size:,} bytes of {name}")
        if blob is not None:
            if hashlib.sha256(blob).hexdigest() != digest:
                raise damage_of(place, f"has another {name} than was saved")
            blobs[name] = blob
    return read, blobs


def read_manifest(place: Path) -> dict[str, Any]:
    """The manifest of a generation. Raises: `RunProblem`."""
    try:
        text = content(place / MANIFEST, MAX_MANIFEST_BYTES + 1)
        if len(text) > MAX_MANIFEST_BYTES:
            raise damage_of(place, "has a manifest too large to be one")
        raw = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise damage_of(place, "has no manifest that can be read") from error
    if not isinstance(raw, dict) or raw.get("version") not in READABLE:
        raise damage_of(place, "was not written by this version of Torchloom")
    if str(raw.get("step")) != place.name:
        raise damage_of(place, f"is of step {raw.get('step')}")
    if ("sha256" in raw or raw["version"] == VERSION) and raw.get("sha256") != _seal(raw):
        raise damage_of(place, "has a manifest that was changed, or comes from another version")
    return raw


def damage_of(place: Path, what: str) -> RunProblem:
    """The problem that a generation is damaged."""
    return RunProblem(f"The checkpoint {place} {what}.", hint="An older one may be intact.", code="R011")


def _seal(raw: Mapping[str, Any]) -> str:
    metadata = raw.get("facts")
    sealed = metadata
    if isinstance(metadata, dict):
        sealed = {name: value for name, value in metadata.items() if name not in CHECKS}
    text = json.dumps([raw.get("step"), raw.get("files"), sealed], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
