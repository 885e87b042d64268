"""Data and training as JSON."""

from collections.abc import Mapping
from typing import Literal

from engine.catalog.data_spec import Dataset, Transform
from engine.catalog.datasets import datasets
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param
from engine.catalog.schedules import SCHEDULES
from engine.catalog.training_spec import Optimizer, Schedule
from engine.catalog.transforms import transforms
from engine.catalog.weights_spec import Initializer, Parametrization
from engine.graph.model import Best, Clip, Data, EarlyStop, Part, SchedulePart, Split, Training
from engine.graph.plain.schema import Fields, Json, flag, listed, maybe, number, text, whole, wrong
from engine.graph.plain.values import declared_to_json, read_declared


def data_to_json(data: Data) -> Json:
    """Where the rows come from, the split spelled out."""
    found = {"kind": data.kind} | declared_to_json(data.params, data.extra, _params(datasets(), data.kind))
    found["split"] = _split_to_json(data.split)
    steps = [part_to_json(step, transforms()) for step in data.transforms]
    return found | ({"transforms": steps} if steps else {})


def data_from_json(raw: object, where: str = "data") -> Data:
    """Where the rows come from. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    usual = Data()
    kind = fields.take("kind", text, usual.kind)
    split = fields.take("split", _split_from_json, usual.split)
    steps = fields.take("transforms", listed(lambda raw, where: part_from_json(raw, where, transforms())), ())
    params, extra = read_declared(fields, _params(datasets(), kind))
    return Data(kind, params, split, steps, extra)


def training_to_json(training: Training) -> Json:
    """How the network is trained; schedule, clipping and early stop only where there are any."""
    found: Json = {
        "epochs": training.epochs,
        "batch_size": training.batch_size,
        "drop_last": training.drop_last,
        "seed": training.seed,
        "device": training.device,
        "threads": training.threads,
        "optimizer": part_to_json(training.optimizer, OPTIMIZERS),
        "l1": training.l1,
        "l2": training.l2,
    }
    found |= {"schedule": _schedule_to_json(training.schedule)} if training.schedule else {}
    found |= {"clip": _clip_to_json(training.clip)} if training.clip else {}
    found |= {"early_stop": _early_stop_to_json(training.early_stop)} if training.early_stop else {}
    best = _best_to_json(training.best)
    found |= {"best": best} if best else {}
    return found | training.extra


def training_from_json(raw: object, where: str = "training") -> Training:
    """How the network is trained. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    usual = Training()
    return Training(
        epochs=fields.take("epochs", whole, usual.epochs),
        batch_size=fields.take("batch_size", whole, usual.batch_size),
        drop_last=fields.take("drop_last", flag, usual.drop_last),
        seed=fields.take("seed", whole, usual.seed),
        device=fields.take("device", text, usual.device),
        threads=fields.take("threads", _threads, usual.threads),
        optimizer=fields.take("optimizer", _optimizer_from_json, usual.optimizer),
        schedule=fields.take("schedule", maybe(_schedule_from_json), None),
        l1=fields.take("l1", number, usual.l1),
        l2=fields.take("l2", number, usual.l2),
        clip=fields.take("clip", maybe(_clip_from_json), None),
        early_stop=fields.take("early_stop", maybe(_early_stop_from_json), None),
        best=fields.take("best", maybe(_best_from_json), None) or usual.best,
        extra=fields.rest(),
    )


Known = (
    Mapping[str, Dataset]
    | Mapping[str, Transform]
    | Mapping[str, Optimizer]
    | Mapping[str, Schedule]
    | Mapping[str, Initializer]
    | Mapping[str, Parametrization]
)
"""Declarations by kind."""


def _params(known: Known, kind: str) -> tuple[Param, ...] | None:
    declared = known.get(kind)
    return declared.params if declared else None


def part_to_json(part: Part, known: Known) -> Json:
    """A declared thing with its values."""
    return {"kind": part.kind} | declared_to_json(part.params, part.extra, _params(known, part.kind))


def part_from_json(raw: object, where: str, known: Known) -> Part:
    """A declared thing with its values. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    return Part(kind, *read_declared(fields, _params(known, kind)))


def _optimizer_from_json(raw: object, where: str) -> Part:
    return part_from_json(raw, where, OPTIMIZERS)


def _split_to_json(split: Split) -> Json:
    known = {"validation": split.validation, "test": split.test, "stratify": split.stratify, "seed": split.seed}
    return known | split.extra


def _split_from_json(raw: object, where: str) -> Split:
    fields = Fields(raw, where)
    return Split(
        fields.take("validation", number, 0.2),
        fields.take("test", number, 0.0),
        fields.take("stratify", flag, True),
        fields.take("seed", whole, 0),
        fields.rest(),
    )


def _schedule_to_json(schedule: SchedulePart) -> Json:
    return part_to_json(schedule, SCHEDULES) | ({"every": schedule.every} if schedule.every else {})


def _schedule_from_json(raw: object, where: str) -> SchedulePart:
    fields = Fields(raw, where)
    kind = fields.need("kind", text)
    every = fields.take("every", maybe(_every), None)
    return SchedulePart(kind, *read_declared(fields, _params(SCHEDULES, kind)), every)


def _every(raw: object, where: str) -> Literal["step", "epoch"]:
    match raw:
        case "step" | "epoch":
            return raw
    raise wrong(where, '"step" or "epoch"', raw)


def _clip_to_json(clip: Clip) -> Json:
    return {"by": clip.by, "at": clip.at} | clip.extra


def _clip_from_json(raw: object, where: str) -> Clip:
    fields = Fields(raw, where)
    return Clip(fields.take("by", _norm_or_value, "norm"), fields.take("at", number, 1.0), fields.rest())


def _norm_or_value(raw: object, where: str) -> Literal["norm", "value"]:
    match raw:
        case "norm" | "value":
            return raw
    raise wrong(where, '"norm" or "value"', raw)


def _early_stop_to_json(stop: EarlyStop) -> Json:
    return {"watch": stop.watch, "patience": stop.patience, "min_delta": stop.min_delta} | stop.extra


def _early_stop_from_json(raw: object, where: str) -> EarlyStop:
    fields = Fields(raw, where)
    return EarlyStop(
        fields.take("watch", text, "val_loss"),
        fields.take("patience", whole, 5),
        fields.take("min_delta", number, 0.0),
        fields.rest(),
    )


def _best_to_json(best: Best) -> Json:
    return ({"watch": best.watch} if best.watch is not None else {}) | best.extra


def _best_from_json(raw: object, where: str) -> Best:
    fields = Fields(raw, where)
    return Best(fields.take("watch", maybe(text), None), fields.rest())


def _threads(raw: object, where: str) -> int | Literal["auto"]:
    if isinstance(raw, str):
        if raw == "auto":
            return "auto"
        raise wrong(where, 'a whole number or "auto"', raw)
    return whole(raw, where)
