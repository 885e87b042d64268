"""Optimizers, LR schedules, transforms and gradient clipping as JSON."""

from collections.abc import Mapping
from typing import Literal

from engine.catalog.averages import AVERAGES
from engine.catalog.data.spec import Dataset, Transform
from engine.catalog.generation_kinds import GENERATORS, Generator
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param
from engine.catalog.schedules import SCHEDULES
from engine.catalog.training_spec import Average, Optimizer, Schedule
from engine.catalog.weight_settings.spec import Initializer, Parametrization
from engine.errors import FileProblem
from engine.graph.json_form.schema import Fields, Json, list_of, maybe, name, number, text, whole, wrong
from engine.graph.json_form.values import declared_to_json, read_declared
from engine.graph.model import MATRICES, Clip, OtherOptimizer, Part, SchedulePart

Declarations = (
    Mapping[str, Average]
    | Mapping[str, Generator]
    | Mapping[str, Dataset]
    | Mapping[str, Transform]
    | Mapping[str, Optimizer]
    | Mapping[str, Schedule]
    | Mapping[str, Initializer]
    | Mapping[str, Parametrization]
)
"""Declarations by kind."""


def params_of(kinds: Declarations, kind: str) -> tuple[Param, ...] | None:
    """The declared parameters of a kind, ``None`` for an unknown one."""
    declared = kinds.get(kind)
    return declared.params if declared else None


def part_to_json(part: Part, kinds: Declarations) -> Json:
    """One optimizer, schedule or transform. ``kinds``: the declared kinds."""
    return {"kind": part.kind} | declared_to_json(part.params, part.extra, params_of(kinds, part.kind))


def part_from_json(raw: object, where: str, kinds: Declarations, *, expressions: bool = False) -> Part:
    """What `part_to_json` wrote. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    return Part(kind, *read_declared(fields, params_of(kinds, kind), expressions=expressions))


Optimizers = tuple[Part, tuple[OtherOptimizer, ...]]
"""An optimizer, and those beside it."""


def optimizers_to_json(part: Part, others: tuple[OtherOptimizer, ...]) -> Json | list[Json]:
    """An optimizer; a list with those beside it."""
    first = part_to_json(part, OPTIMIZERS)
    return [first, *(_other_to_json(other) for other in others)] if others else first


def optimizers_from_json(raw: object, where: str) -> Optimizers:
    """What `optimizers_to_json` wrote. Raises: `FileProblem`."""
    if not isinstance(raw, list | tuple):
        return part_from_json(raw, where, OPTIMIZERS), ()
    if not raw:
        raise FileProblem(f"{where} is an empty list.", hint="Write the optimizer of all weights as its first entry.")
    if isinstance(raw[0], dict) and "for" in raw[0]:
        hint = "The first optimizer learns the weights that the others leave: write it without for."
        raise FileProblem(f"{where}[0] must not say for which weights it is.", hint=hint)
    others = tuple(_other_from_json(item, f"{where}[{place}]") for place, item in enumerate(raw[1:], start=1))
    return part_from_json(raw[0], f"{where}[0]", OPTIMIZERS), others


def _other_to_json(other: OtherOptimizer) -> Json:
    return part_to_json(other, OPTIMIZERS) | {"for": other.of if other.of == MATRICES else list(other.of)}


def _other_from_json(raw: object, where: str) -> OtherOptimizer:
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    of = fields.need("for", _nodes_or_matrices)
    return OtherOptimizer(kind, *read_declared(fields, params_of(OPTIMIZERS, kind)), of)


def _nodes_or_matrices(raw: object, where: str) -> tuple[str, ...] | Literal["matrices"]:
    if isinstance(raw, str):
        if raw == MATRICES:
            return MATRICES
        raise wrong(where, 'a list of nodes or "matrices"', raw)
    return list_of(name)(raw, where)


def schedule_to_json(schedule: SchedulePart) -> Json | list[Json]:
    """An LR schedule; a list with those after it."""
    entries = [_schedule_entry(part) for part in schedule.parts]
    return entries if schedule.then else entries[0]


def _schedule_entry(part: SchedulePart) -> Json:
    lengths = {"every": part.every, "steps": part.steps, "epochs": part.epochs}
    return part_to_json(part, SCHEDULES) | {name: value for name, value in lengths.items() if value is not None}


def schedule_from_json(raw: object, where: str) -> SchedulePart:
    """What `schedule_to_json` wrote. Raises: `FileProblem`."""
    if not isinstance(raw, list | tuple):
        return _schedule_from_entry(raw, where)
    if not raw:
        raise FileProblem(f"{where} is an empty list.", hint="Leave it out for a constant learning rate.")
    return SchedulePart.of_parts([_schedule_from_entry(item, f"{where}[{place}]") for place, item in enumerate(raw)])


def _schedule_from_entry(raw: object, where: str) -> SchedulePart:
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    every = fields.take("every", maybe(_every), None)
    steps, epochs = (fields.take(name, maybe(whole), None) for name in ("steps", "epochs"))
    return SchedulePart(kind, *read_declared(fields, params_of(SCHEDULES, kind)), every, steps, epochs)


def _every(raw: object, where: str) -> Literal["step", "epoch"]:
    match raw:
        case "step" | "epoch":
            return raw
    raise wrong(where, '"step" or "epoch"', raw)


def average_to_json(part: Part) -> Json:
    """The average of weights."""
    return part_to_json(part, AVERAGES)


def average_from_json(raw: object, where: str) -> Part:
    """The average of weights. Raises: `FileProblem`."""
    return part_from_json(_single(raw, where), where, AVERAGES)


def generation_to_json(part: Part) -> Json:
    """One way to generate."""
    return part_to_json(part, GENERATORS)


def generation_from_json(raw: object, where: str = "generation") -> Part:
    """One way to generate. Raises: `FileProblem` with the path of what is wrong."""
    return part_from_json(raw, where, GENERATORS)


def clip_to_json(clip: Clip) -> Json:
    """Gradient clipping."""
    return {"by": clip.by, "at": clip.at} | clip.extra


def clip_from_json(raw: object, where: str) -> Clip:
    """Gradient clipping. Raises: `FileProblem`."""
    fields = Fields(_single(raw, where), where)
    return Clip(fields.take("by", _norm_or_value, "norm"), fields.take("at", number, 1.0), fields.rest())


def _single(raw: object, where: str) -> object:
    """Any value but a list, which a later version may have here."""
    if isinstance(raw, list | tuple):
        message = f"{where} must be an object, got a list."
        raise FileProblem(message, hint="Write a single object; a list needs a newer Torchloom.")
    return raw


def _norm_or_value(raw: object, where: str) -> Literal["norm", "value"]:
    match raw:
        case "norm" | "value":
            return raw
    raise wrong(where, '"norm" or "value"', raw)
