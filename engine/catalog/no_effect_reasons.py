"""Which values have no effect, and why: their parameters are declared idle, or a schedule sets them itself."""

from collections.abc import Mapping
from typing import NamedTuple

from engine.catalog.params import Param, Value
from engine.catalog.spec import effective
from engine.catalog.training_spec import Schedule


class NoEffect(NamedTuple):
    """That a value has no effect. ``why``: half a sentence. ``entry``: the index of the only number that has none.

    ``instead``: the parameter of the schedule that replaces it.
    """

    why: str
    entry: int | None = None
    instead: str = ""

    @property
    def note(self) -> str:
        """The remark to show beside the value."""
        return f"No effect: {self.why}" if self.entry is None else self.why


def idle(params: tuple[Param, ...], values: Mapping[str, object]) -> dict[str, NoEffect]:
    """The parameters that have no effect with these values; a value that ``values`` lacks makes none idle."""
    return {
        param.name: NoEffect(rule.why)
        for param in params
        for rule in param.idle
        if rule.param in values and rule.holds(values[rule.param])
    }


def overruled(schedule: Schedule, params: Mapping[str, Value], optimizer: tuple[Param, ...]) -> dict[str, NoEffect]:
    """The parameters of an optimizer that a schedule with these values sets itself."""
    values = effective(schedule.params, params)
    names = {param.name for param in optimizer}
    return {
        each.param: NoEffect(f"{schedule.kind} sets {each.how.format(**values)}", each.entry, each.by)
        for each in schedule.sets
        if each.param in names and (not each.where or values.get(each.where) is True)
    }
