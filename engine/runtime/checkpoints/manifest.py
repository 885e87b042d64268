"""The metadata in a checkpoint's manifest: a closed schema, so that an invalid one is refused at once."""

import math
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec

from engine.check.training import MAX_THREADS
from engine.codegen.scripts.run_length import ScheduleMode

Count = Annotated[int, msgspec.Meta(ge=0)]
Several = Annotated[int, msgspec.Meta(ge=1)]
Values = dict[str, float]


class OffsetState(TypedDict):
    """How many bytes of the growing files belong to the checkpoint, and their hashes; older versions had none."""

    events: Count
    losses: Count
    events_sha256: NotRequired[str]
    losses_sha256: NotRequired[str]


class PositionState(TypedDict):
    """The fields of `engine.runtime.training.learner.Position`."""

    step: Count
    epoch: Count
    batch: Count
    metrics: Values
    best: Values
    best_epoch: Several | None
    best_step: Several | None
    is_over: bool
    seconds: float


class OptimizerState(TypedDict):
    """What `optimization.optimizer_state` gives beside tensors; torch decides what is in it."""

    groups: list[dict[str, Any]]
    scalars: dict[str, dict[str, Any]]


class ScheduleState(TypedDict):
    """What `optimization.schedule_state` gives; torch decides what is in ``schedule``. ``place``: in a list of them."""

    length: Count | None
    moved: Count
    place: NotRequired[Count]
    schedule: dict[str, Any]


class PhaseState(TypedDict):
    """The state of a phase of the training step. ``passes``: over batches, so far."""

    optimizer: OptimizerState
    pace: ScheduleState | None
    passes: Count


class StepState(TypedDict):
    """What `state.step_state` gives: the optimizer and the LR schedule of a step without phases, or its ``phases``."""

    optimizer: NotRequired[OptimizerState]
    pace: NotRequired[ScheduleState | None]
    phases: NotRequired[dict[str, PhaseState]]


class EarlyStopState(TypedDict):
    """The state of early stopping."""

    best: float | None
    waited: Count


class MetricsState(TypedDict):
    """The numbers of `resources.snippets.training.metrics.Metrics` in the epoch that has begun."""

    bare: bool
    rows: Count
    kept: Count
    measured: Count
    sums: Values


class PhaseMetricsState(TypedDict):
    """The numbers of `resources.snippets.training.phase_metrics.PhaseMetrics` in the epoch that has begun, by loss."""

    samples: dict[str, list[Count]]
    sums: Values
    counts: dict[str, Count]


class ScoreState(TypedDict):
    """What `state.score_state` gives: the metrics of a step without phases, or the means of one with phases."""

    figures: NotRequired[MetricsState]
    means: NotRequired[PhaseMetricsState]


class Environment(TypedDict):
    """What the bits of a run depend on beside the project."""

    versions: dict[str, str]
    device: str
    machine: str
    threads: Annotated[int, msgspec.Meta(ge=1, le=MAX_THREADS)]


class LegRecord(TypedDict):
    """The fields of `engine.codegen.scripts.run_length.Leg`."""

    end: Several
    epoch: Count
    batch: Count
    way: ScheduleMode


class LengthRecord(TypedDict):
    """The fields of `engine.codegen.scripts.run_length.RunLength`; older versions kept only the number of epochs."""

    epochs: Several
    legs: NotRequired[Annotated[list[LegRecord], msgspec.Meta(min_length=1)]]
    went_on: NotRequired[list[Several]]


class SourceHashes(TypedDict):
    """Hashes of ``step.py``, and of the modules that one with phases imports from; older versions had none."""

    step_hash: NotRequired[str]
    module_hashes: NotRequired[dict[str, str]]


class ProcessMetadata(Environment, LengthRecord, SourceHashes):
    """What stays the same while a process trains. ``began``: in Unix time.

    ``in_unit``: whether metrics are in the unit of the data. Runs of older versions lack it: theirs are in the unit of
    training, and continue so, because new metrics are compared with earlier ones.
    ``data_hash``: of what ``data.json`` holds, ``first_event``: of the first line of events; older versions had none.
    """

    began: float
    in_unit: NotRequired[bool]
    data_hash: NotRequired[str]
    first_event: NotRequired[str]
    graph_hash: str
    project_hash: str


class UnreportedLosses(TypedDict):
    """The losses of steps that no event has reported yet, and those of their phases."""

    unreported: list[float]
    unreported_phases: NotRequired[dict[str, list[float | None]]]


class RunMetadata(ProcessMetadata, UnreportedLosses):
    """The metadata of a run beside the state of its training."""

    offsets: OffsetState


class CheckpointMetadata(RunMetadata, StepState, ScoreState):
    """All metadata of a checkpoint."""

    position: PositionState
    early_stop: EarlyStopState | None


def plain(value: object) -> object:
    """The form for JSON; a number that JSON lacks becomes an object that `read_metadata` knows."""
    match value:
        case float() if not math.isfinite(value):
            return {"number": str(value)}
        case dict():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    return value


def read_metadata(raw: object) -> CheckpointMetadata:
    """The metadata whose `plain` form this is. Raises: ``ValueError`` that names what is missing or of another type."""
    return msgspec.convert(_restore_numbers(raw), CheckpointMetadata)


def _restore_numbers(value: Any) -> Any:  # noqa: ANN401 (JSON)
    match value:
        case {"number": str(text), **rest} if not rest:
            return float(text)
        case dict():
            return {name: _restore_numbers(item) for name, item in value.items()}
        case list():
            return [_restore_numbers(item) for item in value]
    return value
