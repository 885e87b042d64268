"""Whether a run folder still holds what its checkpoints were made with: its project, its source, its data."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec

from engine.errors import DataProblem, RunProblem
from engine.graph.model import Graph, Project, Wire
from engine.project import file as files
from engine.project.reading import content
from engine.runs.folder import RunFolder
from engine.runtime.data.inputs import Preparation
from engine.runtime.data.loaded import LoadedData, SourceFile
from engine.runtime.training.facts import Facts

MOST_RECORD_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Record:
    """A run's ``data.json``: where the rows came from, and what prediction needs to know of them."""

    base: Path  # absolute: what the project's relative paths start from
    sources: tuple[SourceFile, ...]
    preparation: Preparation


@dataclass(frozen=True, slots=True)
class _Form:
    version: Literal[1]
    base: str
    sources: tuple[SourceFile, ...]
    preparation: object


def data_record(base: Path, data: LoadedData) -> bytes:
    """The text of ``data.json``."""
    form = _Form(1, str(base.absolute()), data.sources, Preparation.of(data).as_json())
    return msgspec.json.encode(form) + b"\n"


def read_record(folder: RunFolder) -> Record:
    """What `data_record` wrote. Raises: `RunProblem`."""
    try:
        text = content(folder.data, MOST_RECORD_BYTES + 1)
        if len(text) > MOST_RECORD_BYTES:
            raise RunProblem(f"{folder.data} is too large to be a run's.", code="R015")
        form = msgspec.json.decode(text, type=_Form)
        return Record(Path(form.base), form.sources, Preparation.from_json(form.preparation))
    except (OSError, ValueError, RecursionError, DataProblem) as error:
        said = error.message if isinstance(error, DataProblem) else f"{getattr(error, 'strerror', None) or error}."
        raise RunProblem(
            f"{folder.data} cannot be read, was changed, or comes from another version: {said}",
            hint="Take it from a copy of the run, or train again.",
            code="R015",
        ) from error


def result_hash(project: Project) -> str:
    """Tells whether two projects train alike: what only says how a drawing looks is left out."""
    graphs = {
        name: Graph(
            {each: replace(node, pos=(0.0, 0.0), extra={}) for each, node in graph.nodes.items()},
            [Wire(wire.source, wire.target) for wire in graph.wires],
        )
        for name, graph in project.graphs.items()
    }
    return files.content_hash(replace(project, name="", version=0, graphs=graphs, extra={}))


def run_project(folder: RunFolder, facts: Facts) -> Project:
    """The project that the run trains. Raises: `EngineError` when it cannot be read or is another by now."""
    project = files.read(folder.project)
    if result_hash(project) != facts["project_hash"]:
        raise RunProblem(
            f"{folder.project} was changed after the run began, and its checkpoints belong to what it was.",
            hint=f"Put it back as it was, or train what it says now as a run of its own: torchloom train "
            f"{folder.project} --run NEW.",
            code="R022",
        )
    return project


def refuse_other_data(before: Record, data: LoadedData) -> None:
    """Raises: `RunProblem` when the files are not those the run began with."""
    if len(before.sources) != len(data.sources):
        raise RunProblem(
            f"The run began with {len(before.sources)} files of data, and there are {len(data.sources)} now.",
            hint="Train again in a new run.",
            code="R016",
        )
    for source, old in zip(data.sources, before.sources, strict=True):
        if source.sha256 != old.sha256:
            raise RunProblem(
                f"{source.path} has changed since the run began (it was {old.path} with SHA-256 {old.sha256[:12]}..., "
                f"and is {source.sha256[:12]}... now).",
                hint="Put the old file back, or train again in a new run.",
                code="R016",
            )


def refuse_other_model(folder: RunFolder, facts: Facts) -> None:
    """Raises: `RunProblem` when ``model.py`` is not the file that the run began with."""
    try:
        text = content(folder.model)
    except OSError as error:
        hint = "Take it from a copy of the run, or train again."
        raise RunProblem(
            f"{folder.model} cannot be read: {error.strerror or error}.", hint=hint, code="R020"
        ) from error
    if hashlib.sha256(text).hexdigest() != facts["graph_hash"]:
        raise RunProblem(
            f"{folder.model} was changed after the run began.", hint="Restore it, or train anew.", code="R021"
        )
