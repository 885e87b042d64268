"""The answers of a run's network about new data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from engine.check.diagnostics import Diagnostic
from engine.codegen.field_usage import NO_NUMBER, TOO_LARGE
from engine.errors import DataProblem, RunProblem
from engine.runs.threshold import read_threshold
from engine.runtime.after_training.trained_network import TrainedNetwork, Warn, Which, ignore, trained_network
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.data.given_inputs import read_row
from engine.runtime.data.inputs import Inputs, read_inputs
from engine.runtime.load import Outputs
from engine.runtime.placement import Placement
from engine.runtime.training_setup.output_labels import Answer, answers_of, by_key
from engine.runtime.training_setup.question import question_of
from resources.snippets.answers.predictions import Prediction, class_answer, map_answer, with_refusals
from resources.snippets.training.batches import part_batches

LOST = (NO_NUMBER, TOO_LARGE)
"""Why there is no answer where the network gives no numbers."""


def predict(
    run: Path, input: Path | str, *, which: Which = "best", device: str = "auto", warn: Warn = ignore
) -> list[Prediction]:
    """An answer for each row of a CSV, NPZ or IDX file, for an image, or for each image of a folder, in their order.

    ``input``: the file or folder; a text is a row typed by hand, such as ``a=1,b=2``.
    Raises: ``EngineError``, but not for a single bad sample among others: that is ``refusal``.
    """
    network = network_to_ask(run, which, device, warn)
    preparation = network.record.preparation
    if isinstance(input, str):
        return answers_for(network, read_row(input, network.project.data, preparation))
    most = embedding_places(network.project)
    rows = read_inputs(input, network.project.data, preparation, network.model.reads.inputs, most)
    for files in rows.left_out:
        warn(
            Diagnostic("D131", "warning", f"{input}: {files} not read as an image.", "Save as PNG or JPEG what is one.")
        )
    missing = [name for name in network.model.reads.inputs if name not in rows.fields]
    if missing:
        raise DataProblem(
            f"{input}: lacks {', '.join(missing)}, which the network takes.",
            hint=f"Give an NPZ file with arrays {', '.join(network.model.reads.inputs)}.",
        )
    return answers_for(network, rows)


def network_to_ask(run: Path, which: Which = "best", device: str = "auto", warn: Warn = ignore) -> TrainedNetwork:
    """The network of a run. Raises: ``EngineError``, also when it takes no data."""
    network = trained_network(run, which, Placement.of(device).device, warn)
    if not network.model.reads.inputs:
        hint = f"Let it make samples: torchloom generate {run} -o grid.png." if network.project.generation else ""
        raise RunProblem(
            f"The network of {run} takes no data, so there is nothing to ask it about.", hint=hint, code="R062"
        )
    return network


def answers_for(network: TrainedNetwork, rows: Inputs) -> list[Prediction]:
    """An answer for each sample, and an entry for each that could not be read, in the order of the input."""
    fields = {name: rows.fields[name].to(network.device) for name in network.model.reads.inputs}
    answers = _answers(network, fields, rows.places) if rows.places else iter(())
    return with_refusals(answers, rows.refusals, len(rows.places))


def _answers(network: TrainedNetwork, fields: dict[str, Tensor], places: Sequence[str]) -> Iterator[Prediction]:
    done = 0
    for batch in part_batches(fields, network.project.training.batch_size):
        with network.evaluation_mode():  # around no `yield`: the mode would stay on in the caller
            outputs = network.forward(batch)
        count = len(next(iter(batch.values())))
        here, done = places[done : done + count], done + count
        yield from answers_in(network, outputs, here)


def answers_in(network: TrainedNetwork, outputs: Outputs, places: Sequence[str]) -> list[Prediction]:
    """The answers that the outputs for some samples hold."""
    preparation = network.record.preparation
    question = question_of(network.project, network.model.reads, preparation.fields, preparation.class_names)
    answers = answers_of(network.project, preparation.fields, preparation.fitted, preparation.measure)
    scores = question.output(outputs) if question else None
    if question and scores is not None and question.comparison.is_class and scores.dim() > 2:
        maps = zip(places, scores.detach().cpu().numpy(), strict=True)
        return [map_answer(place, at, row, question.names, LOST) for at, (place, row) in enumerate(maps)]
    probabilities = question.probabilities(scores) if question and scores is not None else None
    if question is None or probabilities is None:
        return _values(outputs, answers, places)
    quantities = {key: answer for key, answer in answers.items() if answer.unit}
    others = _values(outputs, quantities, places) if quantities else [Prediction(place) for place in places]
    threshold = read_threshold(network.folder.path)
    return [
        replace(
            class_answer(place, at, row, question.names, LOST, threshold),
            values=other.values,
            measures=other.measures,
            shapes=other.shapes,
        )
        for at, (place, row, other) in enumerate(zip(places, probabilities.tolist(), others, strict=True))
    ]


def _values(outputs: Outputs, answers: Mapping[str, Answer], places: Sequence[str]) -> list[Prediction]:
    by_name = {
        answers[key].name: answers[key].values(values) for key, values in by_key(outputs).items() if key in answers
    }
    notes = {answer.name: answer.note for answer in answers.values() if answer.note}
    measures = {answer.name: answer.measure for answer in answers.values() if answer.measure}
    shapes = {name: tuple(values.shape[1:]) for name, values in by_name.items() if values.dim() > 2}
    return [
        Prediction(
            place,
            values=tuple((name, tuple(values[row].flatten().tolist())) for name, values in by_name.items()),
            notes=notes,
            measures=measures,
            shapes=shapes,
        )
        for row, place in enumerate(places)
    ]
