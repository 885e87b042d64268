"""The events of a run, each one line of JSON in the run folder's ``events.jsonl``."""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal, get_args

import msgspec
from msgspec import Struct, field

from engine.check.diagnostics import Diagnostic, Severity

Reason = Literal["completed", "stopped", "failed"]
Number = int | float


class View(Struct, frozen=True):
    """The page of the window for an event, beside the charts.

    ``module``: below `gui.runs.results`; its function ``page`` makes the page. ``keeps_all``: it can show every epoch,
    not only the best and the last one.
    """

    title: str
    module: str
    keeps_all: bool = False


class _Timed(Struct, frozen=True, kw_only=True):
    view: ClassVar[View | None] = None  # of events with a page of their own; they have a field `epoch`

    t_s: float = 0.0  # since the run first started, pauses and interruptions included


class Started(_Timed, frozen=True):
    """Training begins; what decides its bits is recorded."""

    versions: dict[str, str]  # of python, torch, torchloom and other packages that compute
    device: str
    threads: int
    steps_per_epoch: int
    graph_hash: str
    epochs: int = 0  # requested
    batch_size: int = 0
    seed: int = 0
    parameters: int = 0  # numbers to learn
    rows: dict[str, int] = field(default_factory=dict)  # by part: training, validation, test
    started_at: str = ""  # UTC, ISO 8601


class StepDone(_Timed, frozen=True):
    """Some steps are over; at most 20 of these a second.

    ``phases``: where the training lists phases, the total loss of each in these steps, ``None`` where it did not run.
    """

    first_step: int  # of `losses`; steps count from 1 over the whole run
    losses: tuple[float, ...]  # every step since the last event; nan is legal, written "nan"
    epoch: float  # epochs of data seen, such as 1.25
    lr: float  # of the first phase
    samples_per_s: float
    phases: dict[str, tuple[float | None, ...]] = field(default_factory=dict)


class EpochDone(_Timed, frozen=True):
    """An epoch is over and its metrics are known."""

    epoch: int  # counts from 1
    metrics: dict[str, float]  # names start with train_ or val_
    seconds: float
    step: int = 0  # the epoch's last


class Confusion(_Timed, frozen=True):
    """How often each true class (row) was taken for each class (column) in the validation part."""

    view = View("Confusion", "confusion")

    matrix: tuple[tuple[int, ...], ...]
    class_names: tuple[str, ...]
    epoch: int = 0
    node: str | None = None  # the loss or metric it belongs to


class Predictions(_Timed, frozen=True):
    """The answers of the network for some validation samples: up to 16 that are most wrong, then 8 over the part."""

    view = View("Samples", "predictions")

    indices: tuple[int, ...]  # of samples in the data set
    truth: tuple[Number | tuple[Number, ...], ...]  # a class, a number, or numbers for each sample
    scores: tuple[tuple[float, ...], ...]  # for each sample one value per class, or the predicted numbers
    epoch: int = 0
    node: str | None = None


class Samples(_Timed, frozen=True):
    """What the network generates from the same noise at the end of each epoch.

    Of many epochs the pictures are thinned out.
    """

    view = View("Generated", "generated", keeps_all=True)

    epoch: int  # counts from 1
    node: str  # the Output that gives them
    path: str  # of a PNG file, from the run's folder: in samples/


class GradientNorms(_Timed, frozen=True):
    """How large the gradient of each node's parameters is (2-norm)."""

    norms: dict[str, float]  # by node path, such as stem.conv1
    step: int = 0


class CheckpointSaved(_Timed, frozen=True):
    """A checkpoint is on the disk and verified."""

    step: int
    best: bool  # the best weights so far


class Paused(_Timed, frozen=True):
    """Training waits between two steps, as requested."""

    step: int = 0


class Continued(_Timed, frozen=True):
    """Training continues after a pause, in the same process."""

    step: int = 0


class Resumed(_Timed, frozen=True):
    """A new process continues from a checkpoint; what was recorded after it has been cut off."""

    step: int
    epochs: int = 0  # requested, which may be more than at the start
    device: str = ""
    threads: int = 0
    differences: tuple[str, ...] = ()  # to where it began, in sentences; with none, the run continues bit for bit
    schedule: str = ""  # restart or stretch, where a new end changes the schedule
    legs: tuple[int, ...] = ()  # the ends of the run's legs, in epochs
    note: str = ""  # a sentence about the schedule


class Problem(_Timed, frozen=True):
    """Something is wrong with the project, the data or the run."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    node: str | None = None
    port: str | None = None

    @classmethod
    def of(cls, wrong: Diagnostic, *, t_s: float = 0.0) -> "Problem":
        """The event that carries a diagnostic."""
        return cls(wrong.code, wrong.severity, wrong.message, wrong.hint, wrong.node, wrong.port, t_s=t_s)

    def diagnostic(self) -> Diagnostic:
        """The diagnostic that the event carries."""
        return Diagnostic(self.code, self.severity, self.message, self.hint, self.node, self.port)


class Finished(_Timed, frozen=True):
    """Training is over."""

    reason: Reason
    epochs: int  # completed
    metrics: dict[str, float]  # of the last epoch
    best: dict[str, float]  # the same names, at `best_epoch`
    best_epoch: int | None = None
    step: int = 0
    seconds: float = 0.0  # of training, pauses and interruptions left out
    note: str = ""  # a sentence with the reason, when it ended before the requested epochs


Event = (
    Started
    | StepDone
    | EpochDone
    | Confusion
    | Predictions
    | Samples
    | GradientNorms
    | CheckpointSaved
    | Paused
    | Continued
    | Resumed
    | Problem
    | Finished
)
KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


def event_views() -> dict[type[Event], View]:
    """The pages by kind of event, in the order of the window."""
    return {kind: kind.view for kind in KINDS.values() if kind.view}


def encode(event: Event) -> str:
    """The event as one line of JSON, without the line feed."""
    raw: dict[str, object] = {"event": type(event).__name__, "t_s": event.t_s}
    values = ((name, getattr(event, name)) for name in event.__struct_fields__)
    raw |= {name: value for name, value in values if value or name != "phases"}  # most trainings list none
    return msgspec.json.encode(_plain(raw)).decode()


def decode(line: str | bytes) -> Event | None:
    """The event of one line; ``None`` for an unknown or a broken one. Unknown fields are skipped."""
    try:
        return _event(msgspec.json.decode(line))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def is_broken(line: bytes) -> bool:
    """Whether a line is not JSON, an event without its fields, or an unknown event."""
    return bool(line) and decode(line) is None


def decode_lines(lines: bytes) -> list[Event]:
    """The events of many lines; unknown and broken ones are left out."""
    events = (decode(line) for line in lines.split(b"\n"))
    return [event for event in events if event is not None]


def _event(raw: object) -> Event | None:
    kind = KINDS.get(str(raw.get("event"))) if isinstance(raw, dict) else None
    if kind is None:
        return None
    try:
        return msgspec.convert(raw, kind, strict=False)  # reads "nan", "inf" and "-inf" where a number belongs
    except msgspec.ValidationError:
        return None


def _plain(value: object) -> object:
    """Non-finite numbers as strings; lone surrogates (in a file name of an old encoding) as ``?``."""
    match value:
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return value.encode(errors="replace").decode()
        case tuple() | list():
            return [_plain(item) for item in value]
        case Mapping():
            return {_plain(key): _plain(item) for key, item in value.items()}
    return value
