"""Whether a run folder still holds what its checkpoints were made with: its project, its source, its data."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from engine import __version__
from engine.check.diagnostics import Diagnostic
from engine.errors import DataProblem, RunProblem
from engine.graph.model import Project
from engine.project import file as files
from engine.project.regular_file import content
from engine.runs.folder import RunFolder
from engine.runs.identity import result_hash
from engine.runtime.checkpoints.manifest import CheckpointMetadata, SourceHashes
from engine.runtime.data.inputs import Preparation
from engine.runtime.data.prepared_samples import LoadedData, SourceFile

MAX_RECORD_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Record:
    """A run's ``data.json``: where the samples came from, and what prediction needs to know of them."""

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


def record_hash(text: bytes) -> str:
    """The hash of what decides answers in ``data.json``; the path of the data may change. Raises: ``ValueError``."""
    raw = json.loads(text)
    try:
        decisive = [[source["sha256"] for source in raw["sources"]], raw["preparation"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"it lacks {error}") from error
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def _refuse_other_record(text: bytes, metadata: CheckpointMetadata) -> None:
    if metadata.get("data_hash", "") not in ("", record_hash(text)):
        raise ValueError("it is not the one that the run began with")


def read_record(folder: RunFolder, metadata: CheckpointMetadata) -> Record:
    """What `data_record` wrote. Raises: `RunProblem`, also when the checkpoint has the hash of another one."""
    try:
        text = content(folder.data, MAX_RECORD_BYTES + 1)
        if len(text) > MAX_RECORD_BYTES:
            raise RunProblem(f"{folder.data} is too large to be a run's.", code="R015")
        form = msgspec.json.decode(text, type=_Form)
        _refuse_other_record(text, metadata)
        return Record(Path(form.base), form.sources, Preparation.from_json(form.preparation))
    except (OSError, ValueError, RecursionError, DataProblem) as error:
        reason = error.message if isinstance(error, DataProblem) else f"{getattr(error, 'strerror', None) or error}."
        raise RunProblem(
            f"{folder.data} cannot be read, was changed, or comes from another version: {reason}",
            hint="Take it from a copy of the run, or train again.",
            code="R015",
        ) from error


def run_project(folder: RunFolder, metadata: CheckpointMetadata) -> Project:
    """The project that the run trains. Raises: `EngineError` when it cannot be read or is another by now."""
    project = files.read(folder.project)
    if result_hash(project) != metadata["project_hash"]:
        raise RunProblem(
            f"{folder.project} was changed after the run began, and its checkpoints belong to what it was.",
            hint=f"Put it back as it was, or train its present content as a new run: torchloom train "
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


def other_version(metadata: CheckpointMetadata) -> str:
    """Which Torchloom a run was begun with, for a person who now has one that generates another ``model.py``."""
    before = metadata["versions"].get("torchloom", "")
    if not before:
        return "another Torchloom"
    return f"Torchloom {before}" if before != __version__ else f"another build of Torchloom {before}"


def refuse_other_source(
    folder: RunFolder, metadata: CheckpointMetadata, graph_hash: str, step_hashes: Mapping[str, str]
) -> None:
    """Raises: `RunProblem` when the run trained another source than this version generates.

    ``step_hashes``: of ``step.py`` and its modules.
    """
    before = _step_hashes(metadata) or step_hashes
    generated = {"model.py": (metadata["graph_hash"], graph_hash)}
    generated |= {name: (before.get(name, ""), now) for name, now in step_hashes.items()}
    for name, (old, now) in generated.items():
        if old != now:
            version = other_version(metadata)
            raise RunProblem(
                f"{folder.path} trained a {name} that this Torchloom ({__version__}) does not generate from its "
                f"project.loom: it needs {version}, or its hash was changed too.",
                hint=f"Resume it with {version}, or train again. evaluate, predict and export work here.",
                code="R023",
            )


def source_hashes(step_hashes: Mapping[str, str]) -> SourceHashes:
    """The hashes of ``step.py`` and its modules, as a checkpoint stores them."""
    modules = {name: sha256 for name, sha256 in step_hashes.items() if name != "step.py"}
    hashes: SourceHashes = {"step_hash": step_hashes["step.py"]}
    if modules:
        hashes["module_hashes"] = modules
    return hashes


def _step_hashes(metadata: CheckpointMetadata) -> dict[str, str]:
    """Those of ``step.py`` and its modules; a run of an older version has none."""
    return {"step.py": metadata["step_hash"], **metadata.get("module_hashes", {})} if "step_hash" in metadata else {}


def other_source(folder: RunFolder, metadata: CheckpointMetadata, source: str) -> Diagnostic | None:
    """A warning if the weights are about to be used with another ``model.py`` than they were trained in."""
    if hashlib.sha256(source.encode()).hexdigest() == metadata["graph_hash"]:
        return None
    return Diagnostic(
        "R023",
        "warning",
        f"{folder.model} was written by {other_version(metadata)}, or changed together with its hash. The model that "
        f"this Torchloom ({__version__}) generates from project.loom is used instead, with the weights of the run.",
    )


def other_step(folder: RunFolder, metadata: CheckpointMetadata, step_hashes: Mapping[str, str]) -> Diagnostic | None:
    """A warning if another ``step.py``, or module of it, than the run trained with is about to be exported."""
    before = _step_hashes(metadata)
    changed = [name for name, now in step_hashes.items() if before.get(name, "" if before else now) != now]
    if not changed:
        return None
    name = changed[-1]
    return Diagnostic(
        "R023",
        "warning",
        f"{folder.path / name} was written by {other_version(metadata)}, or changed together with its hash. The {name} "
        f"that this Torchloom ({__version__}) generates from project.loom is exported instead.",
    )


def refuse_other_model(folder: RunFolder, metadata: CheckpointMetadata) -> None:
    """Raises: `RunProblem` when ``model.py`` is not the file that the run began with."""
    _refuse_changed(folder.model, metadata["graph_hash"])


def refuse_other_step(folder: RunFolder, metadata: CheckpointMetadata) -> None:
    """Raises: `RunProblem` when ``step.py`` or a module of it is not the file that the run began with.

    Older versions wrote none.
    """
    for name, sha256 in _step_hashes(metadata).items():
        _refuse_changed(folder.path / name, sha256)


def _refuse_changed(path: Path, sha256: str) -> None:
    try:
        text = content(path)
    except OSError as error:
        hint = "Take it from a copy of the run, or train again."
        raise RunProblem(f"{path} cannot be read: {error.strerror or error}.", hint=hint, code="R020") from error
    if hashlib.sha256(text).hexdigest() != sha256:
        raise RunProblem(f"{path} was changed after the run began.", hint="Restore it, or train again.", code="R021")
