"""The messages of the analysis worker."""

from typing import Any, NotRequired, TypedDict, get_args

from msgspec import Struct, field

from engine.catalog.params import Value
from engine.check.diagnostics import Diagnostic, Fix, Severity
from engine.errors import FileProblem
from engine.graph.json_form import edit_from_json, edit_to_json
from engine.protocol.asking import AskForm, Reply
from engine.protocol.data_answers import Headings, SampleShown, Summary
from engine.protocol.result_answers import RunResults, SampleResult
from engine.protocol.text import Json, MessageError, from_line, revision_of, to_line


class Ready(Struct, frozen=True):
    """The worker has loaded torch and takes requests."""

    pid: int
    versions: dict[str, str]


class Alive(Struct, frozen=True):
    """Sent each second, also while a request is being answered."""

    at_s: float  # seconds since the worker started
    busy: int | None = None  # the revision being worked on


class NodeAnswer(TypedDict):
    """The analysis of one node: shapes and element types by output port, and its sizes for one sample.

    ``derived``: the parameters that were read off the wires. ``times``: how often it occurs by repetition.
    ``weights``: the shapes of its weights by their names below the node; left out where they are unknown.
    """

    outputs: dict[str, list[int | str]]
    parameters: int
    macs: int
    elements: NotRequired[dict[str, str]]
    derived: NotRequired[dict[str, Value]]
    times: NotRequired[int]
    weights: NotRequired[dict[str, list[int]]]


class FieldFound(TypedDict):
    """A field that the data has: the shape of a sample, its element, float, int or class, and what it is."""

    shape: list[int | str]
    element: str
    kind: str


class LengthFound(TypedDict):
    """An axis of variable length: the length that multiply-adds are counted for, and its limits as text."""

    length: int
    limits: str


class Analysed(Struct, frozen=True):
    """The analysis results.

    ``nodes``: by dotted path, as in ``check --json``.
    ``source``: the text of ``model.py``, empty where problems prevent it. ``lines``: the node of each of its lines, by
    numbers from 1. ``fields``: those of the data; empty where the data cannot be read. ``lengths``: by letter.
    """

    revision: int
    problems: tuple[Diagnostic, ...]
    nodes: dict[str, NodeAnswer]
    parameters: int
    macs: int
    source: str = ""
    lines: dict[int, str] = field(default_factory=dict)
    fields: dict[str, FieldFound] = field(default_factory=dict)
    lengths: dict[str, LengthFound] = field(default_factory=dict)


class SamplesShown(Struct, frozen=True):
    """Samples, each with its number, its place and its fields."""

    revision: int
    rows: list[SampleShown]


class DataSummed(Struct, frozen=True):
    """The statistics of the data; for a table without statistics its columns as ``headings``, and the reason."""

    revision: int
    summary: Summary | Headings


class DevicesFound(Struct, frozen=True):
    """The devices: the name that ``--device`` takes, and a text to show."""

    revision: int
    devices: list[dict[str, str]]


class ExportPreviewed(Struct, frozen=True):
    """Texts by file name."""

    revision: int
    files: dict[str, str]


class RunDescribed(Struct, frozen=True):
    """What the network of a run can be asked."""

    revision: int
    form: AskForm


class Replied(Struct, frozen=True):
    """The answers of a network."""

    revision: int
    reply: Reply


class RunEvaluated(Struct, frozen=True):
    """The results of a run."""

    revision: int
    results: RunResults


class CellShown(Struct, frozen=True):
    """The samples of a cell of the confusion matrix, the worst first."""

    revision: int
    samples: list[SampleResult]


class ResultsSaved(Struct, frozen=True):
    """A file was written."""

    revision: int
    path: str


class Stale(Struct, frozen=True):
    """A request that was dropped, because a newer one of its kind has arrived."""

    revision: int


class Failed(Struct, frozen=True):
    """A request that could not be answered. ``revision`` is ``None`` where it could not be read.

    ``fault``: it is a bug of the worker, whose log has the details.
    """

    revision: int | None
    message: str
    hint: str = ""
    code: str = ""
    node: str | None = None
    fault: bool = False


Answer = (
    Ready | Alive | Analysed | SamplesShown | DataSummed | DevicesFound | ExportPreviewed | RunDescribed | Replied
    | RunEvaluated | CellShown | ResultsSaved
    | Stale | Failed
)  # fmt: skip

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Answer)}


def encode_answer(answer: Answer) -> bytes:
    """An answer as one line, its end included."""
    raw: Json = {"answer": type(answer).__name__}
    for name in answer.__struct_fields__:
        value = getattr(answer, name)
        raw[name] = [problem_to_json(each) for each in value] if name == "problems" else value
    return to_line(raw)


def decode_answer(line: bytes) -> Answer:
    """The answer that a line holds; unknown fields are left out. Raises: `MessageError`."""
    raw = from_line(line)
    kind = _KINDS.get(str(raw.get("answer")))
    if kind is None:
        raise MessageError(f"there is no answer {raw.get('answer')!r}")
    values = {name: raw[name] for name in kind.__struct_fields__ if name in raw}
    try:
        if "problems" in values:
            values["problems"] = tuple(map(problem_from_json, values["problems"]))
        if "lines" in values:
            values["lines"] = {int(number): node for number, node in values["lines"].items()}
        return kind(**values)  # type: ignore[no-any-return] # one of the kinds
    except (TypeError, ValueError, AttributeError, FileProblem) as wrong:
        raise MessageError(f"{kind.__name__} is damaged: {wrong}", revision_of(raw)) from None


def problem_to_json(problem: Diagnostic) -> Json:
    """A problem with all that the window needs, including its fix."""
    raw: Json = {**problem.as_json(), "graph": problem.graph}
    if problem.fix:
        raw["fix"] = {"label": problem.fix.label, "edit": edit_to_json(problem.fix.edit)}
    return raw


def problem_from_json(raw: Any) -> Diagnostic:  # noqa: ANN401 (what JSON gives)
    """The problem that `problem_to_json` wrote."""
    fix = raw.get("fix")
    return Diagnostic(
        raw["code"],
        raw["severity"] if raw["severity"] in get_args(Severity) else "error",
        raw["message"],
        raw["hint"],
        node=raw["node"],
        port=raw["port"],
        graph=raw["graph"],
        fix=Fix(fix["label"], edit_from_json(fix["edit"])) if fix else None,
    )
