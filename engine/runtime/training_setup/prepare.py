"""Prepares a project for training: its samples in memory, and its source."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.check.rules import training_problems
from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.codegen.scripts.step_code import step_code
from engine.codegen.source import Source
from engine.errors import EngineError
from engine.graph.model import Project
from engine.runtime.analysis.analyse import Analysis, check_project
from engine.runtime.data.prepared_samples import LoadedData, load_data
from engine.runtime.initial_weight_files import StartFile, start_files
from engine.runtime.training_setup.units import units_for
from resources.snippets.units import Units


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project that may be trained. ``source``: its ``model.py``. ``base``: where its relative paths start.

    ``start``: the files that weights start from.
    """

    project: Project
    base: Path
    data: LoadedData
    source: Source
    analysis: Analysis
    start: tuple[StartFile, ...] = ()

    @property
    def step(self) -> dict[str, str]:
        """Its ``step.py``, after the modules that it imports where the training lists phases."""
        return step_code(self.project, reads(self.project)).files

    @property
    def step_hash(self) -> str:
        """A hash that is equal if two runs take the same training step."""
        return self.step_hashes["step.py"]

    @property
    def step_hashes(self) -> dict[str, str]:
        """The SHA-256 of each file of the training step, and of those that weights start from."""
        texts = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in self.step.items()}
        return {file.name: file.sha256 for file in self.start} | texts

    @property
    def graph_hash(self) -> str:
        """A hash that is equal if two runs train the same network."""
        return hashlib.sha256(self.source.text.encode()).hexdigest()

    def units(self) -> Units | None:
        """The units of metrics and outputs; ``None`` if no transform changed what is compared."""
        return units_for(self.project, self.data.specs, self.data.fitted)


def prepare(project: Project, base: Path, run_folder: Path | None = None) -> Prepared:
    """Check the project, generate its source, load its data.

    ``run_folder``: of a run of the project, with copies of the files that weights start from.

    Raises: ``EngineError`` for the first error of the project.
    """
    report = check_project(project, base, run_folder=run_folder)
    for wrong in (*report.errors, *training_problems(project)):
        raise EngineError(wrong.message, hint=wrong.hint, node=wrong.node, code=wrong.code)
    data = load_data(project, base)
    source = report.source or generate(project, report.derived)
    return Prepared(project, base, data, source, report, start_files(project, base, run_folder))
