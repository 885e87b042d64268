"""The optimizer and the learning-rate schedule of a project, as torch's own objects."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn, optim

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.errors import RunProblem
from engine.graph.model import Part, SchedulePart
from engine.runtime.training.facts import OptimizerFacts, PaceFacts

GROUP_TUPLES = ("betas",)  # JSON turns them into lists


def make_optimizer(part: Part, parameters: Iterable[nn.Parameter]) -> optim.Optimizer:
    """The optimizer over ``parameters``, fused where torch has that for their device."""
    declared = OPTIMIZERS[part.kind]
    learnt = list(parameters)
    if not learnt:
        raise RunProblem("The network has no weights, so there is nothing to train.", hint="Add a layer that learns.")
    values: dict[str, Any] = effective(declared.params, part.params)
    if learnt[0].device.type in declared.fused:
        values["fused"] = True
    optimizer: optim.Optimizer = _target(declared.target)(learnt, **values)
    return optimizer


def _target(path: str) -> Any:  # noqa: ANN401 (a class of torch.optim, whose constructors differ)
    found: Any = torch
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


class Pace:
    """A schedule, moved at its pace; past the length it was made for, the learning rate stays.

    ``length``: moves of the whole run when the schedule's own length is the run's, else ``None``.
    """

    def __init__(self, part: SchedulePart, optimizer: optim.Optimizer, moves: int) -> None:
        declared = SCHEDULES[part.kind]
        values: dict[str, Any] = effective(declared.params, part.params)
        self.every_step = (part.every or declared.every) == "step"
        self.length: int | None = None
        name = declared.run_length
        if name and values[name] is None:
            values[name] = self.length = moves
        elif part.kind == "OneCycleLR" and values[name] < moves:
            raise RunProblem(
                f"OneCycleLR ends after total_steps = {values[name]:,}, but the run takes {moves:,}.",
                hint="Leave total_steps out: it is then the run's length.",
            )
        self.moved = 0
        self.schedule = _target(declared.target)(optimizer, **values)

    def move(self, figure: float | None = None) -> None:
        """One step or epoch is over."""
        if self.length is not None and self.moved >= self.length:
            return
        self.moved += 1
        if figure is None:
            self.schedule.step()
        else:
            self.schedule.step(figure)

    def state(self) -> PaceFacts:
        """Everything that `restore` needs, as JSON."""
        return {"length": self.length, "moved": self.moved, "schedule": self.schedule.state_dict()}

    def restore(self, state: PaceFacts) -> None:
        """Become the schedule whose `state` that was. Raises: ``ValueError`` when it is another one's."""
        odd = _differing(state["schedule"], self.schedule.state_dict())
        if odd:
            raise ValueError(f"{odd} of the schedule")
        self.length, self.moved = state["length"], state["moved"]
        self.schedule.load_state_dict(state["schedule"])


def _differing(saved: dict[str, Any], known: dict[str, Any]) -> str:
    """The first entry that both have, of another kind in each: torch would take it, and fail at the next move."""
    return next((name for name in known if name in saved and not _is_alike(saved[name], known[name])), "")


def _is_alike(saved: object, known: object) -> bool:
    match saved, known:
        case (int() | float(), int() | float()):
            return True
        case (list() | tuple(), list() | tuple()):
            return len(saved) == len(known) and all(map(_is_alike, saved, known))
    return type(saved) is type(known)


def schedule_moves(part: SchedulePart, epochs: int, steps_per_epoch: int) -> int:
    """How often the schedule moves in a run."""
    every = part.every or SCHEDULES[part.kind].every
    return epochs * steps_per_epoch if every == "step" else epochs


def optimizer_state(optimizer: optim.Optimizer, names: list[str]) -> tuple[dict[str, torch.Tensor], OptimizerFacts]:
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
    optimizer: optim.Optimizer, names: list[str], tensors: dict[str, torch.Tensor], rest: OptimizerFacts
) -> None:
    """Become the optimizer whose `optimizer_state` that was."""
    number = {name: place for place, name in enumerate(names)}
    state: dict[int, dict[str, Any]] = {}
    for full, value in tensors.items():
        name, _, key = full.rpartition("/")
        state.setdefault(number[name], {})[key] = value
    for name, entries in rest["scalars"].items():
        state.setdefault(number[name], {}).update(entries)
    groups = [
        {key: tuple(value) if key in GROUP_TUPLES else value for key, value in group.items()}
        for group in rest["groups"]
    ]
    known = optimizer.state_dict()["param_groups"]
    if len(groups) != len(known):
        raise ValueError(f"{len(groups)} groups of the optimizer, where there are {len(known)}")
    for saved, current in zip(groups, known, strict=True):
        saved |= {key: current[key] for key in ("params", "fused") if key in current}  # of this device, not of that one
        odd = _differing(saved, current)
        if odd:
            raise ValueError(f"{odd} of the optimizer")
    optimizer.load_state_dict({"state": state, "param_groups": groups})
