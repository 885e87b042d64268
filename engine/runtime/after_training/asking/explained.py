"""The explanation that a question wants, in the form that the window shows."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from engine.errors import DataProblem
from engine.protocol.asking import EXPLANATIONS, Explanation
from engine.runtime.after_training.asking.ask_form import column_places, convolution_names
from engine.runtime.after_training.asking.pixels import as_pixels
from engine.runtime.after_training.asking.question import Question
from engine.runtime.after_training.explanations.grad_cam import grad_cam
from engine.runtime.after_training.explanations.gradients import input_gradients
from engine.runtime.after_training.explanations.importance import permutation_importance
from engine.runtime.after_training.explanations.occlusion import occlusion
from engine.runtime.after_training.predict import class_names, class_scores
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.data.columns import FEATURES
from engine.runtime.data.inputs import Inputs
from engine.runtime.data.prepared_samples import LoadedData, Part
from engine.runtime.training_setup.output_labels import by_key

HEAT_PX = 256
MAX_ROWS = 2000  # of a part that are shuffled


def explained(
    network: TrainedNetwork, question: Question, inputs: Inputs, data: Callable[[], LoadedData]
) -> Explanation:
    """The explanation of the answer for the first sample. Raises: ``EngineError`` where there is none."""
    if question.explain == "importance":
        return _importance(network, data())
    (name, image) = next((name, values[0]) for name, values in inputs.fields.items())
    if image.dim() != 3 or len(inputs.fields) != 1:
        raise _none(question, "the network does not take one image")
    title, score = _score(network, name, image)
    try:
        match question.explain:
            case "grad_cam":
                layer = _convolution(network, question)
                heat = grad_cam(score, network.network.get_submodule(layer), image)
                title = f"{title}, at {layer}"
            case "occlusion":
                heat = occlusion(score, image)
            case _:
                heat = input_gradients(score, image)
    except ValueError as error:
        raise _none(question, str(error)) from error
    nothing = "" if heat.any() else ": nothing in it speaks for that"
    return {
        "text": f"{EXPLANATIONS[question.explain]} for {title}{nothing}",
        "heat": as_pixels(heat, 0.0, 1.0, HEAT_PX),
    }


def _none(question: Question, why: str) -> DataProblem:
    return DataProblem(f"{EXPLANATIONS[question.explain]} explains nothing here: {why}.", hint="Choose another one.")


def _convolution(network: TrainedNetwork, question: Question) -> str:
    names = convolution_names(network.network)
    if not names:
        raise _none(question, "the network has no convolution of images")
    if question.convolution and question.convolution not in names:
        raise _none(question, f"there is no convolution {question.convolution!r}")
    return question.convolution or names[-1]


def _score(network: TrainedNetwork, name: str, image: Tensor) -> tuple[str, Callable[[Tensor], Tensor]]:
    """What is explained, in words, and its function: the score of the answered class, or the first number."""
    comparison = network.model.reads.of_classes

    def run(batch: Tensor, column: int | None = None) -> Tensor:
        outputs = network.forward({name: batch})
        scores = class_scores(outputs, comparison)
        values = next(iter(by_key(outputs).values())).flatten(1) if scores is None else scores
        return values if column is None else values[:, column]

    with torch.no_grad():
        values = run(image[None])
    best = int(values[0].argmax()) if comparison else 0
    names = class_names(network.record.preparation, comparison)
    is_class = comparison is not None
    title = names[best] if is_class and best < len(names) else f"class {best}" if is_class else "the first number"
    return title, partial(run, column=best)


def _importance(network: TrainedNetwork, data: LoadedData) -> Explanation:
    """The importance of each column over the validation part, or the training part where there is none."""
    part_name = "validation" if len(data.validation) > 1 else "training"
    part: Part = data.validation if part_name == "validation" else data.training
    fields = {name: values[:MAX_ROWS] for name, values in part.fields.items()}
    comparison = network.model.reads.of_classes or network.model.reads.first
    if comparison is None:
        message = "No loss compares the answer with the data, so its error is not known."
        raise DataProblem(message, hint="Choose another explanation.")

    def error(features: Tensor) -> float:
        batch = {**fields, FEATURES: features}
        with network.evaluation_mode():
            outputs = network.forward(batch)
            scores = class_scores(outputs, comparison if comparison.is_class else None)
            truth = batch[comparison.field]
            if scores is not None:
                return float((scores.argmax(1) != truth).float().mean())
            values = by_key(outputs)
            numbers = values[comparison.output or ""] if len(values) > 1 else next(iter(values.values()))
            return float((numbers.reshape(truth.shape) - truth).abs().mean())

    drops = permutation_importance(error, fields[FEATURES], column_places(network.record.preparation))
    names = [name for name, _ in network.record.preparation.columns]
    columns = sorted(zip(names, drops, strict=True), key=lambda pair: -pair[1])
    what = "accuracy lost" if comparison.is_class else "mean absolute error gained, as trained,"
    return {
        "text": f"{what} when a column is shuffled among {len(fields[FEATURES]):,} {part_name} samples",
        "columns": [{"name": name, "drop": drop} for name, drop in columns],
    }
