"""Which values change nothing, and why: their parameters are declared idle, or a schedule sets them itself."""

from collections.abc import Mapping
from typing import NamedTuple

from engine.catalog.params import Param, Value
from engine.catalog.spec import effective
from engine.catalog.training_spec import Schedule


class Without(NamedTuple):
    """That a value has no effect. ``why``: half a sentence. ``entry``: the only one of several numbers that has none.

    ``instead``: the parameter of the schedule that it would be.
    """

    why: str
    entry: int | None = None
    instead: str = ""

    @property
    def note(self) -> str:
        """What a person should know beside the value."""
        return f"No effect: {self.why}" if self.entry is None else self.why


def idle(params: tuple[Param, ...], values: Mapping[str, object]) -> dict[str, Without]:
    """The parameters that do nothing beside these values; those that ``values`` leaves out are not judged by."""
    return {
        param.name: Without(found.why)
        for param in params
        for found in param.idle
        if found.param in values and found.holds(values[found.param])
    }


def overruled(schedule: Schedule, given: Mapping[str, Value], optimizer: tuple[Param, ...]) -> dict[str, Without]:
    """The parameters of an optimizer that a schedule with these values sets itself."""
    values = effective(schedule.params, given)
    names = {param.name for param in optimizer}
    return {
        each.param: Without(f"{schedule.kind} sets {each.how.format(**values)}", each.entry, each.by)
        for each in schedule.sets
        if each.param in names and (not each.where or values.get(each.where) is True)
    }
