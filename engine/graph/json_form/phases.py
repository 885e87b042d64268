"""Training phases as JSON."""

from collections.abc import Callable
from typing import TypeVar

from engine.graph.json_form.parts import (
    clip_from_json,
    clip_to_json,
    optimizers_from_json,
    optimizers_to_json,
    schedule_from_json,
    schedule_to_json,
)
from engine.graph.json_form.schema import Fields, Json, Read, a_list, list_of, name, number, whole, wrong
from engine.graph.model import Phase
from engine.graph.off import OFF, Off

T = TypeVar("T")
_names = list_of(name)


def phase_to_json(phase: Phase) -> Json:
    """One phase; settings that it takes from the training, and counts of 1, are left out."""
    fields: Json = {"name": phase.name, "losses": list(phase.losses)}
    fields |= {"learns": list(phase.learns)} if phase.learns is not None else {}
    fields |= {"optimizer": optimizers_to_json(phase.optimizer, phase.other_optimizers)} if phase.optimizer else {}
    fields |= {"schedule": _unless_off(phase.schedule, schedule_to_json)} if phase.schedule else {}
    fields |= {"clip": _unless_off(phase.clip, clip_to_json)} if phase.clip else {}
    penalties = {"l1": phase.l1, "l2": phase.l2}
    fields |= {key: value for key, value in penalties.items() if value is not None}
    counts = {"times": phase.times, "every": phase.every, "accumulate": phase.accumulate}
    fields |= {key: count for key, count in counts.items() if count != 1}
    fields |= {"epochs": list(phase.epochs)} if phase.epochs is not None else {}
    return fields | phase.extra


def phase_from_json(raw: object, where: str = "phase") -> Phase:
    """One phase. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    optimizer, other_optimizers = fields.take("optimizer", optimizers_from_json, (None, ()))
    return Phase(
        fields.need("name", name),
        losses=fields.take("losses", _names, ()),
        learns=fields.take("learns", _names, None),
        optimizer=optimizer,
        other_optimizers=other_optimizers,
        schedule=fields.take("schedule", _or_off(schedule_from_json), None),
        clip=fields.take("clip", _or_off(clip_from_json), None),
        l1=fields.take("l1", number, None),
        l2=fields.take("l2", number, None),
        times=fields.take("times", whole, 1),
        every=fields.take("every", whole, 1),
        epochs=fields.take("epochs", _epochs, None),
        accumulate=fields.take("accumulate", whole, 1),
        extra=fields.rest(),
    )


def _unless_off(own: T | Off, to_json: Callable[[T], Json | list[Json]]) -> Json | list[Json] | None:
    """A setting of a phase, null where the phase turns it off."""
    return None if isinstance(own, Off) else to_json(own)


def _or_off(read: Read[T]) -> Read[T | Off]:
    """A reader of null, where the phase turns it off, or of what ``read`` reads."""
    return lambda raw, where: OFF if raw is None else read(raw, where)


def _epochs(raw: object, where: str) -> tuple[int, int]:
    counts = [whole(item, f"{where}[{place}]") for place, item in enumerate(a_list(raw, where))]
    if len(counts) != 2:
        raise wrong(where, "two whole numbers, the first and the last epoch", raw)
    return counts[0], counts[1]
