"""What a network is asked: which output is compared with which field, and how the output becomes an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

from engine.catalog.spec import Compares
from engine.codegen.field_usage import Comparison, Reads
from engine.codegen.plan import plan_main
from engine.codegen.wiring import Step, Wiring
from engine.graph.model import End, Project
from engine.protocol.result_answers import Task
from engine.runtime.analysis.build import layer_output
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import Outputs

NO_YES = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Question:
    """A comparison of an output with a field. ``names``: of the classes, as far as the data has them.

    ``takes``: what the output means. ``middle``: between the targets that mean no and yes.
    """

    comparison: Comparison
    task: Task
    names: tuple[str, ...]
    takes: str = "values"
    middle: float = 0.5

    @property
    def key(self) -> str:
        """The name of the output, empty for a single one."""
        return self.comparison.output or ""

    def output(self, outputs: Outputs) -> Tensor:
        """The output that is compared."""
        return outputs[self.key] if isinstance(outputs, dict) else outputs

    def class_names(self, count: int) -> tuple[str, ...]:
        """A name for each of ``count`` classes."""
        names = self.names if len(self.names) <= count else ()
        return (*names, *map(str, range(len(names), count)))

    @property
    def is_single_score(self) -> bool:
        """Whether one score decides between two classes."""
        return self.task == "classes" and not self.comparison.is_class

    def has_classes(self, specs: Mapping[str, FieldSpec]) -> bool:
        """Whether a sample has a class, as far as the fields say."""
        return self.comparison.is_class or (self.is_single_score and prod(specs[self.comparison.field].sizes) == 1)

    def probabilities(self, scores: Tensor) -> Tensor | None:
        """The probability of each class, (samples, classes); ``None`` where a sample has no single class."""
        if self.comparison.is_class:
            return self._chances(scores) if scores.dim() == 2 else None
        if not self.is_single_score or scores.numel() != len(scores):
            return None
        yes = self._chances(scores.reshape(-1, 1))
        return torch.cat([1 - yes, yes], dim=1)

    def _chances(self, scores: Tensor) -> Tensor:
        if self.takes == "probabilities":
            return scores
        return scores.softmax(1) if self.comparison.is_class else scores.sigmoid()

    def shares(self, scores: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities with the classes on axis 1, and the true classes, which lack that axis.

        A single decision has two classes. Of tags, both have the shape of the scores, and the truth is 0 and 1.
        """
        chances = scores if self.takes == "probabilities" else scores.sigmoid()
        if self.task == "tags":
            return chances, (target.reshape(scores.shape) > self.middle).long()
        if self.comparison.is_class or (scores.dim() == target.dim() + 1 and scores.shape[1] > 1):
            truth = target.argmax(1) if target.is_floating_point() and target.shape == scores.shape else target
            return (scores if self.takes == "probabilities" else scores.softmax(1)), truth.long()
        yes = chances if chances.dim() > 1 and chances.shape[1] == 1 else chances.unsqueeze(1)
        truth = (target > self.middle).long().reshape(yes.squeeze(1).shape)
        return torch.cat([1 - yes, yes], dim=1), truth


def question_of(
    project: Project, reads: Reads, specs: Mapping[str, FieldSpec], class_names: Mapping[str, Sequence[str]]
) -> Question | None:
    """The first comparison of classes, else of decisions, else of numbers; ``None`` where nothing is compared."""
    comparisons = list(_comparisons(project, specs))
    for comparison, compares in comparisons:
        if comparison.is_class:
            names = tuple(class_names.get(comparison.field, ()))
            return Question(comparison, "classes", names, compares.takes if compares else "scores")
    for comparison, compares in comparisons:
        if compares is not None and _decides(compares) and comparison.field not in reads.inputs:
            task = _task_of(specs[comparison.field])
            names = tuple(class_names.get(comparison.field, ())) or (NO_YES if task == "classes" else ())
            middle = (compares.targets.low + compares.targets.high) / 2
            return Question(comparison, task, names, compares.takes, middle)
    for comparison, _ in comparisons:
        if specs[comparison.field].dtype == "float32":
            return Question(comparison, "numbers", ())
    return None


def _comparisons(project: Project, specs: Mapping[str, FieldSpec]) -> Iterator[tuple[Comparison, Compares | None]]:
    """The comparisons of an output with the values of a field, in whatever type and shape, losses first."""
    plan = plan_main(project)
    names = {end: name for name, end in plan.returns.items()}
    for score in (*plan.losses, *plan.metrics):
        source, target = (score.inputs.get(name) for name in ("input", "target"))
        name = _field_of(plan.wiring, target, specs) if target else None
        if source in names and name is not None:
            output = names[source] if len(names) > 1 else None
            compares = score.kind.compares
            is_class = compares is not None and compares.min_classes > 1
            yield Comparison(score.name, output, name, is_class), compares


def _field_of(wiring: Wiring, end: End, specs: Mapping[str, FieldSpec]) -> str | None:
    """The field whose values a target has, in another type or shape perhaps; ``None`` if they are computed from it."""
    steps: list[Step] = []
    while wiring.role(end.node) == "layer":
        step = wiring.step(end.node)
        if len(step.inputs) != 1:
            return None
        steps.append(step)
        end = next(iter(step.inputs.values()))
    name = wiring.field(end.node) if wiring.role(end.node) == "input" else None
    if name is None or name not in specs or not _keep_values(steps[::-1], specs[name].sizes):
        return None
    return name


def _keep_values(steps: Sequence[Step], shape: tuple[int, ...]) -> bool:
    """Whether the steps keep zeros and ones as they are, and in their order."""
    before = (torch.arange(2 * prod(shape)) % 2).reshape(2, *shape)
    values: Tensor | None = before
    for step in steps:
        values = layer_output(step.kind, step.params, values) if values is not None else None
    return values is not None and torch.equal(values.flatten().long(), before.flatten())


def _decides(compares: Compares) -> bool:
    """Whether each score is a decision of its own, or a place that is inside or outside of something."""
    low, high = compares.targets.low, compares.targets.high
    return compares.is_binary or (compares.takes == "scores" and (low, high) == (0.0, 1.0))


def _task_of(spec: FieldSpec) -> Task:
    """One decision in each sample or place, or several beside each other."""
    return "tags" if spec.sizes and spec.sizes[0] > 1 and len(spec.sizes) != 2 else "classes"
