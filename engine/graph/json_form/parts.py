"""Optimizers, LR schedules, transforms and gradient clipping as JSON."""

from collections.abc import Mapping
from typing import Literal

from engine.catalog.data.spec import Dataset, Transform
from engine.catalog.generation_kinds import GENERATORS, Generator
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param
from engine.catalog.schedules import SCHEDULES
from engine.catalog.training_spec import Optimizer, Schedule
from engine.catalog.weight_settings.spec import Initializer, Parametrization
from engine.errors import FileProblem
from engine.graph.json_form.schema import Fields, Json, maybe, number, text, wrong
from engine.graph.json_form.values import declared_to_json, read_declared
from engine.graph.model import Clip, Part, SchedulePart

Declarations = (
    Mapping[str, Generator]
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


def part_from_json(raw: object, where: str, kinds: Declarations) -> Part:
    """What `part_to_json` wrote. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    return Part(kind, *read_declared(fields, params_of(kinds, kind)))


def optimizer_from_json(raw: object, where: str) -> Part:
    """One optimizer. Raises: `FileProblem`."""
    return part_from_json(_single(raw, where), where, OPTIMIZERS)


def schedule_to_json(schedule: SchedulePart) -> Json:
    """One LR schedule."""
    return part_to_json(schedule, SCHEDULES) | ({"every": schedule.every} if schedule.every else {})


def schedule_from_json(raw: object, where: str) -> SchedulePart:
    """One LR schedule. Raises: `FileProblem`."""
    fields = Fields(_single(raw, where), where)
    kind = fields.need("kind", text)
    every = fields.take("every", maybe(_every), None)
    return SchedulePart(kind, *read_declared(fields, params_of(SCHEDULES, kind)), every)


def _every(raw: object, where: str) -> Literal["step", "epoch"]:
    match raw:
        case "step" | "epoch":
            return raw
    raise wrong(where, '"step" or "epoch"', raw)


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
