"""Data and training as JSON."""

from typing import Literal

from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.graph.json_form.parts import (
    average_from_json,
    average_to_json,
    clip_from_json,
    clip_to_json,
    optimizers_from_json,
    optimizers_to_json,
    params_of,
    part_from_json,
    part_to_json,
    schedule_from_json,
    schedule_to_json,
)
from engine.graph.json_form.phases import phase_from_json, phase_to_json
from engine.graph.json_form.schema import Fields, Json, Read, flag, list_of, maybe, number, text, whole, wrong
from engine.graph.json_form.values import declared_to_json, read_declared
from engine.graph.model import NO_DATA, Best, Data, EarlyStop, Split, Training


def data_to_json(data: Data) -> Json:
    """The data with its complete split; empty for a project that has no data."""
    if data == NO_DATA:
        return {}
    fields: Json = ({"kind": data.kind} if data.kind else {}) | declared_to_json(
        data.params, data.extra, params_of(datasets(), data.kind)
    )
    fields["split"] = _split_to_json(data.split)
    steps = [part_to_json(step, transforms()) for step in data.transforms]
    return fields | ({"transforms": steps} if steps else {})


def data_from_json(raw: object, where: str = "data") -> Data:
    """The data. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    usual = NO_DATA
    kind = fields.take("kind", text, usual.kind)
    split = fields.take("split", _split_from_json, usual.split)
    steps = fields.take("transforms", list_of(lambda raw, where: part_from_json(raw, where, transforms())), ())
    params, extra = read_declared(fields, params_of(datasets(), kind))
    return Data(kind, params, split, steps, extra)


def training_to_json(training: Training) -> Json:
    """The training; schedule, clipping and early stopping only where it has them."""
    fields: Json = {
        "epochs": training.epochs,
        "batch_size": training.batch_size,
        "drop_last": training.drop_last,
        "seed": training.seed,
        "device": training.device,
        "threads": training.threads,
        "optimizer": optimizers_to_json(training.optimizer, training.other_optimizers),
        "l1": training.l1,
        "l2": training.l2,
    }
    fields |= {"schedule": schedule_to_json(training.schedule)} if training.schedule else {}
    fields |= {"clip": clip_to_json(training.clip)} if training.clip else {}
    fields |= {"early_stop": _early_stop_to_json(training.early_stop)} if training.early_stop else {}
    best = _best_to_json(training.best)
    fields |= {"best": best} if best else {}
    fields |= {"average": average_to_json(training.average)} if training.average else {}
    fields |= {"phases": [phase_to_json(phase) for phase in training.phases]} if training.phases else {}
    return fields | training.extra


def training_from_json(raw: object, where: str = "training") -> Training:
    """The training. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    usual = Training()
    phases = fields.take("phases", list_of(phase_from_json), ())
    optimizer, other_optimizers = fields.take("optimizer", optimizers_from_json, (usual.optimizer, ()))
    usual_watch = EarlyStop().watch if len(phases) < 2 else ""  # the sum of several phases' losses means nothing
    return Training(
        epochs=fields.take("epochs", whole, usual.epochs),
        batch_size=fields.take("batch_size", whole, usual.batch_size),
        drop_last=fields.take("drop_last", flag, usual.drop_last),
        seed=fields.take("seed", whole, usual.seed),
        device=fields.take("device", text, usual.device),
        threads=fields.take("threads", _threads, usual.threads),
        optimizer=optimizer,
        other_optimizers=other_optimizers,
        schedule=fields.take("schedule", maybe(schedule_from_json), None),
        l1=fields.take("l1", number, usual.l1),
        l2=fields.take("l2", number, usual.l2),
        clip=fields.take("clip", maybe(clip_from_json), None),
        early_stop=fields.take("early_stop", maybe(_early_stop_reader(usual_watch)), None),
        best=fields.take("best", maybe(_best_from_json), None) or usual.best,
        average=fields.take("average", maybe(average_from_json), None),
        phases=phases,
        extra=fields.rest(),
    )


def _split_to_json(split: Split) -> Json:
    fields: Json = {"validation": split.validation, "test": split.test, "stratify": split.stratify, "seed": split.seed}
    fields |= {"group": split.group} if split.group else {}
    return fields | split.extra


def _split_from_json(raw: object, where: str) -> Split:
    fields = Fields(raw, where)
    return Split(
        fields.take("validation", number, 0.2),
        fields.take("test", number, 0.0),
        fields.take("stratify", flag, True),
        fields.take("seed", whole, 0),
        fields.take("group", text, ""),
        fields.rest(),
    )


def _early_stop_to_json(stop: EarlyStop) -> Json:
    return {"watch": stop.watch, "patience": stop.patience, "min_delta": stop.min_delta} | stop.extra


def _early_stop_reader(usual_watch: str) -> Read[EarlyStop]:
    def read(raw: object, where: str) -> EarlyStop:
        fields = Fields(raw, where)
        return EarlyStop(
            fields.take("watch", text, usual_watch),
            fields.take("patience", whole, 5),
            fields.take("min_delta", number, 0.0),
            fields.rest(),
        )

    return read


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
