"""From a project to what is trained: its rows in memory, and its source."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine.check.training import needs_loss
from engine.codegen.model import generate
from engine.codegen.source import Source
from engine.errors import EngineError, RunProblem
from engine.graph.model import Project
from engine.runs.folder import RunFolder
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.inputs import Preparation
from engine.runtime.data.loaded import LoadedData, load_data

MOST_RECORD_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project that may be trained. ``source``: its ``model.py``. ``base``: where its relative paths start."""

    project: Project
    base: Path
    data: LoadedData
    source: Source

    @property
    def graph_hash(self) -> str:
        """Tells whether two runs train the same network."""
        return hashlib.sha256(self.source.text.encode()).hexdigest()


def prepare(project: Project, base: Path) -> Prepared:
    """Check the project, generate its source, load its data.

    Raises: ``EngineError`` for the first error found, wherever it is.
    """
    report = check_project(project, base)
    for wrong in (*report.errors, *needs_loss(project)):
        raise EngineError(wrong.message, hint=wrong.hint, node=wrong.node, code=wrong.code)
    data = load_data(project, base)
    if project.training.drop_last and len(data.training) < project.training.batch_size:
        raise RunProblem(
            f"The training part has {len(data.training)} rows, fewer than one batch of {project.training.batch_size}, "
            "and drop_last leaves it out.",
            hint="Use a smaller batch, or keep the last batch.",
        )
    return Prepared(project, base, data, generate(project, report.derived))


def data_record(prepared: Prepared) -> bytes:
    """The run's ``data.json``: where the rows came from, and what prediction needs to know of them."""
    record = {
        "version": 1,
        "base": str(prepared.base.absolute()),
        "sources": [asdict(source) for source in prepared.data.sources],
        "preparation": Preparation.of(prepared.data).as_json(),
    }
    return msgspec.json.encode(record) + b"\n"


def read_record(folder: RunFolder) -> dict[str, Any]:
    """What `data_record` wrote. Raises: `RunProblem`."""
    try:
        if folder.data.stat().st_size > MOST_RECORD_BYTES:
            raise RunProblem(f"{folder.data} is too large to be a run's.", code="R015")
        record = json.loads(folder.data.read_bytes())
        if record["version"] != 1 or not isinstance(record["base"], str):
            raise RunProblem(f"{folder.data} was written by another version of Torchloom.", code="R015")
        return dict(record)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunProblem(
            f"{folder.data} cannot be read: {error}.",
            hint="Take it from a copy of the run, or train again.",
            code="R015",
        ) from error


def refuse_other_data(folder: RunFolder, data: LoadedData) -> None:
    """Raises: `RunProblem` when the files are not those the run began with."""
    before = [(str(source["path"]), source["sha256"]) for source in read_record(folder)["sources"]]
    for source, (path, digest) in zip(data.sources, before, strict=True):
        if source.sha256 != digest:
            raise RunProblem(
                f"{source.path} has changed since the run began (it was {path} with SHA-256 {digest[:12]}..., "
                f"and is {source.sha256[:12]}... now).",
                hint="Put the old file back, or train again in a new run.",
                code="R016",
            )


def refuse_other_model(folder: RunFolder, graph_hash: str) -> None:
    """Raises: `RunProblem` when ``model.py`` is not the file that the run began with."""
    try:
        text = folder.model.read_bytes()
    except OSError as error:
        raise RunProblem(f"{folder.model} cannot be read: {error.strerror or error}.", code="R020") from error
    if hashlib.sha256(text).hexdigest() != graph_hash:
        raise RunProblem(
            f"{folder.model} was changed after the run began.", hint="Restore it, or train anew.", code="R021"
        )
