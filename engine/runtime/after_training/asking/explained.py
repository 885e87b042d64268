"""The explanation that a question wants, in the form that the window shows."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from engine.errors import DataProblem
from engine.protocol.asking import EXPLANATIONS, Explanation
from engine.runtime.after_training.asking.ask_form import column_places, compared_output, convolution_names
from engine.runtime.after_training.asking.pixels import as_pixels
from engine.runtime.after_training.asking.question import Question
from engine.runtime.after_training.explanations.grad_cam import grad_cam
from engine.runtime.after_training.explanations.gradients import input_gradients
from engine.runtime.after_training.explanations.importance import permutation_importance
from engine.runtime.after_training.explanations.occlusion import occlusion
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
    target = compared_output(network)

    def run(batch: Tensor, column: int) -> Tensor:
        outputs = network.forward({name: batch})
        values = target.output(outputs) if target else next(iter(by_key(outputs).values()))
        if target is not None and target.is_single_score:  # for the second class, against the first
            return values.flatten(1)[:, 0] * (1 if column == 1 else -1)
        return values.flatten(1)[:, column]

    with torch.no_grad():
        outputs = network.forward({name: image[None]})
        probabilities = target.probabilities(target.output(outputs)) if target else None
    if target is None or probabilities is None:
        return "the first number", partial(run, column=0)
    best = int(probabilities[0].argmax())
    return target.class_names(probabilities.shape[1])[best], partial(run, column=best)


def _importance(network: TrainedNetwork, data: LoadedData) -> Explanation:
    """The importance of each column over the validation part, or the training part where there is none."""
    part_name = "validation" if len(data.validation) > 1 else "training"
    part: Part = data.validation if part_name == "validation" else data.training
    fields = {name: values[:MAX_ROWS] for name, values in part.fields.items()}
    target = compared_output(network)
    if target is None:
        message = "No loss compares the answer with the data, so its error is not known."
        raise DataProblem(message, hint="Choose another explanation.")

    def error(features: Tensor) -> float:
        batch = {**fields, FEATURES: features}
        with network.evaluation_mode():
            values, truth = target.output(network.forward(batch)), batch[target.comparison.field]
            if target.task == "numbers":
                return float((values.reshape(truth.shape) - truth).abs().mean())
            shares, right = target.shares(values, truth)
            answer = (shares > 0.5).long() if target.task == "tags" else shares.argmax(1)
            return float((answer != right).float().mean())

    drops = permutation_importance(error, fields[FEATURES], column_places(network.record.preparation))
    names = [name for name, _ in network.record.preparation.columns]
    columns = sorted(zip(names, drops, strict=True), key=lambda pair: -pair[1])
    what = "mean absolute error gained, as trained," if target.task == "numbers" else "accuracy lost"
    return {
        "text": f"{what} when a column is shuffled among {len(fields[FEATURES]):,} {part_name} samples",
        "columns": [{"name": name, "drop": drop} for name, drop in columns],
    }
