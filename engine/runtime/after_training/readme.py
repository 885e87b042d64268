"""The ``README.md`` and the ``requirements.txt`` of an export."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.data.spec import Dataset
from engine.codegen.field_usage import Reads, reads
from engine.graph.model import Project
from engine.graph.phases import effective_phases
from engine.graph.watched_metrics import best_metric
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.data.prepared_samples import SourceFile
from engine.runtime.training_setup.prepare import Prepared

WORKBOOKS = {".xlsx", ".xlsm"}
PACKAGES = {"torch": "torch>=2.6", "numpy": "numpy>=1.26", "safetensors": "safetensors>=0.5", "PIL": "pillow>=10"}


def requirements(source: str, endings: Collection[str] = ()) -> str:
    """What the scripts import, one package a line. ``endings``: of the files that the data is read from."""
    packages = [
        line for name, line in PACKAGES.items() if re.search(rf"^\s*(?:import|from) {name}\b", source, re.MULTILINE)
    ]
    workbooks = ["openpyxl"] if WORKBOOKS & {ending.lower() for ending in endings} else []
    sounds = ["soundfile"] if "soundfile" in source else []
    return "".join(f"{line}\n" for line in packages + workbooks + sounds)


CONTENTS = {
    "cells.py": "how the cells of the table are read",
    "reading.py": "how files of samples are read",
    "transforms.py": "how samples are changed before the network gets them",
    "data.py": "the samples: where they come from, their split, transforms and batches",
    "weights.py": "how weights begin, and how they learn",
    "optimization.py": "optimizers, LR schedules and averages of weights",
    "phases.py": "the phases of a training step",
    "metrics.py": "how losses and metrics are measured",
    "options.py": "checks of command-line options",
    "answers.py": "predictions as text, JSON and files",
    "predict.py": "predicts for new data",
    "generate.py": "generates samples",
    "table.json": "the format of the table",
    "reading.json": "how the files of samples are read, such as the vocabulary of texts",
    "transforms.json": "the values that transforms were fitted with on the training samples, for `predict.py`",
}


def network_readme(project: Project) -> str:
    """What is in the folder of a network whose project has no data."""
    read = reads(project)
    inputs = ", ".join(f"{name}=..." for name in read.inputs)
    lines = [
        f"# {project.name}",
        "",
        f"`model.py` holds the network {project.main}{_scores(read)}. It needs nothing but the packages of",
        "`requirements.txt`. The project has no data, so there is nothing here to train it with.",
        "",
        "```",
        "pip install -r requirements.txt",
        "```",
        "",
        "```python",
        f"from model import {project.main}",
        "",
        f"network = {project.main}()",
        f"outputs = network({inputs})",
        "```",
    ]
    return "\n".join(lines) + "\n"


def readme(prepared: Prepared, names: Collection[str], checkpoint: Checkpoint | None) -> str:
    """What is in the folder, and the commands to type. ``names``: of the files beside ``model.py``."""
    project = prepared.project
    dataset = datasets()[project.data.kind]
    own = not dataset.file and prepared.data.sources
    path_count = len(path_params(dataset)) or (1 if dataset.file else 0)
    data_option = f"--data {' '.join(['PATH'] * path_count)}" if path_count else ""
    options = [*([data_option] if data_option else []), "--epochs N", "--seed N", "--device NAME", "--losses FILE"]
    has_inputs, generates = bool(reads(project).inputs), "generate.py" in names
    saves = "best weights" if best_metric(project) else "weights of the last epoch"
    contents = CONTENTS | _contents(project)
    lines = [
        f"# {project.name}",
        "",
        "| File | What it is |",
        "|---|---|",
        *(f"| `{name}` | {contents[name]} |" for name in ("model.py", *names)),
        "",
        "The files need nothing but the packages of `requirements.txt`.",
        "",
        "```",
        "pip install -r requirements.txt",
        f"python train.py{f' {data_option}' if own else ''}",
        *(["python predict.py FILE"] if has_inputs else []),
        *(["python generate.py --count 64 --seed 0 -o grid.png"] if generates else []),
        "```",
        "",
        f"`train.py` takes {', '.join(f'`{option}`' for option in options)}",
        f"and `--weights FILE`, and writes the {saves} to `trained.safetensors` beside itself.",
        *_loading([*(["predict"] if has_inputs else []), *(["generate"] if generates else [])], checkpoint),
        *_data(dataset, own or ()),
        *(_weights(checkpoint) if checkpoint else ()),
    ]
    return "\n".join(lines) + "\n"


def _contents(project: Project) -> dict[str, str]:
    """What is in the files whose content depends on the project."""
    read, schedules = reads(project), [phase.schedule for phase in effective_phases(project)]
    validation = ", validation" if project.data.split.validation > 0 else ""
    saves = "best weights" if best_metric(project) else "weights of the last epoch"
    return {
        "model.py": f"the network {project.main}{_scores(read)}",
        "step.py": f"one training step, with the optimizer{' and the LR schedule' if any(schedules) else ''}",
        "train.py": f"the loop over the epochs{validation} and the {saves}",
        **({} if read.inputs else {"predict.py": "explains that this network makes no predictions"}),
    }


def _scores(read: Reads) -> str:
    """What ``model.py`` has beside the network."""
    return ", its losses and metrics" if read.has_metrics else " and its losses"


def _loading(users: Sequence[str], checkpoint: Checkpoint | None) -> Iterator[str]:
    """Which weights the programs ``users`` load."""
    if users:
        loads = f"{' and '.join(f'`{name}.py`' for name in users)} {'load' if len(users) > 1 else 'loads'}"
        origin = "" if checkpoint else ", written by `train.py`"
        name = "weights.safetensors" if checkpoint else "trained.safetensors"
        yield f"{loads} `{name}`{origin}; choose another file with `--weights`."


def _data(dataset: Dataset, own: Sequence[SourceFile]) -> Iterator[str]:
    """The data that it was trained on. ``own``: a person's own files, which are not part of the export."""
    yield from ("", "## Data", "", dataset.summary + (f" Source: {dataset.source}." if dataset.source else ""))
    if dataset.licence:
        yield f"Licence: {dataset.licence}; see `data/`."
    for source in own:
        name = Path(source.path).name
        yield from ("", f"It was trained on `{name}`, {source.size:,} bytes, SHA-256", f"`{source.sha256}`.")
    if own:
        yield from ("", "These files are not in this folder: put them where you like, and name them by `--data`.")


def _weights(checkpoint: Checkpoint) -> Iterator[str]:
    position = checkpoint.metadata["position"]
    values = position["best"] or position["metrics"]
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
    yield from ("", "## Weights", "")
    yield f"`weights.safetensors` is of step {checkpoint.step}. Its run's best metrics: {metrics}."
