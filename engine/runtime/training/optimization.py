"""The state of optimizers and LR schedules as tensors and JSON."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol, cast, runtime_checkable

import torch
from torch import nn, optim

from engine.runtime.checkpoints.manifest import OptimizerState, ScheduleState
from resources.snippets.training.run_schedule import reset_groups


@runtime_checkable
class CoversRun(Protocol):
    """The class ``RunSchedule`` in a ``step.py``, a copy of that of `resources.snippets`."""

    scheduler: Any
    optimizer: Any
    settings: list[dict[str, Any]]
    length: int | None
    moved: int

    def make(self, length: int) -> Any:  # noqa: ANN401 (one of `Scheduler`)
        """Make the scheduler of a leg with so many moves."""


@runtime_checkable
class InTurn(Protocol):
    """The class ``ScheduleList`` in a ``step.py``, a copy of that of `resources.snippets`."""

    scheduler: Any
    parts: tuple[Any, ...]
    place: int
    moved: int

    def begin(self, place: int) -> None:
        """Begin one of the parts."""


@runtime_checkable
class ForEach(Protocol):
    """The class ``Schedules`` in a ``step.py``, a copy of that of `resources.snippets`."""

    members: tuple[Any, ...]


@runtime_checkable
class Together(Protocol):
    """The class ``Optimizers`` in a ``step.py``, a copy of that of `resources.snippets`."""

    members: tuple[optim.Optimizer, ...]

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """The groups of all members."""


Optimizer = optim.Optimizer | Together
Names = Mapping[nn.Parameter, str]
"""The names of the weights."""
Scheduler = CoversRun | InTurn | ForEach | optim.lr_scheduler.LRScheduler


def schedule_state(schedule: Scheduler) -> ScheduleState:
    """Everything that `restore_schedule` needs, as JSON."""
    if isinstance(schedule, CoversRun):
        return {"length": schedule.length, "moved": schedule.moved, "schedule": _inner_state(schedule.scheduler)}
    if isinstance(schedule, InTurn):
        inner = _inner_state(schedule.scheduler)
        return {"length": None, "moved": schedule.moved, "place": schedule.place, "schedule": inner}
    return {"length": None, "moved": 0, "schedule": _inner_state(schedule)}


def _inner_state(schedule: Scheduler) -> dict[str, Any]:
    """The state of a scheduler of torch, of several, or of a list within one that covers the run."""
    if isinstance(schedule, ForEach):
        return {str(number): member.state_dict() for number, member in enumerate(schedule.members)}
    if isinstance(schedule, CoversRun | InTurn):
        return dict(schedule_state(schedule))
    return schedule.state_dict()


def restore_schedule(schedule: Scheduler, state: ScheduleState) -> None:
    """Restore what `schedule_state` gave; the optimizer must be restored after it.

    Raises: ``KeyError``, ``ValueError`` when it is of another schedule.
    """
    if isinstance(schedule, CoversRun):
        schedule.length, schedule.moved = state["length"], state["moved"]
        if isinstance(schedule.scheduler, InTurn) and schedule.length is not None:
            reset_groups(schedule.optimizer.param_groups, schedule.settings)
            schedule.scheduler = schedule.make(schedule.length)  # its later parts end with this leg
        _restore_inner(schedule.scheduler, state["schedule"])
    elif isinstance(schedule, InTurn):
        place = state["place"]
        if place >= len(schedule.parts):
            raise ValueError("place of the schedule")
        schedule.begin(place)
        schedule.moved = state["moved"]
        _restore_inner(schedule.scheduler, state["schedule"])
    else:
        _restore_inner(schedule, state["schedule"])


def _restore_inner(schedule: Scheduler, state: dict[str, Any]) -> None:
    if isinstance(schedule, ForEach):
        for number, member in enumerate(schedule.members):
            _restore_scheduler(member, state[str(number)])
    elif isinstance(schedule, CoversRun | InTurn):
        restore_schedule(schedule, cast("ScheduleState", state))
    else:
        _restore_scheduler(schedule, state)


def _restore_scheduler(scheduler: optim.lr_scheduler.LRScheduler, state: dict[str, Any]) -> None:
    current = scheduler.state_dict()
    saved = {name: _counts(value, current.get(name)) for name, value in state.items()}
    mismatch = _mismatch(saved, current)
    if mismatch:
        raise ValueError(f"{mismatch} of the schedule")
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


def optimizer_state(optimizer: Optimizer, names: Names) -> tuple[dict[str, torch.Tensor], OptimizerState]:
    """The tensors as ``parameter/key`` or ``parameter/key/index``, and the rest as JSON; of several, those of all."""
    tensors: dict[str, torch.Tensor] = {}
    rest: OptimizerState = {"groups": [], "scalars": {}}
    for member in _members(optimizer):
        own_names, raw = _weight_names(member, names), member.state_dict()
        for number, entries in raw["state"].items():
            for key, value in entries.items():
                place = f"{own_names[number]}/{key}"
                if isinstance(value, torch.Tensor):
                    tensors[place] = value.detach().cpu().clone()
                elif _is_history(value):
                    tensors |= {f"{place}/{at}": each.detach().cpu().clone() for at, each in enumerate(value)}
                elif not _is_scratch(value):
                    rest["scalars"].setdefault(own_names[number], {})[key] = value
        for group in raw["param_groups"]:
            rest["groups"].append({key: value for key, value in group.items() if key != "params"})
    return tensors, rest


def _is_history(value: object) -> bool:
    """Whether it is a list of tensors, such as the earlier steps of a quasi-Newton method."""
    return isinstance(value, list) and bool(value) and all(isinstance(each, torch.Tensor) for each in value)


def _is_scratch(value: object) -> bool:
    """Whether it is a list with gaps, which a step fills before it reads it."""
    return isinstance(value, list) and None in value


def restore_optimizer(
    optimizer: Optimizer, names: Names, tensors: dict[str, torch.Tensor], rest: OptimizerState
) -> None:
    """Restore what `optimizer_state` gave. Raises: ``KeyError``, ``ValueError`` when it is of another optimizer."""
    current_groups = optimizer.param_groups
    if len(rest["groups"]) != len(current_groups):
        raise ValueError(f"{len(rest['groups'])} groups of the optimizer, where there are {len(current_groups)}")
    by_name = _by_name(tensors)
    for name, entries in rest["scalars"].items():
        by_name.setdefault(name, {}).update(entries)
    saved_groups = iter(rest["groups"])
    for member in _members(optimizer):
        own_names = _weight_names(member, names)
        groups = [_group(next(saved_groups), current) for current in member.state_dict()["param_groups"]]
        state = {number: by_name.pop(name) for number, name in enumerate(own_names) if name in by_name}
        member.load_state_dict({"state": state, "param_groups": groups})
    if by_name:
        raise KeyError(next(iter(by_name)))


def _by_name(tensors: dict[str, torch.Tensor]) -> dict[str, dict[str, Any]]:
    """The saved tensors of each weight by key, those of histories as lists."""
    by_name: dict[str, dict[str, Any]] = {}
    histories: dict[tuple[str, str], dict[int, torch.Tensor]] = {}
    for full, value in tensors.items():
        name, key, *index = full.split("/")
        if index:
            histories.setdefault((name, key), {})[int(index[0])] = value
        else:
            by_name.setdefault(name, {})[key] = value
    for (name, key), values in histories.items():
        by_name.setdefault(name, {})[key] = [values[at] for at in range(len(values))]
    return by_name


def _group(saved: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """A saved group with the weights of the current one."""
    group = {key: tuple(value) if isinstance(value, list) else value for key, value in saved.items()}
    group |= {key: current[key] for key in ("params", "fused") if key in current}  # of this device, not of that one
    mismatch = _mismatch(group, current)
    if mismatch:
        raise ValueError(f"{mismatch} of the optimizer")
    return group


def _members(optimizer: Optimizer) -> tuple[optim.Optimizer, ...]:
    return optimizer.members if isinstance(optimizer, Together) else (optimizer,)


def _weight_names(optimizer: optim.Optimizer, names: Names) -> list[str]:
    """The names of an optimizer's weights, in its order."""
    return [names[weight] for group in optimizer.param_groups for weight in group["params"]]
