"""The losses that a run minimizes, and its phases."""

from pathlib import Path
from typing import NamedTuple

from engine.errors import EngineError
from engine.graph.model import Graph
from engine.graph.phases import losses_of
from engine.project import file
from engine.runs.folder import RunFolder


class RunLosses(NamedTuple):
    """Names of the losses, without ``train_`` or ``val_``, and of the phases in order."""

    losses: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()

    @property
    def are_several(self) -> bool:
        """Whether there is more to show than the total loss."""
        return len(self.losses) > 1 or len(self.phases) > 1


def losses_of_run(run: Path) -> RunLosses:
    """The losses and phases of the project in a run folder; none if it cannot be read."""
    try:
        project = file.read(RunFolder(run).project, allow_newer=True)
    except EngineError:
        return RunLosses()
    graph = project.graphs.get(project.main, Graph())
    return RunLosses(losses_of(graph), tuple(phase.name for phase in project.training.phases))
