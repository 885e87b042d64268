"""The questions to the analysis worker about the open project, with the type of each answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, Literal, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from engine.catalog.exports import CODE
from engine.graph.model import Project
from engine.protocol.answers import (
    Answer,
    CellShown,
    DataSummed,
    DevicesFound,
    ExportPreviewed,
    Failed,
    Replied,
    ResultsSaved,
    RunDescribed,
    RunEvaluated,
    SamplesShown,
    Stale,
)
from engine.protocol.requests import (
    AboutResults,
    Ask,
    CellSamples,
    DataSummary,
    DescribeRun,
    Devices,
    Evaluate,
    ExportPreview,
    Part,
    Samples,
    SaveResults,
)

A = TypeVar("A")
T = TypeVar("T")
Request = Samples | DataSummary | Devices | ExportPreview | DescribeRun | Ask | AboutResults


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """A question: the type of its answer, and its request, made from a number, a project and a base folder.

    With ``newest``, only the newest of several waiting questions of a ``kind`` is sent.
    """

    kind: type[A]
    request: Callable[[int, Project, str], Request]
    newest: bool = True

    def take(self, callback: "Callable[[A | Failed], object]", answer: Answer) -> None:
        """Pass an answer to the callback, or `Failed` if it is of another type; a stale one is dropped."""
        match answer:
            case Stale():
                return
            case Failed():
                _call(callback, answer)
            case _ if isinstance(answer, self.kind):
                _call(callback, answer)
            case _:
                _call(callback, Failed(None, "The analysis worker answered something else.", fault=True))


DEVICES = Question(DevicesFound, lambda number, _project, _base: Devices(number), newest=False)
SUMMARY = Question(DataSummed, DataSummary)


def samples(
    part: Part = "training", start: int = 0, count: int = 16, rows: tuple[int, ...] = ()
) -> Question[SamplesShown]:
    """Ask for ``count`` samples of a part from ``start`` on; ``rows``: for these indices instead."""
    return Question(SamplesShown, partial(Samples, part=part, start=start, count=count, rows=rows))


def export_preview(to: str = CODE.name) -> Question[ExportPreviewed]:
    """Ask for the text files that an export would write."""
    return Question(ExportPreviewed, partial(ExportPreview, to=to))


def describe_run(run: str) -> Question[RunDescribed]:
    """Ask what the network of a run takes."""
    return Question(RunDescribed, lambda number, _project, _base: DescribeRun(number, run))


def ask_about(run: str, question: dict[str, object]) -> Question[Replied]:
    """Ask the network of a run."""
    return Question(Replied, lambda number, _project, _base: Ask(number, run, question))


def evaluation(run: Path, part: Part = "validation", data: Path | None = None) -> Question[RunEvaluated]:
    """Ask for the results of a run on a part of its data, or on new data."""
    path = str(data) if data else ""
    return Question(RunEvaluated, lambda number, _project, _base: Evaluate(number, str(run), part, path))


def cell_samples(run: Path, true: int, predicted: int) -> Question[CellShown]:
    """Ask for the samples of a cell of the confusion matrix of the last evaluation."""
    return Question(CellShown, lambda number, _project, _base: CellSamples(number, str(run), true, predicted))


def results_file(run: Path, form: Literal["report", "predictions"], path: Path) -> Question[ResultsSaved]:
    """Ask to write the last evaluation to a file."""
    return Question(
        ResultsSaved, lambda number, _project, _base: SaveResults(number, str(run), form, str(path)), newest=False
    )


def _call(callback: Callable[[T], object], answer: T) -> None:
    """Call the callback, unless it belongs to a deleted panel."""
    owner = getattr(callback.func if isinstance(callback, partial) else callback, "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        callback(answer)
