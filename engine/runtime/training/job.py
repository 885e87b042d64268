"""The ways into the trainer: start a run, go on with one, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.check.diagnostics import Diagnostic
from engine.codegen.scripts.legs import Way
from engine.graph.model import Project
from engine.runs.events import Event

Emit = Callable[[Event], None]
"""Told every event after it is in the run's ``events.jsonl``."""

Reason = Literal["completed", "stopped", "failed"]
Which = Literal["best", "last"]
Part = Literal["training", "validation", "test"]


@dataclass(frozen=True, slots=True)
class Job:
    """One run to make. Whatever decides its result is in ``project.training``: overrides are put there first.

    ``base``: the folder that the project's relative paths start from. ``folder``: the run folder to make; it must not
    exist or be empty; ``or_next``: nobody named it, so when it is taken the next free name will do.
    ``losses``: also write every step's loss there, one ``float.hex()`` a line.
    """

    project: Project
    base: Path
    folder: Path
    losses: Path | None = None
    or_next: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended. ``metrics`` are the last epoch's, ``best`` those of ``best_epoch``, by name (``val_loss``).

    ``note``: a sentence that says why, when it is over before the epochs that were asked for.
    """

    folder: Path
    reason: Reason
    epochs: int
    metrics: dict[str, float] = field(default_factory=dict)
    best: dict[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    interrupted: bool = False  # by Ctrl+C: the command line's exit is then 130
    note: str = ""

    @property
    def exit_code(self) -> int:
        """What the command line ends with."""
        if self.interrupted:
            return 130
        return 1 if self.reason == "failed" else 0


Warn = Callable[[Diagnostic], None]
"""Told what a person should know of an answer, such as that an older checkpoint gives it."""


def ignore(_event: object) -> None:
    """Tell nobody."""


def start(job: Job, emit: Emit = ignore) -> Outcome:
    """Make the run folder and train to the end, or until asked to stop.

    Raises: ``EngineError`` before the folder exists when the project, the data or the machine does not allow it, and
    after that when the world fails (a full disk); a loss that is no longer finite is an outcome, reason ``failed``.
    """
    from engine.runtime.training.train import start_run

    return start_run(job, emit)


def resume(
    run: Path,
    emit: Emit = ignore,
    *,
    epochs: int | None = None,
    schedule: Way | None = None,
    device: str | None = None,
    losses: Path | None = None,
) -> Outcome:
    """Go on from the newest checkpoint that verifies; on the same CPU, versions and threads bit for bit.

    ``epochs``: a new end, also for a finished run. ``schedule``: how one that covers the whole run goes on to a later
    end; left out, it begins again over the added epochs. A run that early stopping ended goes on only when more epochs
    are asked for; patience then counts from there.
    """
    from engine.runtime.training.train import resume_run

    return resume_run(run, emit, epochs=epochs, way=schedule, device=device, losses=losses)
