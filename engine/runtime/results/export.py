"""What leaves the app: code that trains and predicts by itself, and weights."""

from pathlib import Path
from typing import Literal

from engine.catalog.datasets import datasets
from engine.codegen.literals import quoted
from engine.codegen.scripts.legs import RunLength
from engine.errors import ExportProblem
from engine.graph.model import Project
from engine.project import disk_errors, durable
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.length import kept_length
from engine.runtime.checkpoints.origin import (
    other_source,
    other_step,
    read_record,
    refuse_other_data,
    refuse_other_model,
    refuse_other_step,
    run_project,
)
from engine.runtime.data.sources import SHIPPED
from engine.runtime.load import load_model
from engine.runtime.preparation.prepare import Prepared, prepare
from engine.runtime.preparation.program import program
from engine.runtime.results.readme import readme, requirements
from engine.runtime.results.weights import Warn, Which, chosen_checkpoint, ignore, refuse_unfit

Format = Literal["code", "safetensors"]


def export_project(project: Project, base: Path, output: Path) -> None:
    """Write a project's code to a new folder; its ``train.py`` uses one thread.

    Raises: ``EngineError``; nothing is then left behind.
    """
    _refuse_used(output)
    _write(output, prepare(project, base), 1)


def export_run(run: Path, to: Format, output: Path, *, which: Which = "best", warn: Warn = ignore) -> None:
    """Write a run's code and weights to a new folder, or its weights alone to a file.

    Raises: ``EngineError``; nothing is then left behind.
    """
    folder = RunFolder.open(run)
    found = chosen_checkpoint(folder, which, warn)
    if to == "safetensors":
        _write_weights(output, found)
        return
    _refuse_used(output)
    refuse_other_model(folder, found.facts)
    refuse_other_step(folder, found.facts)
    record = read_record(folder, found.facts)
    prepared = prepare(run_project(folder, found.facts), record.base)
    refuse_other_data(record, prepared.data)
    refuse_unfit(run, load_model(prepared.source.text, prepared.project, folder.model).network(), found)
    if other := other_source(folder, found.facts, prepared.source.text):
        warn(other)
    if other := other_step(folder, found.facts, prepared.step_hash):
        warn(other)
    last = checkpoint.newest(folder.checkpoints, to_train=False)  # the best may be of an earlier leg
    length = kept_length(last.facts, prepared.project)
    _write(output, prepared, found.facts["threads"], found, length)


def _refuse_used(output: Path) -> None:
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        what = "is not empty" if output.is_dir() else "is a file"
        raise ExportProblem(f"{output} {what}.", hint="Name a new folder.", code="E011")


def _write_weights(output: Path, found: Checkpoint) -> None:
    if output.exists():
        raise ExportProblem(f"{output} exists already.", hint="Name a new file, or remove it first.", code="E012")
    try:
        durable.replace(output, _weights(found))
    except OSError as error:
        raise disk_errors.problem("write", output, error) from error


def _weights(found: Checkpoint) -> bytes:
    from safetensors.torch import save

    return save(found.weights)


def preview(project: Project, base: Path) -> dict[str, str]:
    """The texts that `export_project` would write, by file name. Raises: ``EngineError``."""
    return _texts(prepare(project, base), 1)


def _texts(
    prepared: Prepared, threads: int, found: Checkpoint | None = None, length: RunLength | None = None
) -> dict[str, str]:
    files = program(prepared, threads, length, _places(prepared))
    suffixes = [Path(source.path).suffix for source in prepared.data.sources]
    return {
        "model.py": prepared.source.text,
        **files,
        "requirements.txt": requirements("".join(files.values()), suffixes),
        "README.md": readme(prepared, tuple(files), found),
    }


def _write(
    output: Path,
    prepared: Prepared,
    threads: int,
    found: Checkpoint | None = None,
    length: RunLength | None = None,
) -> None:
    def fill(folder: Path) -> None:
        for name, text in _texts(prepared, threads, found, length).items():
            durable.replace(folder / name, text.encode())
        _copy_data(prepared, folder / "data")
        if found:
            durable.replace(folder / "weights.safetensors", _weights(found))

    try:
        durable.new_folder(Path(output).absolute(), fill)
    except FileExistsError as error:
        raise ExportProblem(f"{output} is not empty.", hint="Name a new folder.", code="E011") from error
    except OSError as error:
        raise disk_errors.problem("make", output, error) from error


def _shipped(prepared: Prepared) -> str:
    """The shipped file that the data comes from, or nothing."""
    return datasets()[prepared.project.data.kind].file


def _places(prepared: Prepared) -> tuple[str, ...]:
    """Where an exported script finds its data; nowhere, if it is a person's own: that is named by ``--data``."""
    name = _shipped(prepared)
    return (f'str(Path(__file__).parent / "data" / {quoted(name)})',) if name else ()


def _copy_data(prepared: Prepared, place: Path) -> None:
    """A shipped set, with its licence; a person's own data stays where it is."""
    name = _shipped(prepared)
    if not name:
        return
    place.mkdir()
    for each in (name, f"{Path(name).stem}.LICENSE.txt"):
        if (SHIPPED / each).is_file():
            durable.replace(place / each, (SHIPPED / each).read_bytes())
