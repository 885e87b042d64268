"""The status of runs: state and final metrics, read from the last lines of their events."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from engine.errors import RunProblem
from engine.graph.stepwise import Steps, result
from engine.project.existence import is_folder
from engine.runs.damage import damage
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
from engine.runs.index import known_runs
from engine.runs.label import Label, label_of
from engine.runs.run_settings import Setup, setup_of
from engine.runs.tail import last_lines

RunState = Literal["running", "paused", "finished", "stopped", "failed", "interrupted", "lost"]
"""``interrupted``: its trainer died, and it can be resumed. ``lost``: the folder is missing, or no run any more."""

_ENDED: dict[Reason, RunState] = {"completed": "finished", "stopped": "stopped", "failed": "failed"}


class Summary(Struct, frozen=True):
    """One line of the list of runs.

    ``metrics``: of the last epoch; ``best``: the same metrics at the best epoch, known when the run has ended.
    ``started_at``: UTC, ISO 8601, or empty. ``ignored``: a sentence where the label could not be read.
    ``damage``: a sentence about damage; a running run is not checked.
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
    damage: str = ""

    @property
    def name(self) -> str:
        """The user's name of the run, else the folder's."""
        return self.label.display_name(self.path)


def state(run: Path) -> RunState:
    """The current state of a run."""
    return summary(run, looks_for_damage=False).state


def summary(run: Path, *, looks_for_damage: bool = True) -> Summary:
    """The current state of a run, with its metrics."""
    return result(summary_steps(run, looks_for_damage=looks_for_damage))


def summary_steps(run: Path, *, looks_for_damage: bool = True) -> Steps[Summary]:
    """`summary` in steps."""
    folder = RunFolder(run)
    if not folder.is_run:
        return Summary(run, "lost", damage=f"{folder.project} is missing." if folder.was_run else "")
    is_alive = folder.is_alive  # read before the events: a process that ends in between may have written an end
    try:
        first, lines = last_lines(folder.events)
    except OSError:
        first, lines = b"", []
    read = list(_latest(reversed(lines)))
    last = [event for event in map(decode, read) if event is not None]
    started = decode(first)
    final = _final(last)
    has_ended = isinstance(_state_event(last), Finished) and _state(last, is_alive=is_alive) != "failed"
    label, ignored = label_of(run)
    damaged = ""
    if looks_for_damage and not is_alive:
        damaged = yield from damage(folder, first, read, final, has_ended=has_ended)
    return Summary(
        run,
        _state(last, is_alive=is_alive),
        started.started_at if isinstance(started, Started) else "",
        final.epochs,
        final.metrics,
        final.best,
        final.best_epoch,
        parameters=started.parameters if isinstance(started, Started) else None,
        setup=setup_of(run),
        label=label,
        ignored=ignored,
        damage=damaged,
    )


def list_runs(place: Path | None = None) -> list[Summary]:
    """The runs in a folder (a run, a folder of runs, or one with ``runs/``), newest first.

    Without a place: every known run, and those of the current folder.

    Raises: ``RunProblem`` when ``place`` is not a folder.
    """
    if place is None:
        runs = {os.path.realpath(run): run for run in [*known_runs(), *_runs_below(Path.cwd())]}
    elif is_folder(place):
        runs = {os.path.realpath(run): run for run in _runs_below(place)}
    else:
        raise RunProblem(f"There is no folder {place}.", hint="Name a folder that holds runs.", code="R002")
    return sorted(map(summary, runs.values()), key=lambda run: (run.started_at, run.path.name), reverse=True)


def _runs_below(place: Path) -> Iterator[Path]:
    if RunFolder(place).was_run:
        yield place
        return
    for parent in (place, place / "runs"):
        try:
            yield from (
                child for child in parent.iterdir() if not child.name.startswith(".") and RunFolder(child).was_run
            )
        except OSError:  # no such folder, or no permission to read it
            continue


def _latest(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines from the newest back to those with the state of the run and the last metrics."""
    current, has_metrics = False, False
    for line in lines:
        if line.startswith(b'{"event":"StepDone"'):  # most lines, which are not needed here
            continue
        yield line
        event = decode(line)
        current = current or isinstance(event, Started | Resumed | Paused | Continued | Finished)
        has_metrics = has_metrics or isinstance(event, EpochDone | Finished)
        if current and has_metrics:
            return


def _state_event(last: list[Event]) -> Event | None:
    return next((event for event in last if isinstance(event, Started | Resumed | Paused | Continued | Finished)), None)


def _state(last: list[Event], *, is_alive: bool) -> RunState:
    current = _state_event(last)
    if is_alive:
        return "paused" if isinstance(current, Paused) else "running"
    return _ENDED[current.reason] if isinstance(current, Finished) else "interrupted"


def _final(last: list[Event]) -> Finished:
    newest = next((event for event in last if isinstance(event, EpochDone | Finished)), None)
    if isinstance(newest, EpochDone):
        return Finished("stopped", newest.epoch, newest.metrics, {})
    return newest or Finished("stopped", 0, {}, {})
