"""How runs stand: state and final figures, read from the last lines of their events."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.errors import RunProblem
from engine.project.there import is_folder, is_there
from engine.runs.events import (
    Continued,
    EpochDone,
    Event,
    Finished,
    Paused,
    Reason,
    Resumed,
    Started,
    decode,
)
from engine.runs.folder import RunFolder
from engine.runs.index import known
from engine.runs.label import Label, label_of
from engine.runs.setup import Setup, setup_of

RunState = Literal["running", "paused", "finished", "stopped", "failed", "interrupted", "lost"]
"""``interrupted``: its trainer died, and it can be resumed. ``lost``: the folder is gone, or no run any more."""

_ENDED: dict[Reason, RunState] = {"completed": "finished", "stopped": "stopped", "failed": "failed"}
_END = 256 << 10  # bytes: a pause or an end is the last that a trainer writes
_BEGINNING = 64 << 10


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list of runs.

    ``metrics`` are the last epoch's; ``best`` has the same names, and is known when the run has ended.
    ``started_at``: UTC, ISO 8601, or empty. ``ignored``: a sentence where the label could not be read.
    """

    path: Path
    state: RunState
    started_at: str = ""
    epochs: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    best: dict[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    parameters: int | None = None
    setup: Setup = field(default_factory=Setup)
    label: Label = field(default_factory=Label)
    ignored: str = ""

    @property
    def name(self) -> str:
        """The name that a person gave the run, else the folder's."""
        return self.label.name or self.path.name


def state(run: Path) -> RunState:
    """How a run stands now."""
    return summary(run).state


def summary(run: Path) -> Summary:
    """How a run stands now, with its figures."""
    folder = RunFolder(run)
    try:
        if not folder.is_run:
            return Summary(run, "lost")
        is_alive = folder.is_alive  # asked before the events are read: who dies in between may have written an end
        first, last = _ends(folder.events)
    except OSError:
        return Summary(run, "lost")
    started = decode(first)
    figures = _figures(last)
    label, ignored = label_of(run)
    return Summary(
        run,
        _state(last, is_alive=is_alive),
        started.started_at if isinstance(started, Started) else "",
        figures.epochs,
        figures.metrics,
        figures.best,
        figures.best_epoch,
        parameters=started.parameters if isinstance(started, Started) else None,
        setup=setup_of(run),
        label=label,
        ignored=ignored,
    )


def list_runs(place: Path | None = None) -> list[Summary]:
    """The runs in a folder (itself a run, or holding runs, or a project's with ``runs/``), newest first.

    Without a place: every known run, and those of the current folder.

    Raises: ``RunProblem`` when ``place`` is no folder.
    """
    if place is None:
        found = {os.path.realpath(run): run for run in [*known(), *_runs_below(Path.cwd())]}
    elif is_folder(place):
        found = {os.path.realpath(run): run for run in _runs_below(place)}
    else:
        raise RunProblem(f"There is no folder {place}.", hint="Name a folder that holds runs.", code="R002")
    return sorted(map(summary, found.values()), key=lambda run: (run.started_at, run.path.name), reverse=True)


def _runs_below(place: Path) -> Iterator[Path]:
    if RunFolder(place).is_run:
        yield place
        return
    for parent in (place, place / "runs"):
        try:
            yield from (
                child for child in parent.iterdir() if not child.name.startswith(".") and RunFolder(child).is_run
            )
        except OSError:  # no such folder, or not ours to read: no runs to list
            continue


def _ends(path: Path) -> tuple[bytes, list[Event]]:
    """The first line, and the events at the end, newest first, decoded one by one as they are asked for."""
    if not is_there(path):
        return b"", []
    with path.open("rb") as file:
        first = file.readline(_BEGINNING)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END))
        lines = file.read().split(b"\n")
    return first, list(_latest(reversed(lines[:-1])))


def _latest(lines: Iterable[bytes]) -> Iterator[Event]:
    """Events from the newest back to the one that tells how the run stands and the last figures."""
    stands, figures = False, False
    for line in lines:
        if line.startswith(b'{"event":"StepDone"'):  # by far the most, and they tell nothing here
            continue
        event = decode(line)
        if event is not None:
            yield event
        stands = stands or isinstance(event, Started | Resumed | Paused | Continued | Finished)
        figures = figures or isinstance(event, EpochDone | Finished)
        if stands and figures:
            return


def _state(last: list[Event], *, is_alive: bool) -> RunState:
    stands = next(
        (event for event in last if isinstance(event, Started | Resumed | Paused | Continued | Finished)), None
    )
    if is_alive:
        return "paused" if isinstance(stands, Paused) else "running"
    return _ENDED[stands.reason] if isinstance(stands, Finished) else "interrupted"


def _figures(last: list[Event]) -> Finished:
    newest = next((event for event in last if isinstance(event, EpochDone | Finished)), None)
    if isinstance(newest, EpochDone):
        return Finished("stopped", newest.epoch, newest.metrics, {})
    return newest or Finished("stopped", 0, {}, {})
