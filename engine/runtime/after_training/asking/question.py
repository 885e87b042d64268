"""A question to a network: one sample in one of the forms in which a person gives it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from engine.errors import DataProblem
from engine.protocol.asking import Way
from engine.runtime.after_training.asking.ask_form import way_to_give
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.data.given_inputs import number_inputs, picture_inputs, row_inputs
from engine.runtime.data.inputs import Inputs, read_inputs
from engine.runtime.data.prepared_samples import LoadedData, PartName

MAX_SAMPLES = 100  # of a file that are answered at once


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One of: a ``file``, the sample with number ``row`` in a ``part`` of the data, or a value for each of ``fields``.

    A value is a mapping of columns to cells (table), the base64 text of an image file (image), or lists of numbers.
    ``explain``: an explanation to add, ``convolution``: the module that Grad-CAM looks at (else the last one), and
    ``nodes``: whether to tell what each node gives.
    """

    file: str = ""
    part: Literal["", "training", "validation", "test"] = ""
    row: int = 0
    fields: dict[str, object] = {}
    explain: Literal["", "grad_cam", "gradients", "occlusion", "importance"] = ""
    convolution: str = ""
    nodes: bool = False


def question_from(raw: object) -> Question:
    """The question that an object holds. Raises: ``DataProblem`` with the place of what is wrong."""
    try:
        return msgspec.convert(raw, Question)
    except msgspec.ValidationError as error:
        raise DataProblem(f"That is not a question: {error}.", hint=_QUESTION) from error


_QUESTION = 'Send {"fields": {NAME: VALUE}}, {"file": PATH}, or {"part": PART, "row": NUMBER}.'


def question_inputs(network: TrainedNetwork, question: Question, data: Callable[[], LoadedData]) -> Inputs:
    """The samples of a question as the network takes them. Raises: ``EngineError`` in a sentence for a person."""
    names = network.model.reads.inputs
    if question.file:
        inputs = _of_file(network, Path(question.file))
    elif question.part:
        inputs = _of_part(data(), question.part, question.row, names)
    else:
        inputs = _of_fields(network, question.fields)
    missing = [name for name in names if name not in inputs.fields]
    if missing:
        raise DataProblem(f"The question lacks {', '.join(missing)}.", hint=f"The network takes {', '.join(names)}.")
    return inputs


def _of_file(network: TrainedNetwork, path: Path) -> Inputs:
    most = embedding_places(network.project)
    inputs = read_inputs(path, network.project.data, network.record.preparation, network.model.reads.inputs, most)
    fields = {name: values[:MAX_SAMPLES] for name, values in inputs.fields.items()}
    refusals = tuple(each for each in inputs.refusals if each.row < MAX_SAMPLES)
    return Inputs(fields, inputs.places[:MAX_SAMPLES], refusals, inputs.left_out)


def _of_part(data: LoadedData, part: PartName, row: int, names: tuple[str, ...]) -> Inputs:
    samples = data.part(part)
    if not 0 <= row < len(samples):
        raise DataProblem(
            f"The {part} part has {len(samples):,} samples, so there is no sample {row:,}.",
            hint="Samples are counted from 0.",
        )
    place = data.whole.place(int(samples.index[row]))
    return Inputs({name: samples.fields[name][row : row + 1] for name in names}, (place,))


def _of_fields(network: TrainedNetwork, values: Mapping[str, object]) -> Inputs:
    preparation, project = network.record.preparation, network.project
    names = network.model.reads.inputs
    unknown = [name for name in values if name not in names]
    if unknown or not values:
        what = f"has {unknown[0]!r}, which the network does not take" if unknown else "has no values"
        raise DataProblem(f"The question {what}.", hint=f"It takes {', '.join(names)}.")
    most = embedding_places(project)
    parts: list[Inputs] = []
    for name, value in values.items():
        match way_to_give(name, preparation.fields[name], preparation), value:
            case "row", Mapping():
                parts.append(row_inputs({str(key): each for key, each in value.items()}, project.data, preparation))
            case "picture", str():
                parts.append(picture_inputs(value, name, project.data, preparation))
            case _, list():
                limits = {name: most[name]} if name in most else {}
                parts.append(number_inputs(value, name, preparation, limits))
            case way, _:
                raise DataProblem(f"{name} has a value of another kind.", hint=f"Give {_FORMS[way]}.")
    refusals = tuple(refusal for each in parts for refusal in each.refusals)
    fields = {name: tensor for each in parts for name, tensor in each.fields.items()}
    if refusals:  # one field cannot be used, so the sample cannot
        return Inputs({name: tensor[:0] for name, tensor in fields.items()}, (), refusals[:1])
    return Inputs(fields, parts[0].places)


_FORMS: dict[Way, str] = {
    "row": "an object with a value for each column",
    "picture": "the base64 text of an image file",
    "numbers": "a list of numbers",
}
