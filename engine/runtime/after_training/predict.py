"""The answers of a run's network about new data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from torch import Tensor

from engine.check.diagnostics import Diagnostic
from engine.codegen.field_usage import NO_NUMBER, TOO_LARGE, Comparison
from engine.errors import DataProblem, RunProblem
from engine.runtime.after_training.trained_network import TrainedNetwork, Warn, Which, ignore, trained_network
from engine.runtime.analysis.data_values.ranges import embedding_places
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.load import Outputs
from engine.runtime.placement import Placement
from engine.runtime.training_setup.output_labels import Answer, answers_of, by_key
from resources.snippets.samples import Refusal
from resources.snippets.training.batches import part_batches

MAX_CLASSES = 3  # classes in a line of text
NO_ANSWER = "D130"  # the code of a sample that is not answered


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one sample. ``scores``: a probability for each class, if there are any. ``values``: the outputs.

    Values are in the unit of the data; ``notes`` gives the unit of others, by name. ``measures``: by name,
    the sign beside such numbers in the data. ``refusal``: why there is no answer.
    """

    place: str  # of the sample: its file or line
    label: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    values: tuple[tuple[str, tuple[float, ...]], ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    def as_json(self) -> dict[str, object]:
        """One object of ``predict --json``."""
        result: dict[str, object] = {"input": self.place}
        if self.refusal:
            problem = {
                "code": NO_ANSWER,
                "severity": "error",
                "message": self.refusal.reason,
                "hint": self.refusal.hint,
            }
            return result | {"problem": problem}
        if self.scores:
            result |= {"label": self.label, "scores": dict(self.scores)}
        if self.values or not self.scores:
            result["values"] = {name: list(numbers) for name, numbers in self.values}
        result |= {"measures": dict(self.measures)} if self.measures else {}
        return result | ({"notes": dict(self.notes)} if self.notes else {})

    def text(self) -> str:
        """One line for a person."""
        if self.refusal:
            return f"{self.place}: no prediction: {self.refusal.reason} {self.refusal.hint}".rstrip()
        parts = [self._class_text()] if self.scores else []
        for name, numbers in self.values:
            note = f" ({self.notes[name]})" if name in self.notes else ""
            measure = f" {self.measures[name]}" if name in self.measures else ""
            parts.append(f"{name} {' '.join(f'{number:.5g}' for number in numbers)}{measure}{note}")
        return f"{self.place}: {'  '.join(parts)}"

    def _class_text(self) -> str:
        likely = sorted(self.scores, key=lambda pair: -pair[1])[:MAX_CLASSES]
        return f"{self.label}  ({', '.join(f'{name} {100 * p:.1f} %' for name, p in likely)})"


def predict(
    run: Path, input: Path, *, which: Which = "best", device: str = "auto", warn: Warn = ignore
) -> list[Prediction]:
    """An answer for each row of a CSV, NPZ or IDX file, for an image, or for each image of a folder, in their order.

    Raises: ``EngineError``, but not for a single bad sample among others: that is ``refusal``.
    """
    network = trained_network(run, which, Placement.of(device).device, warn)
    if not network.model.reads.inputs:
        hint = f"Let it make samples: torchloom generate {run} -o grid.png." if network.project.generation else ""
        raise RunProblem(
            f"The network of {run} takes no data, so there is nothing to ask it about.", hint=hint, code="R062"
        )
    preparation = network.record.preparation
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
    fields = {name: rows.fields[name].to(network.device) for name in network.model.reads.inputs}
    answers = _predictions(network, fields, rows.places, preparation) if rows.places else iter(())
    refusals = {each.row: Prediction(each.place, refusal=each) for each in rows.refusals}
    return [refusals.get(row) or next(answers) for row in range(len(rows.places) + len(refusals))]


def _predictions(
    network: TrainedNetwork, fields: dict[str, Tensor], places: Sequence[str], preparation: Preparation
) -> Iterator[Prediction]:
    comparison = network.model.reads.of_classes
    names = preparation.class_names.get(comparison.field, ()) if comparison else ()
    answers = answers_of(network.project, preparation.fields, preparation.fitted, preparation.measure)
    done = 0
    for batch in part_batches(fields, network.project.training.batch_size):
        with network.evaluation_mode():  # around no `yield`: the mode would stay on in the caller
            outputs = network.forward(batch)
        scores = _scores(outputs, comparison)
        count = len(next(iter(batch.values())))
        here, done = places[done : done + count], done + count
        if scores is None:
            yield from _values(outputs, answers, here)
            continue
        quantities = {key: answer for key, answer in answers.items() if answer.unit}
        others = _values(outputs, quantities, here) if quantities else [Prediction(place) for place in here]
        for with_label, other in zip(_with_labels(scores, here, names), others, strict=True):
            yield replace(with_label, values=other.values, measures=other.measures)


def _scores(outputs: Outputs, comparison: Comparison | None) -> Tensor | None:
    """Probabilities (samples, classes), or ``None`` when the network does not choose one class per sample."""
    if comparison is None:
        return None
    key = comparison.output
    values = outputs[key] if isinstance(outputs, dict) and key is not None else outputs
    return values.softmax(1) if isinstance(values, Tensor) and values.dim() == 2 else None


def _with_labels(scores: Tensor, places: Sequence[str], names: Sequence[str]) -> list[Prediction]:
    classes = (*names, *map(str, range(len(names), scores.shape[1])))[: scores.shape[1]]
    best, not_finite = scores.argmax(1).tolist(), scores.isnan().any(1).tolist()
    return [
        Prediction(place, classes[top], tuple(zip(classes, row, strict=True)))
        if not is_lost
        else Prediction(place, refusal=Refusal(at, place, NO_NUMBER, TOO_LARGE))
        for at, (place, top, row, is_lost) in enumerate(zip(places, best, scores.tolist(), not_finite, strict=True))
    ]


def _values(outputs: Outputs, answers: Mapping[str, Answer], places: Sequence[str]) -> list[Prediction]:
    outputs_by_key = {key: answers[key].values(values) for key, values in by_key(outputs).items() if key in answers}
    notes = {answer.name: answer.note for answer in answers.values() if answer.note}
    measures = {answer.name: answer.measure for answer in answers.values() if answer.measure}
    return [
        Prediction(
            place,
            values=tuple(
                (answers[key].name, tuple(values[row].flatten().tolist())) for key, values in outputs_by_key.items()
            ),
            notes=notes,
            measures=measures,
        )
        for row, place in enumerate(places)
    ]
