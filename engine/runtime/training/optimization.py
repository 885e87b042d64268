"""The state of optimizers and LR schedules as tensors and JSON."""

from collections import Counter
from typing import Any, Protocol, runtime_checkable

import torch
from torch import optim

from engine.runtime.checkpoints.manifest import OptimizerState, ScheduleState


@runtime_checkable
class CoversRun(Protocol):
    """The class ``RunSchedule`` in a ``step.py``, a copy of that of `resources.snippets`."""

    scheduler: optim.lr_scheduler.LRScheduler
    length: int | None
    moved: int


Scheduler = CoversRun | optim.lr_scheduler.LRScheduler


def schedule_state(schedule: Scheduler) -> ScheduleState:
    """Everything that `restore_schedule` needs, as JSON; of an LR scheduler itself, or of one that covers the run."""
    if isinstance(schedule, CoversRun):
        return {"length": schedule.length, "moved": schedule.moved, "schedule": schedule.scheduler.state_dict()}
    return {"length": None, "moved": 0, "schedule": schedule.state_dict()}


def restore_schedule(schedule: Scheduler, state: ScheduleState) -> None:
    """Restore what `schedule_state` gave. Raises: ``ValueError`` when it is of another schedule."""
    scheduler = schedule.scheduler if isinstance(schedule, CoversRun) else schedule
    current = scheduler.state_dict()
    saved = {name: _counts(value, current.get(name)) for name, value in state["schedule"].items()}
    mismatch = _mismatch(saved, current)
    if mismatch:
        raise ValueError(f"{mismatch} of the schedule")
    if isinstance(schedule, CoversRun):
        schedule.length, schedule.moved = state["length"], state["moved"]
    scheduler.load_state_dict(saved)


def _counts(saved: object, current: object) -> object:
    """A saved value, with the whole numbers as keys that counts had before JSON made texts of them."""
    if isinstance(current, Counter) and isinstance(saved, dict):
        return Counter({int(key): count for key, count in saved.items()})
    return saved


def _mismatch(saved: dict[str, Any], current: dict[str, Any]) -> str:
    """The first entry with another type in each: torch would accept it, and fail at the next step."""
    return next((name for name in current if name in saved and not _is_alike(saved[name], current[name])), "")


def _is_alike(saved: object, current: object) -> bool:
    match saved, current:
        case (int() | float(), int() | float()):
            return True
        case (list() | tuple(), list() | tuple()):
            return len(saved) == len(current) and all(map(_is_alike, saved, current))
    return type(saved) is type(current)


def optimizer_state(optimizer: optim.Optimizer, names: list[str]) -> tuple[dict[str, torch.Tensor], OptimizerState]:
    """The tensors as ``parameter/key``, and the rest as JSON."""
    raw = optimizer.state_dict()
    tensors: dict[str, torch.Tensor] = {}
    scalars: dict[str, dict[str, Any]] = {}
    for number, entries in raw["state"].items():
        for key, value in entries.items():
            if isinstance(value, torch.Tensor):
                tensors[f"{names[number]}/{key}"] = value.detach().cpu().clone()
            else:
                scalars.setdefault(names[number], {})[key] = value
    groups = [{key: value for key, value in group.items() if key != "params"} for group in raw["param_groups"]]
    return tensors, {"groups": groups, "scalars": scalars}


def restore_optimizer(
    optimizer: optim.Optimizer, names: list[str], tensors: dict[str, torch.Tensor], rest: OptimizerState
) -> None:
    """Restore what `optimizer_state` gave."""
    number = {name: place for place, name in enumerate(names)}
    state: dict[int, dict[str, Any]] = {}
    for full, value in tensors.items():
        name, _, key = full.rpartition("/")
        state.setdefault(number[name], {})[key] = value
    for name, entries in rest["scalars"].items():
        state.setdefault(number[name], {}).update(entries)
    groups = [
        {key: tuple(value) if isinstance(value, list) else value for key, value in group.items()}
        for group in rest["groups"]
    ]
    current_groups = optimizer.state_dict()["param_groups"]
    if len(groups) != len(current_groups):
        raise ValueError(f"{len(groups)} groups of the optimizer, where there are {len(current_groups)}")
    for saved, current in zip(groups, current_groups, strict=True):
        saved |= {key: current[key] for key in ("params", "fused") if key in current}  # of this device, not of that one
        mismatch = _mismatch(saved, current)
        if mismatch:
            raise ValueError(f"{mismatch} of the optimizer")
    optimizer.load_state_dict({"state": state, "param_groups": groups})
