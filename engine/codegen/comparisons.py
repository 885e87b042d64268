"""What a network takes of a batch, and what its losses and metrics compare with what."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.codegen.plan import Plan, Step, plan_main
from engine.graph.model import End, Project

NO_NUMBER, TOO_LARGE = "The scores of the network are not numbers.", "The values of the sample may be too large."
"""Why a sample has no answer, and what may be the cause."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A loss or metric that compares an output of the network with a field of the data as it is.

    ``node``: its name. ``output``: the name of the output, ``None`` when there is only one. ``is_class``: whether the
    field holds class numbers, and the output a score for each class.
    """

    node: str
    output: str | None
    field: str
    is_class: bool


@dataclass(frozen=True, slots=True)
class Reads:
    """What is read of a batch. ``inputs``: the fields that the network takes, in order.

    ``answers``: those that losses and metrics read. ``comparisons``: those of the losses, then those of the metrics.
    """

    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def first(self) -> Comparison | None:
        """The first comparison."""
        return next(iter(self.comparisons), None)

    @property
    def of_classes(self) -> Comparison | None:
        """The first comparison of scores with classes."""
        return next((found for found in self.comparisons if found.is_class), None)


def reads(project: Project) -> Reads:
    """What the main graph of a project reads. Raises: `EngineError` for a graph that cannot be generated."""
    plan = plan_main(project)
    inputs = tuple(_field(plan, name) for name in plan.inputs)
    answers = dict.fromkeys(field for score in (*plan.losses, *plan.metrics) for field in _fields_read(plan, score))
    return Reads(inputs, tuple(answers), tuple(_comparisons(plan)))


def _comparisons(plan: Plan) -> Iterator[Comparison]:
    names = {end: name for name, end in plan.returns.items()}
    for score in (*plan.losses, *plan.metrics):
        given, target = (score.inputs.get(port.name) for port in score.kind.inputs[:2])
        if given in names and target is not None and plan.wired.role(target.node) == "input":
            output = names[given] if len(names) > 1 else None
            is_class = score.kind.compares is not None and score.kind.compares.fewest > 1
            yield Comparison(score.name, output, _field(plan, target.node), is_class)


def _fields_read(plan: Plan, score: Step) -> Iterator[str]:
    """The fields from which a loss or metric computes something itself, rather than the network."""
    aside = {step.name: step for step in plan.aside}
    todo: list[End] = list(score.inputs.values())
    while todo:
        end = todo.pop(0)
        if plan.wired.role(end.node) == "input":
            yield _field(plan, end.node)
        elif end.node in aside:
            todo = [*aside[end.node].inputs.values(), *todo]


def _field(plan: Plan, name: str) -> str:
    return str(plan.wired.node(name).params.get("field") or name)
