"""Which fields of a batch a network, its losses and its metrics read, and what these compare."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from engine.codegen.expression import COUNT
from engine.codegen.literals import quote
from engine.codegen.needs import NOTHING, Needs, needs
from engine.codegen.plan import Plan, plan_main
from engine.codegen.wiring import Step
from engine.graph.model import End, Project
from engine.graph.phases import effective_phases
from engine.graph.ports import entry_of

NO_NUMBER, TOO_LARGE = "The scores of the network are not numbers.", "The values of the sample may be too large."
"""The reason why a sample has no answer, and what may be the cause."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A loss or metric that compares an output of the network with an unchanged field of the data.

    ``node``: its name. ``output``: the name of the output, ``None`` when there is only one. ``is_class``: whether the
    field holds class numbers, and the output a score for each class.
    """

    node: str
    output: str | None
    field: str
    is_class: bool


@dataclass(frozen=True, slots=True)
class PhaseReads:
    """What a phase reads of a batch, and what it computes.

    ``name``: empty for the one phase of a training that lists none. ``inputs``: the fields that ``forward`` takes in
    it, in order. ``targets``: the fields that its losses read. ``is_dict``: whether ``forward`` returns several
    values, by name. ``losses``: the names of its losses. ``learns``: the attributes of the network whose weights learn.
    ``needs``: what ``forward`` needs beside its inputs.
    """

    name: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    is_dict: bool
    losses: tuple[str, ...]
    learns: tuple[str, ...]
    needs: Needs = NOTHING

    def arguments(self, batch: str = "batch") -> str:
        """The arguments of ``forward`` in the phase. ``batch``: the variable of the batch."""
        return ", ".join(_arguments(self.inputs, self.needs, batch))


@dataclass(frozen=True, slots=True)
class Reads:
    """What is read of a batch. ``inputs``: the fields that the network takes without a phase, in order.

    ``targets``: the fields that losses and metrics read, ``metric_targets`` those that metrics read. ``comparisons``:
    those of the losses, then those of the metrics. ``phases``: what each phase reads; the one phase of a training that
    lists none takes ``inputs``. ``needs``: what ``forward`` needs beside its inputs without a phase. ``has_outputs``:
    whether it then returns anything. ``has_metrics``: whether there are metrics beside the losses.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    phases: tuple[PhaseReads, ...] = ()
    needs: Needs = NOTHING
    metric_targets: tuple[str, ...] = ()
    has_outputs: bool = True
    has_metrics: bool = True

    @property
    def all_needs(self) -> Needs:
        """What ``forward`` needs beside its inputs, without a phase or in any of them."""
        return reduce(Needs.__or__, (phase.needs for phase in self.phases), self.needs)

    def arguments(self, batch: str = "batch") -> str:
        """The arguments of ``forward`` without a phase. ``batch``: the variable of the batch."""
        return ", ".join(_arguments(self.inputs, self.needs, batch))

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is read, each once."""
        return tuple(
            dict.fromkeys((*self.inputs, *self.targets, *(name for each in self.phases for name in each.inputs)))
        )

    def fields_among(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the data's fields that are read, in order; the first where none is, to count the samples by."""
        every = tuple(names)
        return tuple(name for name in every if name in self.fields) or every[:1]

    @property
    def first(self) -> Comparison | None:
        """The first comparison."""
        return next(iter(self.comparisons), None)

    @property
    def of_classes(self) -> Comparison | None:
        """The first comparison of scores with classes."""
        return next((each for each in self.comparisons if each.is_class), None)


def reads(project: Project) -> Reads:
    """What the main graph of a project reads. Raises: `EngineError` for a graph that cannot be generated."""
    plan = plan_main(project)
    phases = tuple(_phases(plan))
    targets = dict.fromkeys(name for phase in phases for name in phase.targets)
    metric_targets = tuple(dict.fromkeys(name for metric in plan.metrics for name in _fields_read(plan, metric)))
    targets |= dict.fromkeys(metric_targets)
    return Reads(
        inputs=_inputs(plan),
        targets=tuple(targets),
        comparisons=tuple(_comparisons(plan)),
        phases=phases,
        needs=needs(plan, {}) if plan.returns else NOTHING,
        metric_targets=metric_targets,
        has_outputs=bool(plan.returns),
        has_metrics=bool(plan.metrics),
    )


def _phases(plan: Plan) -> Iterator[PhaseReads]:
    module_names = [step.name for step in plan.module_steps()]
    for phase in effective_phases(plan.wiring.project):
        phase_plan = plan.phases.get(phase.name, plan)
        yield PhaseReads(
            phase.name,
            _inputs(phase_plan),
            tuple(dict.fromkeys(name for loss in phase_plan.losses for name in _fields_read(phase_plan, loss))),
            len(phase_plan.returns) > 1,
            tuple(loss.name for loss in phase_plan.losses),
            tuple(name for name in module_names if name in phase.learns),
            needs(phase_plan, {}),
        )


def _arguments(inputs: tuple[str, ...], needs: Needs, batch: str) -> Iterator[str]:
    """The arguments of ``forward``: fields, and the size of the batch where it draws random values of that size."""
    yield from (f"{name}={batch}[{quote(name)}]" for name in inputs)
    if needs.count:
        yield f"{COUNT}=len(next(iter({batch}.values())))"


def _inputs(plan: Plan) -> tuple[str, ...]:
    return tuple(plan.wiring.field(name) for name in plan.inputs)


def _comparisons(plan: Plan) -> Iterator[Comparison]:
    names = {end: name for name, end in plan.returns.items()}
    for score in (*plan.losses, *plan.metrics):
        source, target = (score.inputs.get(name) for name in ("input", "target"))
        if source in names and target is not None and plan.wiring.role(target.node) == "input":
            output = names[source] if len(names) > 1 else None
            is_class = score.kind.compares is not None and score.kind.compares.min_classes > 1
            yield Comparison(score.name, output, plan.wiring.field(entry_of(target)), is_class)


def _fields_read(plan: Plan, score: Step) -> Iterator[str]:
    """The fields that a loss or metric reads from the batch, rather than through the network."""
    target_steps = {step.name: step for step in plan.target_steps}
    todo: list[End] = list(score.inputs.values())
    while todo:
        end = todo.pop(0)
        if plan.wiring.role(end.node) == "input":
            yield plan.wiring.field(entry_of(end))
        elif end.node in target_steps:
            todo = [*target_steps[end.node].inputs.values(), *todo]
