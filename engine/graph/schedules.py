"""LR schedules one after another: what moves them, whether they cover the run, and the moves of each."""

from collections.abc import Callable, Iterable
from typing import Literal

from engine.catalog.schedules import SCHEDULES
from engine.catalog.schedules import covers_run as covers
from engine.graph.model import SchedulePart


def interval(part: SchedulePart) -> Literal["step", "epoch"]:
    """What moves a schedule and those after it: each step, or each epoch.

    The first entry that says it decides. Else they move each step where one of them counts steps or usually does so.
    """
    for each in part.parts:
        if each.every:
            return each.every
    kinds = (SCHEDULES.get(each.kind) for each in part.parts)
    usual = {kind.every for kind in kinds if kind}
    return "step" if "step" in usual or any(each.steps is not None for each in part.parts) else "epoch"


def covers_run(part: SchedulePart | None) -> bool:
    """Whether the last schedule ends with the run."""
    return part is not None and part.parts[-1].kind in SCHEDULES and covers(part.parts[-1].kind, part.parts[-1].params)


def watching(part: SchedulePart | None) -> SchedulePart | None:
    """The first schedule that watches a metric."""
    entries: Iterable[SchedulePart] = part.parts if part else ()
    return next((each for each in entries if each.kind in SCHEDULES and SCHEDULES[each.kind].watches), None)


def moves_of_parts(part: SchedulePart, total: int, of_epochs: Callable[[int], int]) -> list[int]:
    """How many moves each schedule makes of ``total``; none where the run ends before it.

    ``of_epochs``: the moves in so many epochs.
    """
    left, moves = total, []
    for each in part.parts[:-1]:
        length = of_epochs(each.epochs) if each.epochs is not None else each.steps or 0
        moves.append(min(length, left))
        left -= moves[-1]
    return [*moves, left]
