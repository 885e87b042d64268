"""What is exported: a project, or a run with the weights of one of its checkpoints."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.codegen.scripts.run_length import RunLength
from engine.errors import ExportProblem
from engine.graph.model import Project
from engine.runs.folder import RunFolder
from engine.runtime.after_training.trained_network import Warn, Which, chosen_checkpoint, refuse_unfit
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.run_folder_check import (
    other_source,
    other_step,
    read_record,
    refuse_other_data,
    refuse_other_model,
    refuse_other_step,
    run_project,
)
from engine.runtime.checkpoints.run_length import recorded_length
from engine.runtime.load import load_model
from engine.runtime.training_setup.prepare import Prepared, prepare


@dataclass(frozen=True)
class ExportSource:
    """The source of an export. Each part is read when a writer first needs it, and raises ``EngineError``."""

    project: Project | None = None
    base: Path = Path()
    folder: RunFolder | None = None
    checkpoint: Checkpoint | None = None
    warn: Warn | None = None

    @classmethod
    def of_project(cls, project: Project, base: Path) -> "ExportSource":
        """A project; relative paths start from ``base``."""
        return cls(project=project, base=base)

    @classmethod
    def of_run(cls, run: Path, which: Which, warn: Warn) -> "ExportSource":
        """A run with its best or its last weights."""
        folder = RunFolder.open(run)
        return cls(folder=folder, checkpoint=chosen_checkpoint(folder, which, warn), warn=warn)

    @property
    def weights(self) -> Checkpoint:
        """The checkpoint whose weights are exported."""
        if self.checkpoint is None:
            raise ExportProblem("A graph that was not trained_network has no weights.", hint="Train it.", code="E010")
        return self.checkpoint

    @cached_property
    def prepared(self) -> Prepared:
        """The project with its data and source; of a run only where its folder still fits its checkpoint."""
        if self.project is not None:
            return prepare(self.project, self.base)
        folder, saved = self._run
        refuse_other_model(folder, saved.metadata)
        refuse_other_step(folder, saved.metadata)
        record = read_record(folder, saved.metadata)
        prepared = prepare(run_project(folder, saved.metadata), record.base, folder.path)
        refuse_other_data(record, prepared.data)
        network = load_model(prepared.source.text, prepared.project, folder.model).network()
        refuse_unfit(folder.path, network, saved)
        others = (
            other_source(folder, saved.metadata, prepared.source.text),
            other_step(folder, saved.metadata, prepared.step_hashes),
        )
        for other in filter(None, others):
            if self.warn:
                self.warn(other)
        return prepared

    @property
    def threads(self) -> int:
        """How many threads the exported training uses, on which its bits depend."""
        return self.checkpoint.metadata["threads"] if self.checkpoint else 1

    @cached_property
    def length(self) -> RunLength | None:
        """The length of the run with all its legs; ``None``: what the project plans."""
        if self.folder is None:
            return None
        last = checkpoint.newest(self.folder.checkpoints, to_train=False)  # the best may be of an earlier leg
        return recorded_length(last.metadata, self.prepared.project)

    @property
    def _run(self) -> tuple[RunFolder, Checkpoint]:
        if self.folder is None or self.checkpoint is None:
            raise TypeError("a source is a project or a run")
        return self.folder, self.checkpoint
