"""What a run makes small: the losses of its network, and the phases that they are trained in."""

from pathlib import Path
from typing import NamedTuple

from engine.errors import EngineError
from engine.graph.model import Graph
from engine.graph.phases import losses_of
from engine.project import file
from engine.runs.folder import RunFolder


class RunLosses(NamedTuple):
    """Names of losses as metrics have them, without ``train_`` or ``val_``, and of phases in order."""

    losses: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()

    @property
    def are_several(self) -> bool:
        """Whether the total loss alone leaves out what is to be seen."""
        return len(self.losses) > 1 or len(self.phases) > 1


def losses_of_run(run: Path) -> RunLosses:
    """Those of the project that the run keeps; none where that cannot be read."""
    try:
        project = file.read(RunFolder(run).project, allow_newer=True)
    except EngineError:
        return RunLosses()
    graph = project.graphs.get(project.main, Graph())
    return RunLosses(losses_of(graph), tuple(phase.name for phase in project.training.phases))
