"""What a trained network can be asked: its inputs with hints from the training data, classes and explanations."""

from collections.abc import Mapping

import numpy as np
from torch import Tensor, nn

from engine.protocol.asking import AskForm, ColumnWanted, InputWanted, Way
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.data.columns import FEATURES
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.inputs import Preparation
from engine.runtime.data.prepared_samples import LoadedData
from engine.runtime.training_setup.question import Question, question_of
from engine.runtime.training_setup.units import undo_of
from resources.snippets.table.source.records import date_cell, decimal_commas
from resources.snippets.units import undo_transforms

MAX_EXAMPLE = 1024  # numbers
MAX_HINTED = 20_000  # samples that hints are taken from


def way_to_give(field: str, spec: FieldSpec, preparation: Preparation) -> Way:
    """How a field of the data is given."""
    if field == FEATURES and preparation.columns:
        return "row"
    return "picture" if spec.kind == "image" and spec.shape[0] in (1, 3) else "numbers"


def ask_form(network: TrainedNetwork, data: LoadedData | None, data_problem: str = "") -> AskForm:
    """What a network can be asked. ``data``: of the run, where it can be read, else the problem."""
    preparation, read, target = network.record.preparation, network.model.reads, compared_output(network)
    most = embedding_places(network.project)
    inputs = [_input(name, preparation, most, data) for name in read.inputs]
    ways = {each["way"] for each in inputs}
    convolutions = convolution_names(network.network)
    explanations = ["grad_cam"] if ways == {"picture"} and convolutions else []
    explanations += ["gradients", "occlusion"] if ways == {"picture"} else []
    explanations += ["importance"] if ways == {"row"} and data is not None else []
    return {
        "run": str(network.folder.path),
        "epoch": network.epoch + 1,
        "network": network.project.main,
        "inputs": inputs,
        "classes": list(target.names) if target and target.task == "classes" else [],
        "parts": {name: len(part) for name, part in data.parts if len(part)} if data else {},
        "data_problem": data_problem,
        "explanations": explanations,
        "convolutions": convolutions,
    }


def compared_output(network: TrainedNetwork) -> Question | None:
    """The output that is compared with the data, and what it means; ``None`` where nothing is compared."""
    preparation = network.record.preparation
    return question_of(network.project, network.model.reads, preparation.fields, preparation.class_names)


def convolution_names(network: nn.Module) -> list[str]:
    """The names of the convolutions of images in a network, in its order."""
    return [name for name, module in network.named_modules() if isinstance(module, nn.Conv2d)]


def raw_values(values: Tensor, field: str, preparation: Preparation) -> np.ndarray:
    """Values of a field as they were before the transforms, float64."""
    return undo_transforms(values.numpy(), undo_of(preparation.fitted).get(field, ()))


def _input(name: str, preparation: Preparation, most: Mapping[str, int], data: LoadedData | None) -> InputWanted:
    spec = preparation.fields[name]
    values = raw_values(data.training.fields[name][:MAX_HINTED], name, preparation) if data else None
    way = way_to_give(name, spec, preparation)
    result: InputWanted = {
        "field": name,
        "kind": spec.kind,
        "way": way,
        "shape": list(spec.sizes),
        "columns": _columns(preparation, values) if way == "row" else [],
    }
    if way == "numbers" and values is not None and len(values):
        result["example"] = [float(each) for each in values[0].ravel()[:MAX_EXAMPLE]]
    if values is not None and values.size:
        result |= {"min": float(np.nanmin(values)), "max": float(np.nanmax(values)), "mean": float(np.nanmean(values))}
    if name in most:
        result["most"] = most[name]
    return result


def _columns(preparation: Preparation, values: np.ndarray | None) -> list[ColumnWanted]:
    columns: list[ColumnWanted] = []
    cells = row_cells_of(values[0], preparation) if values is not None and len(values) else {}
    at = 0
    for name, categories in preparation.columns:
        is_date = "date" in str(preparation.decisions.get(name, "")).split()[:1]
        column: ColumnWanted = {"name": name, "categories": list(categories), "date": is_date}
        if values is not None and not categories and not is_date and at < values.shape[1]:
            numbers = values[:, at][np.isfinite(values[:, at])]
            if len(numbers):
                column |= {"min": float(numbers.min()), "max": float(numbers.max())}
        if name in cells:
            column["example"] = cells[name]
        columns.append(column)
        at += len(categories) or 1
    return columns


def column_places(preparation: Preparation) -> list[list[int]]:
    """The places in the field of a table that each column became."""
    places, at = [], 0
    for _, categories in preparation.columns:
        places.append(list(range(at, at + (len(categories) or 1))))
        at += len(categories) or 1
    return places


def row_cells_of(values: np.ndarray, preparation: Preparation) -> dict[str, str]:
    """The cells of a row, from its values before the transforms, as a person would type them."""
    commas = decimal_commas(preparation.columns, preparation.decisions)
    cells = {}
    for (name, categories), places in zip(preparation.columns, column_places(preparation), strict=True):
        if categories:
            cells[name] = categories[int(np.argmax(values[places]))]
            continue
        number = float(values[places[0]])
        if not np.isfinite(number):
            cells[name] = ""
            continue
        record = str(preparation.decisions.get(name, ""))
        text = date_cell(number, record) if record.startswith("date ") else f"{number:.6g}"
        cells[name] = text.replace(".", ",") if name in commas else text
    return cells
