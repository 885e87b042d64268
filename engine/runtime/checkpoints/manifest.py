"""What a checkpoint's manifest says beside its tensors: a closed schema, so that an odd one is refused at once."""

import math
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec

from engine.check.training import MOST_THREADS
from engine.codegen.scripts.legs import Way

Count = Annotated[int, msgspec.Meta(ge=0)]
Several = Annotated[int, msgspec.Meta(ge=1)]
Figures = dict[str, float]


class OffsetFacts(TypedDict):
    """How many bytes of the growing files belong to the checkpoint, and their hashes; older versions had none."""

    events: Count
    losses: Count
    events_sha256: NotRequired[str]
    losses_sha256: NotRequired[str]


class PositionFacts(TypedDict):
    """The fields of `engine.runtime.training.learner.Position`."""

    step: Count
    epoch: Count
    batch: Count
    metrics: Figures
    best: Figures
    best_epoch: Several | None
    best_step: Several | None
    is_over: bool
    seconds: float


class OptimizerFacts(TypedDict):
    """What `optimization.optimizer_state` gives beside tensors; torch decides what is in it."""

    groups: list[dict[str, Any]]
    scalars: dict[str, dict[str, Any]]


class ScheduleFacts(TypedDict):
    """What `optimization.schedule_state` gives; torch decides what is in ``schedule``."""

    length: Several | None
    moved: Count
    schedule: dict[str, Any]


class StopFacts(TypedDict):
    """Of early stopping."""

    best: float | None
    waited: Count


class KeptFacts(TypedDict):
    """The numbers of `resources.snippets.metrics.Metrics` in the epoch that has begun."""

    bare: bool
    rows: Count
    kept: Count
    measured: Count
    sums: Figures


class Circumstances(TypedDict):
    """What decides a run's bits beside the project."""

    versions: dict[str, str]
    device: str
    machine: str
    threads: Annotated[int, msgspec.Meta(ge=1, le=MOST_THREADS)]


class LegFacts(TypedDict):
    """The fields of `engine.codegen.scripts.legs.Leg`."""

    end: Several
    epoch: Count
    batch: Count
    way: Way


class LengthFacts(TypedDict):
    """The fields of `engine.codegen.scripts.legs.RunLength`; older versions kept only the number of epochs."""

    epochs: Several
    legs: NotRequired[Annotated[list[LegFacts], msgspec.Meta(min_length=1)]]
    went_on: NotRequired[list[Several]]


class CourseFacts(Circumstances, LengthFacts):
    """What stays the same while a process trains. ``began``: in Unix time.

    ``in_unit``: whether metrics are in the unit of the data. Runs of older versions lack it: theirs are in the unit of
    training, and go on so, as what they reach is compared with what they have reached.
    ``data_hash``: of what ``data.json`` says, ``first_event`` of the first line of events, and ``step_hash`` of
    ``step.py``; older versions had none.
    """

    began: float
    in_unit: NotRequired[bool]
    data_hash: NotRequired[str]
    first_event: NotRequired[str]
    graph_hash: str
    step_hash: NotRequired[str]
    project_hash: str


class RunFacts(CourseFacts):
    """What was written so far. ``unreported``: losses that no event has told yet."""

    offsets: OffsetFacts
    unreported: list[float]


class Facts(RunFacts):
    """All of them."""

    position: PositionFacts
    optimizer: OptimizerFacts
    pace: ScheduleFacts | None
    early_stop: StopFacts | None
    figures: KeptFacts


def plain(value: object) -> object:
    """JSON's form; a number that JSON lacks becomes an object that `read_facts` knows."""
    match value:
        case float() if not math.isfinite(value):
            return {"number": str(value)}
        case dict():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return value


def read_facts(raw: object) -> Facts:
    """The facts whose `plain` form that is. Raises: ``ValueError`` that names what is missing or of another type."""
    return msgspec.convert(_restored(raw), Facts)


def _restored(value: Any) -> Any:  # noqa: ANN401 (JSON)
    match value:
        case {"number": str(text), **rest} if not rest:
            return float(text)
        case dict():
            return {name: _restored(item) for name, item in value.items()}
        case list():
            return [_restored(item) for item in value]
    return value
