"""The declarations of an optimizer, of a learning-rate schedule, and of an average of weights."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

from engine.catalog.params import Param


class Optimizer(Struct, frozen=True, kw_only=True):
    """A ``torch.optim`` class. ``fused``: the devices on which torch has a fused kernel for it; training uses that.

    ``keeps``: how many numbers it stores for each weight. ``keeps_with``: the parameters that add one number each
    when they are on, or above 0. ``keeps_twice``: the parameter that says how many pairs of numbers it stores beside.
    ``fixes_momentum``: its first step decides whether it has momentum. ``matrices_only``: it only learns weights of two
    axes. ``sparse``: whether it takes sparse gradients, or nothing else;
    ``dense_with``: the parameters with which it takes none. ``evaluates``: each of its steps computes the
    loss several times, by a closure.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    fused: tuple[str, ...] = ()
    keeps: int = 0
    keeps_with: tuple[str, ...] = ()
    keeps_twice: str = ""
    fixes_momentum: bool = False
    matrices_only: bool = False
    sparse: Literal["no", "yes", "only"] = "no"
    dense_with: tuple[str, ...] = ()
    evaluates: bool = False
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Sets(Struct, frozen=True):
    """A parameter of the optimizer that a schedule sets itself, so that the optimizer's value is not used.

    ``how``: half a sentence, with the schedule's values in braces. ``by``: the schedule's parameter of that meaning.
    ``where``: the flag that must be on for it. ``entry``: the only one of several numbers that is set.
    """

    param: str
    how: str
    by: str = ""
    where: str = ""
    entry: int | None = None


class Schedule(Struct, frozen=True, kw_only=True):
    """An LR schedule. ``run_length``: the parameter that defaults to the run's length, in units of ``every``.

    ``every``: how often it is updated, unless the project sets it. ``watches``: it takes the watched metric.
    ``sets``: what it overrides of the optimizer. ``ends``: it has no updates after its length.
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


class Average(Struct, frozen=True, kw_only=True):
    """An average of weights. ``function``: torch's maker of the function that updates it; without one it is the mean.

    ``every``: when it is updated. ``first``: the parameter that says with which epoch it begins.
    """

    kind: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    function: str = ""
    every: Literal["step", "epoch"] = "step"
    first: str = ""
