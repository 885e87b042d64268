"""The declarations of an optimizer and of a learning-rate schedule."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

from engine.catalog.params import Param


class Optimizer(Struct, frozen=True, kw_only=True):
    """A ``torch.optim`` class. ``fused``: the devices on which torch has a fused kernel for it, which training uses.

    ``keeps``: how many numbers it keeps for each weight. ``keeps_with``: the parameters that make it keep one more each
    when they are on, or above 0. ``fixes_momentum``: its first step decides whether it has momentum.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    fused: tuple[str, ...] = ()
    keeps: int = 0
    keeps_with: tuple[str, ...] = ()
    fixes_momentum: bool = False
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Sets(Struct, frozen=True):
    """A parameter of the optimizer that a schedule sets itself, so that the optimizer's own value is not used.

    ``how``: half a sentence, with the schedule's values in braces. ``by``: the schedule's parameter of that meaning.
    ``where``: the flag that must be on for it. ``entry``: the only one of several numbers that is set.
    """

    param: str
    how: str
    by: str = ""
    where: str = ""
    entry: int | None = None


class Schedule(Struct, frozen=True, kw_only=True):
    """A learning-rate schedule. ``run_length``: the parameter that defaults to the run's length, in steps of ``every``.

    ``every``: how often it moves unless the project says otherwise. ``watches``: it is given the watched metric.
    ``sets``: what it overrules of the optimizer. ``ends``: it cannot move past its length.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    every: Literal["step", "epoch"] = "epoch"
    run_length: str = ""
    watches: bool = False
    ends: bool = False
    sets: tuple[Sets, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
