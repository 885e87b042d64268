"""A request for a run, and its outcome."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.graph.model import Project
from engine.runs.events import Event

Emit = Callable[[Event], None]
"""Called with every event after it is in the run's ``events.jsonl``."""

Reason = Literal["completed", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """A request for one run. ``project.training`` holds everything that decides its result, overrides included.

    ``base``: the folder that the project's relative paths start from. ``folder``: the run folder to make; it must not
    exist or be empty; ``or_next``: if it is used already, make the next free name.
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

    ``note``: a sentence with the reason, when it ended before the requested epochs.
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


def ignore(_event: Event) -> None:
    """Do nothing with an event."""
