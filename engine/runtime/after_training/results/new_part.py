"""A new file of samples with their truth, read as the training data of a run was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from engine.catalog.data.datasets import answer_name
from engine.errors import DataProblem
from engine.runtime.after_training.results.part import LabelledPart
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.data.inputs import Inputs, Preparation, read_inputs
from engine.runtime.data.load import call_reader
from resources.snippets import tables
from resources.snippets.array_file.npz import read_headers, row_chunks
from resources.snippets.image.listing import list_folder
from resources.snippets.known_format.idx import idx_array
from resources.snippets.samples import DataError, Refusal, Samples

MAX_NAMES = 10  # of classes in a message


def part_of_file(network: TrainedNetwork, path: Path) -> LabelledPart:
    """The samples of a new file or folder. Those that cannot be used, or have no known truth, are ``refusals``.

    Raises: ``EngineError`` when it cannot be read, lacks the truth, or no sample can be used.
    """
    preparation, reads = network.record.preparation, network.model.reads
    names = reads.fields_among(preparation.fields)
    apart = [name for name in names if name not in reads.inputs and _is_apart(path, name, preparation)]
    most = {name: limit for name, limit in embedding_places(network.project).items() if name not in apart}
    inputs = read_inputs(path, network.project.data, preparation, [name for name in names if name not in apart], most)
    truths = {name: _truth(network, path, name) for name in apart}
    lacking = [name for name in names if name not in inputs.fields and name not in truths]
    if lacking:
        raise DataProblem(
            f"{path} lacks {', '.join(lacking)}, which is compared with the answers.",
            hint=f"Give an NPZ file with arrays {', '.join(names)}; predict needs no truth.",
        )
    return _joined(network, path, inputs, truths)


def _is_apart(path: Path, name: str, preparation: Preparation) -> bool:
    """Whether the truth is read by itself: names of classes, and everything that is not beside others in an NPZ."""
    return name in preparation.class_names or path.suffix.lower() != ".npz"


Truth = Mapping[str, float]
"""The class number or the number of each sample, by its place."""


def _truth(network: TrainedNetwork, path: Path, name: str) -> tuple[Truth, dict[str, Refusal]]:
    """The truth of one field by place, and the samples whose truth is not known."""
    preparation = network.record.preparation
    names = preparation.class_names.get(name, ())
    ending = path.suffix.lower()
    if ending == ".npz":
        return _by_value(call_reader(_array_as_stored, path, name), name, names)
    if path.is_dir():
        return _by_folder(path, names)
    if ending == ".gz" or ending.startswith(".idx") or "ubyte" in path.name:
        return _by_value(call_reader(_idx_labels, path, name), name, names)
    if not preparation.columns:
        hint = "Give a folder with a folder of images for each class, or an NPZ file with the labels."
        raise DataProblem(f"{path} does not hold the truth of its samples.", hint=hint)
    data = network.project.data
    column = answer_name(data.kind, data.params, name)
    rows: Samples = call_reader(tables.load_csv_features, path, ((column, tuple(names)),), "refuse", {})
    values = rows.fields["features"]
    numbers = values.argmax(1) if names else values[:, 0]
    return _by_place(rows, numbers.tolist()), {each.place: each for each in rows.refusals}


def _by_place(rows: Samples, values: Sequence[float]) -> Truth:
    return {rows.place(row): value for row, value in enumerate(values)}


def _by_value(rows: Samples, name: str, names: Sequence[str]) -> tuple[Truth, dict[str, Refusal]]:
    """The class of each label: its text is the name of a class, or where none is, its number."""
    values = rows.fields[name].reshape(len(rows), -1)[:, 0]
    texts = [str(int(value)) if values.dtype.kind in "iufb" else str(value) for value in values.tolist()]
    by_name = {each: number for number, each in enumerate(names)}
    if not any(text in by_name for text in texts):
        by_name = {str(number): number for number in range(len(names))}
    wrong = {
        rows.place(row): Refusal(row, rows.place(row), *_unknown(text, names))
        for row, text in enumerate(texts)
        if text not in by_name
    }
    truth = {rows.place(row): by_name[text] for row, text in enumerate(texts) if text in by_name}
    return truth, wrong | {each.place: each for each in rows.refusals}


def _unknown(text: str, names: Sequence[str]) -> tuple[str, str]:
    more = f" and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else ""
    return f"The network did not learn the class {text!r}.", f"It knows {', '.join(names[:MAX_NAMES])}{more}."


def _by_folder(path: Path, names: Sequence[str]) -> tuple[Truth, dict[str, Refusal]]:
    """The class of each image by the name of its folder."""
    listing = call_reader(list_folder, path)
    numbers = {name: number for number, name in enumerate(names)}
    truth, wrong = {}, {}
    for file, number in listing.files:
        name = listing.classes[number]
        if name in numbers:
            truth[str(file)] = numbers[name]
        else:
            wrong[str(file)] = Refusal(0, str(file), *_unknown(name, names))
    return truth, wrong


def _array_as_stored(path: Path, name: str) -> Samples:
    """One array of an NPZ file, numbers or text."""
    header = next((each for each in read_headers(path) if each.name == name and each.shape), None)
    if header is None:
        raise DataError(f"{path} has no array {name!r}, which holds the truth.", "predict needs no truth.")
    return Samples({name: np.concatenate(list(row_chunks(path, header)))})


def _idx_labels(path: Path, name: str) -> Samples:
    """The labels beside an IDX file of images, by the usual name of such a file."""
    beside = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    if beside == path or not beside.is_file():
        message = f"{path}: there is no file of labels beside it."
        raise DataError(message, "Call the files as MNIST does: NAME-images-idx3-ubyte and NAME-labels-idx1-ubyte.")
    return Samples({name: idx_array(beside).reshape(-1)})


def _joined(
    network: TrainedNetwork,
    path: Path,
    inputs: Inputs,
    truths: Mapping[str, tuple[Truth, dict[str, Refusal]]],
) -> LabelledPart:
    """The samples that have every field."""
    preparation = network.record.preparation
    refusals = {each.place: each for each in inputs.refusals}
    rows = []
    for row, place in enumerate(inputs.places):
        wrong = next((reasons[place] for _, reasons in truths.values() if place in reasons), None)
        if wrong is None and all(place in truth for truth, _ in truths.values()):
            rows.append(row)
        else:
            refusals[place] = wrong or Refusal(row, place, "The file holds no truth for it.")
    if not rows:
        first = next(iter(refusals.values()), None)
        reason = f" {first.place}: {first.reason} {first.hint}".rstrip() if first else ""
        raise DataProblem(f"No sample of {path} can be evaluated.{reason}", hint="")
    places = [inputs.places[row] for row in rows]
    index = torch.tensor(rows)
    fields = {name: values[index] for name, values in inputs.fields.items()}
    for name, (truth, _) in truths.items():
        fields[name] = torch.from_numpy(_field([truth[place] for place in places], name, preparation))
    return LabelledPart(
        "new data",
        fields,
        places.__getitem__,
        preparation.fields,
        preparation.class_names,
        preparation.fitted,
        preparation.columns,
        preparation.measure,
        str(path),
        tuple(replace(each, row=0) for each in refusals.values()),
    )


def _field(values: list[float], name: str, preparation: Preparation) -> np.ndarray:
    """The truths as the network gets them."""
    spec = preparation.fields[name]
    if spec.dtype == "int64":
        return np.array(values, dtype=np.int64)
    array = np.array(values, dtype=np.float32).reshape(-1, *spec.shape)
    for one in preparation.fitted:
        if one.field == name and not one.fills:
            array = one.apply(array)
    return array
