"""A network evaluated on samples whose truth is known: its answers, and the results that follow from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.catalog.data.datasets import answer_name
from engine.protocol.result_answers import RunResults, SampleResult
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.class_results import class_results
from engine.runtime.after_training.results.number_answers import NumberAnswers, number_results
from engine.runtime.after_training.results.part import LabelledPart
from engine.runtime.after_training.results.sample_results import SampleReader
from engine.runtime.after_training.trained_network import TrainedNetwork, Which
from engine.runtime.measure import add_batch, new_scores
from engine.runtime.training_setup.question import Question, question_of
from engine.runtime.training_setup.units import metric_units, unit_powers, units_for
from resources.snippets.training.batches import part_batches
from resources.snippets.units import Units, in_unit

MAX_SHOWN = 24  # samples in a list of the worst
MAX_REFUSALS = 20  # in the results
Answers = ClassAnswers | NumberAnswers

NO_TRUTH = (
    "No loss or metric of this network compares an output with a field of the data, so there is no truth to measure "
    "its answers against; these are its losses and metrics."
)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The answers of a network for a part. ``answers``: ``None`` where no output has a truth.

    ``metrics``: those of its graph, errors in the unit of the data; ``units``: in which unit they are, in words.
    """

    network: TrainedNetwork
    part: LabelledPart
    which: Which
    answers: Answers | None
    metrics: dict[str, float]
    units: dict[str, str]

    @property
    def question(self) -> Question:
        """What the network is asked. Raises: ``ValueError`` where no output has a truth."""
        if self.answers is None:
            raise ValueError("the network has no answers")
        return self.answers.question

    def results(self) -> RunResults:
        """All metrics, and the worst and the least sure samples."""
        results: RunResults = {
            "run": str(self.network.folder.path),
            "part": self.part.name,
            "source": self.part.source,
            "which": self.which,
            "epoch": self.network.epoch + 1,
            "samples": len(self.part),
            "metrics": self.metrics,
            "units": self.units,
            "note": self._note(),
            "refused": len(self.part.refusals),
            "refusals": [{"place": each.place, "reason": each.reason} for each in self.part.refusals[:MAX_REFUSALS]],
            "worst": self.samples(self.worst()),
            "least_sure": self.samples(self.least_sure()),
        }
        match self.answers:
            case ClassAnswers() as answers:
                results["task"], results["classes"] = answers.question.task, class_results(answers)
            case NumberAnswers() as answers:
                name, measure = self._answer_name(), self.part.measure
                names = tuple(f"{name}[{at}]" for at in range(answers.kept_values[0].shape[1]))
                results["task"] = "numbers"
                results["numbers"] = number_results(answers, names, name, measure if self._is_target() else "")
        return results

    def worst(self, count: int = MAX_SHOWN) -> list[int]:
        """The samples with the greatest errors, without those that are right."""
        if self.answers is None:
            return []
        errors = self.answers.all_errors
        values, order = errors.topk(min(count, len(errors)))
        return [at for at, error in zip(order.tolist(), values.tolist(), strict=True) if error > 0]

    def least_sure(self, count: int = MAX_SHOWN) -> list[int]:
        """The samples between whose likeliest classes the network hesitated most."""
        if not isinstance(self.answers, ClassAnswers):
            return []
        sure = torch.cat(self.answers.sure).nan_to_num(nan=float("inf"))
        order: list[int] = sure.topk(min(count, len(sure)), largest=False).indices.tolist()
        return order

    def of_cell(self, true: int, predicted: int, count: int = MAX_SHOWN) -> list[int]:
        """The samples of one true class that were predicted to be of another or the same one, the worst first."""
        if not isinstance(self.answers, ClassAnswers) or self.answers.is_tags:
            return []
        answers = self.answers
        in_cell = (torch.cat(answers.truth) == true) & (torch.cat(answers.predicted) == predicted)
        places = in_cell.nonzero().flatten()
        order = answers.all_errors[places].argsort(descending=True, stable=True)[:count]
        selection: list[int] = places[order].tolist()
        return selection

    def samples(self, at: Sequence[int]) -> list[SampleResult]:
        """These samples, by their index in the part, with truth and answer."""
        return SampleReader(self.network, self.part, self.answers).read(at) if self.answers and at else []

    def batches(self) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
        """All samples in their order: the fields and the output that is compared; only where there are answers."""
        if self.answers is None:
            return
        for batch in _batches(self.network, self.part):
            with self.network.evaluation_mode():  # around no `yield`: the mode would stay on in the caller
                output = self.answers.question.output(self.network.forward(batch))
            yield batch, output

    def _answer_name(self) -> str:
        data, question = self.network.project.data, self.answers
        return answer_name(data.kind, data.params, question.question.comparison.field) if question else ""

    def _is_target(self) -> bool:
        return self.answers is not None and self.answers.question.comparison.field == "target"

    def _note(self) -> str:
        if self.answers is None:
            return NO_TRUTH
        if self.answers.lost:
            lost = self.answers.lost
            return f"{lost:,} answers are not numbers and are left out of these metrics."
        return ""


def evaluated(network: TrainedNetwork, part: LabelledPart, which: Which, threshold: float | None = None) -> Evaluated:
    """Ask a network about every sample of a part, batch by batch. ``threshold``: see `ClassResults`."""
    model, project = network.model, network.project
    torch.set_num_threads(network.checkpoint.metadata["threads"])
    units = units_for(project, part.specs, part.fitted)
    metrics = in_unit(model.metrics, units) if units and units.metrics else model.metrics
    scores = new_scores(model, metrics)
    answers = _new_answers(network, part, units, threshold)
    with network.evaluation_mode():
        for batch in _batches(network, part):
            outputs = add_batch(scores, model, network.network, batch)
            if answers is not None:
                outputs = network.forward(batch) if outputs is None else outputs
                answers.add(answers.question.output(outputs), batch[answers.question.comparison.field])
        results = scores.result()
    return Evaluated(network, part, which, answers, results, _unit_names(network, part))


def _batches(network: TrainedNetwork, part: LabelledPart) -> Iterator[dict[str, Tensor]]:
    read = network.model.reads.fields_among(part.fields)
    fields = {name: values for name, values in part.fields.items() if name in read}
    for batch in part_batches(fields, network.project.training.batch_size):
        yield {name: values.to(network.device) for name, values in batch.items()}


def _new_answers(
    network: TrainedNetwork, part: LabelledPart, units: Units | None, threshold: float | None
) -> Answers | None:
    question = question_of(network.project, network.model.reads, part.specs, part.class_names)
    if question is None:
        return None
    if question.task == "numbers":
        return NumberAnswers(question, len(part), units)
    return ClassAnswers(question, len(part), threshold)


def _unit_names(network: TrainedNetwork, part: LabelledPart) -> dict[str, str]:
    """The unit of each metric that transforms changed, in words."""
    data, powers = network.project.data, unit_powers(network.project)
    measure = f" ({part.measure})" if part.measure else ""
    return {
        name: _unit(answer_name(data.kind, data.params, source) + measure, powers[name]) if source else "as trained"
        for name, source in metric_units(network.project, part.specs, part.fitted).items()
    }


def _unit(name: str, power: int) -> str:
    """A power of a unit in words."""
    return {0: "share", 1: name}.get(power, f"{name} ** {power}")
