"""The data and main training settings of a run, read from the project in its folder, without its graphs."""

import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.graph.model import Training
from engine.project.regular_file import content
from engine.project.upgrade import DATA_OF_VERSION_1
from engine.runs.folder import RunFolder

_CAP = 64 << 20  # bytes, as for a project


class Setup(Struct, frozen=True):
    """The settings; ``None`` or empty where the file has no value, or one that this Torchloom cannot read.

    ``optimizer``, ``schedule``: of all phases, each kind once. ``lr``: that of the first optimizer, before a schedule.
    """

    data: str = ""
    optimizer: str = ""
    schedule: str = ""
    lr: float | None = None
    batch_size: int | None = None


class _Part(msgspec.Struct):
    kind: str = ""
    params: dict[str, object] = {}


class _Phase(msgspec.Struct):
    optimizer: _Part | list[_Part] | None = None
    schedule: _Part | list[_Part] | msgspec.UnsetType | None = (
        msgspec.UNSET
    )  # ``None``: none, although the training has one


class _Training(msgspec.Struct):
    batch_size: int = Training().batch_size
    optimizer: _Part | list[_Part] = msgspec.field(default_factory=lambda: _Part(Training().optimizer.kind))
    schedule: _Part | list[_Part] | None = None
    phases: list[_Phase] = []


class _Stored(msgspec.Struct):
    version: int = 1
    data: _Part | None = None
    training: _Training = msgspec.field(default_factory=_Training)


def setup_of(run: Path) -> Setup:
    """The setup of a run; an empty one where its project cannot be read."""
    path = RunFolder(run).project
    try:
        status = path.stat()
    except OSError:
        return Setup()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=2048)
def _read(path: Path, _changed: int, size: int) -> Setup:
    """The setup in a file, cached, since the project of a run does not change."""
    try:
        raw = content(path) if size <= _CAP else b""
        stored = msgspec.json.decode(raw, type=_Stored)
    except (OSError, msgspec.DecodeError, UnicodeError, RecursionError):
        return Setup()
    training = stored.training
    phases = training.phases or [_Phase()]
    optimizers = [part for phase in phases for part in _as_list(phase.optimizer or training.optimizer)]
    own = (training.schedule if isinstance(each.schedule, msgspec.UnsetType) else each.schedule for each in phases)
    schedules = [part for parts in own if parts for part in _as_list(parts)]
    return Setup(
        data=_data(stored),
        optimizer=_kinds(optimizers),
        schedule=_kinds(schedules),
        lr=_lr(optimizers[0]) if optimizers else None,
        batch_size=training.batch_size,
    )


def _as_list(parts: _Part | list[_Part]) -> list[_Part]:
    return parts if isinstance(parts, list) else [parts]


def _kinds(parts: list[_Part]) -> str:
    return ", ".join(dict.fromkeys(part.kind for part in parts))


def _data(stored: _Stored) -> str:
    """The kind of data; version 1 had a default."""
    kind = stored.data.kind if stored.data else ""
    return kind or (DATA_OF_VERSION_1 if stored.version == 1 else "")


def _lr(optimizer: _Part) -> float | None:
    """The learning rate that is set, else the declared default."""
    declared = OPTIMIZERS.get(optimizer.kind)
    values: Mapping[str, object] = effective(declared.params, {}) | optimizer.params if declared else optimizer.params
    lr = values.get("lr")
    return float(lr) if isinstance(lr, int | float) and not isinstance(lr, bool) and math.isfinite(lr) else None
