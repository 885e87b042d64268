"""The optimizer and the learning-rate schedule of a project, as torch's own objects."""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import nn, optim

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES, covers_run
from engine.catalog.spec import effective
from engine.codegen.scripts.legs import Leg
from engine.errors import RunProblem
from engine.graph.model import Part, SchedulePart
from engine.runtime.training.facts import OptimizerFacts, PaceFacts
from resources.snippets.legs import renew, settings

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

    ``length``: its moves when the schedule's own length is the run's, else ``None``. Such a schedule is made once for
    each leg of the run.
    """

    def __init__(
        self, part: SchedulePart, optimizer: optim.Optimizer, legs: Sequence[Leg], steps_per_epoch: int
    ) -> None:
        self._part, self._optimizer, self._steps_per_epoch = part, optimizer, steps_per_epoch
        self.every_step = (part.every or SCHEDULES[part.kind].every) == "step"
        self._made_with = settings(optimizer)
        self._covers_run = covers_run(part.kind, part.params)
        self._legs = {(leg.epoch, leg.batch): leg for leg in legs} if self._covers_run else {}
        self._lay(legs[0])

    def begin(self, epoch: int, batch: int) -> None:
        """Make the schedule of the leg that begins where so much is over, if one does."""
        leg = self._legs.get((epoch, batch))
        if leg is None:
            return
        renew(self._optimizer, self._made_with)
        self._lay(leg)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that nothing was learned before these moves: another process did
            for _ in range(self._moves(epoch, batch) - self._moves(leg.first)):
                self.move()

    def _lay(self, leg: Leg) -> None:
        declared = SCHEDULES[self._part.kind]
        values: dict[str, Any] = effective(declared.params, self._part.params)
        self.length: int | None = None
        self.moved = 0
        if self._covers_run:
            values[declared.run_length] = self.length = self._moves(leg.end) - self._moves(leg.first)
        else:
            refuse_ended(self._part, self._moves(leg.end))
        self.schedule = _target(declared.target)(self._optimizer, **values)

    def _moves(self, epoch: int, batch: int = 0) -> int:
        return epoch * self._steps_per_epoch + batch if self.every_step else epoch

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
    """How often the schedule moves in so many epochs."""
    every = part.every or SCHEDULES[part.kind].every
    return epochs * steps_per_epoch if every == "step" else epochs


def has_empty_phase(part: SchedulePart, moves: int) -> bool:
    """Whether torch divides by the length of a phase that has none, which it does at the first or the last move."""
    optimizer = optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    try:
        pace = Pace(part, optimizer, [Leg(moves)], 1)
        pace.schedule.last_epoch = moves - 1
        optimizer.step()  # torch warns of a schedule that moves first
        pace.schedule.step()
    except ZeroDivisionError:
        return True
    return False


def refuse_ended(part: SchedulePart, moves: int) -> None:
    """Raises: `RunProblem` when the schedule was given a length of its own that ends before so many moves."""
    declared = SCHEDULES[part.kind]
    total = effective(declared.params, part.params).get(declared.run_length)
    if declared.ends and isinstance(total, int) and total < moves:
        raise RunProblem(
            f"{part.kind} ends after {declared.run_length} = {total:,}, but the run takes {moves:,}.",
            hint=f"Leave {declared.run_length} out: it is then the run's length.",
        )


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
