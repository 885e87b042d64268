"""What the analysis worker can be asked about the open project, and what kind of answer each question has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from engine.catalog.exports import CODE
from engine.graph.model import Project
from engine.protocol.answers import Answer, DataSummed, DevicesFound, ExportPreviewed, Failed, SamplesShown, Stale
from engine.protocol.requests import DataSummary, Devices, ExportPreview, Part, Samples

A = TypeVar("A")
T = TypeVar("T")
Request = Samples | DataSummary | Devices | ExportPreview


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """What can be asked about the project: the kind of its answer, and the request with a number, a project, a folder.

    Of several questions of a ``kind`` that wait, only the newest is asked, where ``newest`` says so.
    """

    kind: type[A]
    request: Callable[[int, Project, str], Request]
    newest: bool = True

    def take(self, callback: "Callable[[A | Failed], object]", answer: Answer) -> None:
        """Give an answer to who asked; `Failed` where it is of another kind, or nothing for one that is out of date."""
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
    """Ask for samples of a part, from one on; ``rows``: for these, by number."""
    return Question(SamplesShown, partial(Samples, part=part, start=start, count=count, rows=rows))


def export_preview(to: str = CODE.name) -> Question[ExportPreviewed]:
    """Ask for the text files that an export would write."""
    return Question(ExportPreviewed, partial(ExportPreview, to=to))


def _call(callback: Callable[[T], object], answer: T) -> None:
    """Tell who asked, unless it is a panel that has gone."""
    owner = getattr(callback.func if isinstance(callback, partial) else callback, "__self__", None)
    if not isinstance(owner, QObject) or isValid(owner):
        callback(answer)
