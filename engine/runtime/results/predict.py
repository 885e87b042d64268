"""What a run's network says of new data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.codegen.scripts.answers import Comparison, first_comparison
from engine.errors import DataProblem
from engine.runtime.data.inputs import read_inputs
from engine.runtime.device import find_device
from engine.runtime.load import Outputs
from engine.runtime.results.weights import Trained, trained
from engine.runtime.training.job import Which
from engine.runtime.training.origin import read_record
from resources.snippets.batches import part_batches

MOST_SHOWN = 3  # classes in a line of text


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one row: ``scores``, a probability a class, where there are classes, else ``values``."""

    place: str  # of the row: its file or line
    label: str = ""
    scores: tuple[tuple[str, float], ...] = ()
    values: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def as_json(self) -> dict[str, object]:
        """One object of ``predict --json``."""
        if self.scores:
            return {"input": self.place, "label": self.label, "scores": dict(self.scores)}
        return {"input": self.place, "values": {name: list(numbers) for name, numbers in self.values}}

    def text(self) -> str:
        """One line for a person."""
        if self.scores:
            likely = sorted(self.scores, key=lambda pair: -pair[1])[:MOST_SHOWN]
            return f"{self.place}: {self.label}  ({', '.join(f'{name} {100 * p:.1f} %' for name, p in likely)})"
        shown = "  ".join(f"{name} {' '.join(f'{number:.5g}' for number in numbers)}" for name, numbers in self.values)
        return f"{self.place}: {shown}"


def predict(run: Path, input: Path, *, which: Which = "best", device: str = "auto") -> list[Prediction]:
    """An answer for each row of a CSV, NPZ or IDX file, for an image, or for each image of a folder.

    Raises: ``EngineError``.
    """
    network = trained(run, which, find_device(device))
    known = read_record(network.folder).preparation
    rows = read_inputs(input, network.project.data, known)
    missing = [name for name in network.model.inputs if name not in rows.fields]
    if missing:
        raise DataProblem(
            f"{input}: lacks {', '.join(missing)}, which the network takes.",
            hint=f"Give an NPZ file with arrays {', '.join(network.model.inputs)}.",
        )
    comparison = first_comparison(network.model.text)
    names = known.class_names.get(comparison.field, ()) if comparison else ()
    fields = {name: rows.fields[name].to(network.device) for name in network.model.inputs}
    return _answered(network, fields, rows.places, comparison, names)


def _answered(
    network: Trained,
    fields: dict[str, Tensor],
    places: Sequence[str],
    comparison: Comparison | None,
    names: Sequence[str],
) -> list[Prediction]:
    answers: list[Prediction] = []
    with torch.inference_mode():
        for batch in part_batches(fields, network.project.training.batch_size):
            outputs = network.forward(batch)
            scores = _scores(outputs, comparison)
            count = len(next(iter(batch.values())))
            here = places[len(answers) : len(answers) + count]
            answers += _labelled(scores, here, names) if scores is not None else _plain(outputs, here)
    return answers


def _scores(outputs: Outputs, comparison: Comparison | None) -> Tensor | None:
    """Probabilities (rows, classes), or ``None`` when the network does not choose one class a row."""
    if comparison is None or not comparison.is_class:
        return None
    key = comparison.output
    found = outputs[key] if isinstance(outputs, dict) and key is not None else outputs
    return found.softmax(1) if isinstance(found, Tensor) and found.dim() == 2 else None


def _labelled(scores: Tensor, places: Sequence[str], names: Sequence[str]) -> list[Prediction]:
    classes = (*names, *map(str, range(len(names), scores.shape[1])))[: scores.shape[1]]
    best = scores.argmax(1).tolist()
    return [
        Prediction(place, classes[chosen], tuple(zip(classes, row, strict=True)))
        for place, chosen, row in zip(places, best, scores.tolist(), strict=True)
    ]


def _plain(outputs: Outputs, places: Sequence[str]) -> list[Prediction]:
    named = outputs if isinstance(outputs, dict) else {"output": outputs}
    return [
        Prediction(
            place,
            values=tuple((name, tuple(values[row].flatten().tolist())) for name, values in named.items()),
        )
        for row, place in enumerate(places)
    ]
