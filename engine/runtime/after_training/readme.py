"""The ``README.md`` and the ``requirements.txt`` of an export."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from engine.catalog.data.datasets import datasets
from engine.catalog.data.spec import Dataset
from engine.codegen.field_usage import reads
from engine.graph.model import Project
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
    return "".join(f"{line}\n" for line in packages + workbooks)


WHAT = {
    "cells.py": "how the cells of the table are written",
    "reading.py": "how files of samples are read",
    "transforms.py": "how samples are changed before the network gets them",
    "data.py": "the samples: where they come from, their split, transforms and batches",
    "weights.py": "how weights begin, and how they learn",
    "phases.py": "what the phases of a training step are made of",
    "metrics.py": "how losses and metrics are measured",
    "step.py": "one training step, with the optimizer and the LR schedule",
    "options.py": "what the options of the programs may be",
    "train.py": "the loop over the epochs, validation and the best weights",
    "predict.py": "answers for new data",
    "generate.py": "new samples",
    "table.json": "how the table is written",
    "transforms.json": "what the transforms found in the training samples, for `predict.py`",
}


def network_readme(project: Project) -> str:
    """What is in the folder of a network whose project has no data."""
    inputs = ", ".join(f"{name}=..." for name in reads(project).inputs)
    lines = [
        f"# {project.name}",
        "",
        f"`model.py` holds the network {project.main}, its losses and metrics. It needs nothing but the packages of",
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
    own = not datasets()[project.data.kind].file and prepared.data.sources
    argument = f" --data {' '.join('PATH' for _ in own)}" if own else ""
    has_inputs, generates = bool(reads(project).inputs), "generate.py" in names
    users = [f"`{name}.py`" for name, is_used in (("predict", has_inputs), ("generate", generates)) if is_used]
    asking = f"{' and '.join(users) or '`predict.py`'} {'use' if len(users) > 1 else 'uses'}"
    lines = [
        f"# {project.name}",
        "",
        "| File | What it is |",
        "|---|---|",
        f"| `model.py` | the network {project.main}, its losses and metrics |",
        *(f"| `{name}` | {WHAT[name]} |" for name in names),
        "",
        "The files need nothing but the packages of `requirements.txt`.",
        "",
        "```",
        "pip install -r requirements.txt",
        f"python train.py{argument}",
        *(["python predict.py FILE"] if has_inputs else []),
        *(["python generate.py --count 64 --seed 0 -o grid.png"] if generates else []),
        "```",
        "",
        f"`train.py` takes {'`--data`, ' if own else ''}`--epochs`, `--seed`, `--device`, `--losses FILE`",
        "and `--weights FILE`, and writes the best weights to `trained.safetensors` beside itself.",
        f"{asking} `weights.safetensors` where it is there, else `trained.safetensors`, or what",
        "`--weights` names.",
        *_data(datasets()[project.data.kind], own or ()),
        *(_weights(checkpoint) if checkpoint else ()),
    ]
    return "\n".join(lines) + "\n"


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
