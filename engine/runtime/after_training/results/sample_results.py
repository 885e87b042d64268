"""Single samples with their truth and their answer, for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.protocol.data_answers import FieldShown
from engine.protocol.result_answers import SampleResult
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.number_answers import NumberAnswers
from engine.runtime.after_training.results.part import LabelledPart
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.data.columns import FEATURES
from engine.runtime.data.summary import field_json
from engine.runtime.training_setup.units import undo_of
from resources.snippets.training.batches import part_batches
from resources.snippets.units import undo_transforms

MAX_SCORES = 5  # the likeliest classes of a sample
LASTING_DIGITS = 5  # of a number as the network gets it
MAX_NUMBERS = 4  # of an answer of many


@dataclass(frozen=True, slots=True)
class SampleReader:
    """Asks the network again about a few samples."""

    network: TrainedNetwork
    part: LabelledPart
    answers: ClassAnswers | NumberAnswers

    def read(self, at: Sequence[int]) -> list[SampleResult]:
        """The samples of these indices, in this order."""
        index = torch.tensor(list(at))
        fields = {name: values[index] for name, values in self.part.fields.items()}
        errors = self.answers.all_errors[index].tolist()
        results: list[SampleResult] = []
        for batch in part_batches(fields, self.network.project.training.batch_size):
            on_device = {name: values.to(self.network.device) for name, values in batch.items()}
            with self.network.evaluation_mode():
                output = self.answers.question.output(self.network.forward(on_device))
            target = on_device[self.answers.question.comparison.field]
            match self.answers:
                case ClassAnswers() as answers:
                    results += self._of_classes(answers, output, target)
                case NumberAnswers() as answers:
                    results += self._of_numbers(answers, output, target)
        for row, sample in enumerate(results):
            sample |= {"at": at[row], "place": self.part.place(at[row]), "error": errors[row]}
            sample["fields"] = self._fields({name: values[row] for name, values in fields.items()})
            if values := self._row(fields, row):
                sample["row"] = values
        return results

    def _of_classes(self, answers: ClassAnswers, output: Tensor, target: Tensor) -> list[SampleResult]:
        shares, truth = (each.cpu() for each in answers.question.shares(output.float(), target))
        predicted = answers.predict(shares)
        if not answers.is_single:
            return [_places(*row) for row in zip(truth, predicted, strict=True)]
        return [_sample(answers, *row) for row in zip(shares, truth, predicted, strict=True)]

    def _of_numbers(self, answers: NumberAnswers, output: Tensor, target: Tensor) -> list[SampleResult]:
        answer, truth = answers.in_unit(output, target)
        return [_new(_numbers(true), _numbers(row)) for row, true in zip(answer, truth, strict=True)]

    def _fields(self, sample: dict[str, Tensor]) -> dict[str, FieldShown]:
        """What the network took, as the window shows samples; a table's row is shown by its columns instead."""
        names = [name for name in self.network.model.reads.inputs if name in sample]
        return {
            name: field_json(
                sample[name], self.part.specs[name].kind, tuple(self.part.class_names.get(name, ())) or None
            )
            for name in names
            if not (name == FEATURES and self.part.columns)
        }

    def _row(self, fields: dict[str, Tensor], row: int) -> dict[str, str]:
        """The values of a table's row as in the file: transforms undone, categories by name."""
        if FEATURES not in fields or not self.part.columns:
            return {}
        undo = undo_of(self.part.fitted).get(FEATURES, ())
        sample = fields[FEATURES][row : row + 1].numpy()
        values, zeros, ones = (undo_transforms(each, undo)[0] for each in (sample, 0 * sample, 0 * sample + 1))
        values = _without_noise(values, abs(ones - zeros)).tolist()
        result, place = {}, 0
        for name, categories in self.part.columns:
            if categories:
                here = values[place : place + len(categories)]
                result[name] = categories[here.index(max(here))]
                place += len(categories)
            else:
                result[name] = f"{values[place]:.5g}"
                place += 1
        return result


def _without_noise(values: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The values without the digits that float32 lacks; ``scales``: what one is, in the unit of each."""
    steps = 10.0 ** np.floor(np.log10(np.maximum(scales, 1e-30)) - LASTING_DIGITS)
    rounded: np.ndarray = np.round(values / steps) * steps
    return rounded


def _new(truth: str, answer: str) -> SampleResult:
    """A sample whose place is filled in later."""
    return {"at": 0, "place": "", "truth": truth, "answer": answer, "error": 0.0}


def _sample(answers: ClassAnswers, shares: Tensor, truth: Tensor, predicted: Tensor) -> SampleResult:
    sample = _new(answers.text(truth), answers.text(predicted))
    chances = shares.tolist()
    sample["scores"] = sorted(zip(answers.names, chances, strict=True), key=lambda pair: -pair[1])[:MAX_SCORES]
    if not answers.is_tags:
        sample["probability"] = chances[int(predicted)]
    return sample


def _places(truth: Tensor, predicted: Tensor) -> SampleResult:
    """A sample with an answer at many places, such as the pixels of a mask."""
    wrong = int((truth != predicted).sum())
    return _new(f"{truth.numel():,} places", f"{wrong:,} of {truth.numel():,} places wrong")


def _numbers(values: Tensor) -> str:
    texts = [f"{value:.5g}" for value in values[:MAX_NUMBERS].tolist()]
    return " ".join([*texts, "..."] if len(values) > MAX_NUMBERS else texts)
