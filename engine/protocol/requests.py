"""The requests to the analysis worker.

Every request but `Shutdown` has a ``revision``, which its answer repeats. A request with a lower revision than an
earlier one of its kind is out of date.
"""

from typing import Any, Literal, get_args

from msgspec import Struct

from engine.catalog.exports import CODE, EXPORTS
from engine.errors import FileProblem
from engine.graph.json_form.schema import Fields, Read
from engine.graph.model import Project
from engine.project.file import from_json, to_json
from engine.protocol.text import Json, MessageError, from_line, revision_of, to_line

Part = Literal["training", "validation", "test"]
REQUIRED = ("revision", "project", "run", "question")
MAX_SAMPLES = 1000  # samples in one answer


class Analyse(Struct, frozen=True):
    """Report shapes, parameters, multiply-adds, problems and source. ``base``: where relative paths start."""

    revision: int
    project: Project
    base: str = "."
    training: bool = False  # also report the problems that only training has


class Samples(Struct, frozen=True):
    """Show some samples of the data as the network gets them; ``rows``: the numbers of samples, instead of a page."""

    revision: int
    project: Project
    base: str = "."
    part: Part = "training"
    start: int = 0
    count: int = 16
    rows: tuple[int, ...] = ()


class DataSummary(Struct, frozen=True):
    """Report the data's classes, split, ranges and missing values."""

    revision: int
    project: Project
    base: str = "."


class Devices(Struct, frozen=True):
    """Report what this machine can train on."""

    revision: int


class ExportPreview(Struct, frozen=True):
    """Show the text files that an export would write. ``to``: its name in `engine.catalog.exports`."""

    revision: int
    project: Project
    base: str = "."
    to: str = CODE.name


class DescribeRun(Struct, frozen=True):
    """Describe what the network of a run can be asked. ``run``: its folder."""

    revision: int
    run: str


class Ask(Struct, frozen=True):
    """Ask the network of a run; ``question``: as `engine.runtime.after_training.asking.question` describes it."""

    revision: int
    run: str
    question: Json


class Evaluate(Struct, frozen=True):
    """Measure the network of a run on a part of its data, or on ``data``, a new file or folder with the truth."""

    revision: int
    run: str
    part: Part = "validation"
    data: str = ""


class CellSamples(Struct, frozen=True):
    """Show the samples of the class ``true`` that were predicted as ``predicted``, in the last evaluation of a run."""

    revision: int
    run: str
    true: int = 0
    predicted: int = 0


class SaveResults(Struct, frozen=True):
    """Write the last evaluation of a run to a file: a ``report`` as HTML, or all ``predictions`` as CSV."""

    revision: int
    run: str
    form: Literal["report", "predictions"] = "report"
    path: str = ""


class Shutdown(Struct, frozen=True):
    """Answer the earlier requests, then end."""


AboutResults = Evaluate | CellSamples | SaveResults
"""Requests about the results of a run."""

Request = Analyse | Samples | DataSummary | Devices | ExportPreview | DescribeRun | Ask | AboutResults | Shutdown


_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(Request)}


def encode_request(request: Request) -> bytes:
    """A request as one line, its end included."""
    raw: Json = {"request": type(request).__name__}
    for name in request.__struct_fields__:
        value = getattr(request, name)
        raw[name] = to_json(value) if isinstance(value, Project) else value
    return to_line(raw)


def decode_request(line: bytes) -> Request:
    """The request that a line holds. Raises: `MessageError`."""
    raw = from_line(line)
    revision = revision_of(raw)
    kind = _KINDS.get(str(raw.get("request")))
    if kind is None:
        kinds = ", ".join(_KINDS)
        raise MessageError(f"there is no request {raw.get('request')!r}; known are {kinds}", revision)
    fields = Fields({name: value for name, value in raw.items() if name != "request"}, "")
    try:
        values = {name: fields.need(name, _READ[name]) for name in kind.__struct_fields__ if name in raw}
        return kind(**values)  # type: ignore[no-any-return] # one of these
    except FileProblem as wrong:
        raise MessageError(f"{wrong}", revision) from None
    except TypeError:
        required = [name for name in REQUIRED if name in kind.__struct_fields__]
        missing = ", ".join(name for name in required if name not in raw)
        raise MessageError(f"{kind.__name__} lacks {missing}", revision) from None


def _whole(least: int, most: int) -> Read[int]:
    def read(raw: object, where: str) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
            raise FileProblem(f"{where} must be a whole number from {least} to {most}, got {raw!r}")
        return raw

    return read


def _one_of(kind: type, *options: object) -> Read[object]:
    def read(raw: object, where: str) -> object:
        if not isinstance(raw, kind) or (options and raw not in options):
            raise FileProblem(f"{where} must be {' or '.join(map(str, options)) or kind.__name__}, got {raw!r}")
        return raw

    return read


def _numbers(raw: object, where: str) -> tuple[int, ...]:
    if not isinstance(raw, list) or len(raw) > MAX_SAMPLES:
        raise FileProblem(f"{where} must be a list of at most {MAX_SAMPLES} numbers")
    return tuple(map(_whole(0, 2**53), raw, [where] * len(raw)))


_READ: dict[str, Read[object]] = {
    "revision": _whole(0, 2**53),
    "project": lambda raw, _where: from_json(raw),
    "base": _one_of(str),
    "training": _one_of(bool),
    "part": _one_of(str, *get_args(Part)),
    "start": _whole(0, 2**53),
    "count": _whole(1, MAX_SAMPLES),
    "rows": _numbers,
    "to": _one_of(str, *EXPORTS),
    "run": _one_of(str),
    "data": _one_of(str),
    "true": _whole(0, 2**53),
    "predicted": _whole(0, 2**53),
    "form": _one_of(str, "report", "predictions"),
    "path": _one_of(str),
    "question": _one_of(dict),
}
