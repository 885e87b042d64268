"""What leaves the app: code that trains and predicts by itself, and weights."""

from pathlib import Path
from typing import Literal

import torch

from engine.catalog.datasets import datasets
from engine.codegen.answers import first_comparison
from engine.codegen.literals import quoted
from engine.codegen.predict_script import PredictFacts, predict_script
from engine.codegen.script import script
from engine.errors import ExportProblem, RunProblem
from engine.graph.model import Project
from engine.project import durable
from engine.project import file as files
from engine.runs.folder import RunFolder
from engine.runtime.checkpoint import Checkpoint
from engine.runtime.create import facts_of
from engine.runtime.job import Which
from engine.runtime.load import Model, load_model
from engine.runtime.prepare import Prepared, prepare, read_record, refuse_other_data, refuse_other_model
from engine.runtime.readme import readme, requirements
from engine.runtime.weights import chosen_checkpoint
from engine.runtime.rows import SHIPPED

Format = Literal["code", "safetensors"]


def export_project(project: Project, base: Path, output: Path) -> None:
    """Write a project's code to a new folder; its ``train.py`` uses one thread.

    Raises: ``EngineError``; nothing is then left behind.
    """
    _refuse_used(output)
    _write(output, prepare(project, base), 1, None)


def export_run(run: Path, to: Format, output: Path, *, which: Which = "best") -> None:
    """Write a run's code and weights to a new folder, or its weights alone to a file.

    Raises: ``EngineError``; nothing is then left behind.
    """
    folder = RunFolder.open(run)
    found = chosen_checkpoint(folder, which)
    refuse_other_model(folder, str(found.facts["graph_hash"]))
    if to == "safetensors":
        _write_weights(output, found)
        return
    _refuse_used(output)
    prepared = prepare(files.read(folder.project), Path(read_record(folder)["base"]))
    refuse_other_data(folder, prepared.data)
    if prepared.graph_hash != found.facts["graph_hash"]:
        raise RunProblem(
            f"{folder.project} no longer makes the model.py that {run} trained.",
            hint="It was changed, or comes from another version of Torchloom; export the weights alone.",
            code="R022",
        )
    _write(output, prepared, int(found.facts["threads"]), found)


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
        raise durable.problem("write", output, error) from error


def _weights(found: Checkpoint) -> bytes:
    from safetensors.torch import save

    return save(found.weights)


def _write(output: Path, prepared: Prepared, threads: int, found: Checkpoint | None) -> None:
    def fill(folder: Path) -> None:
        durable.replace(folder / "model.py", prepared.source.text.encode())
        model = load_model(folder / "model.py", prepared.project.main)
        places = _copy_data(prepared, folder)
        facts = facts_of(prepared, model, places)
        training = script(prepared.project, facts, model.text, model.inputs, threads)
        predicting = predict_script(prepared.project, _predict_facts(prepared, model))
        texts = {"train.py": training, "predict.py": predicting}
        texts |= {"requirements.txt": requirements(training + predicting), "README.md": readme(prepared, found)}
        for name, text in texts.items():
            durable.replace(folder / name, text.encode())
        if found:
            durable.replace(folder / "weights.safetensors", _weights(found))

    try:
        durable.new_folder(Path(output).absolute(), fill)
    except FileExistsError as error:
        raise ExportProblem(f"{output} is not empty.", hint="Name a new folder.", code="E011") from error
    except OSError as error:
        raise durable.problem("make", output, error) from error


def _copy_data(prepared: Prepared, folder: Path) -> tuple[str, ...]:
    """Shipped sets are copied, with their licence; a person's own data stays where it is, and is named by ``--data``."""
    place = folder / "data"
    place.mkdir()
    shipped = datasets()[prepared.project.data.kind].file
    if not shipped:
        return ()
    for name in (shipped, f"{Path(shipped).stem}.LICENSE.txt"):
        if (SHIPPED / name).is_file():
            durable.replace(place / name, (SHIPPED / name).read_bytes())
    return (f'str(Path(__file__).parent / "data" / {quoted(shipped)})',)


def _predict_facts(prepared: Prepared, model: Model) -> PredictFacts:
    data = prepared.data
    comparison = first_comparison(model.text)
    return PredictFacts(
        tuple((name, tuple(data.specs[name].shape)) for name in model.inputs),
        comparison,
        tuple(data.class_names.get(comparison.field, ())) if comparison else (),
        tuple(
            tuple(
                (name, tuple(values.shape), tuple(torch.from_numpy(values).flatten().tolist()))
                for name, values in one.figures.items()
            )
            for one in data.fitted
        ),
        data.whole.columns,
    )
