"""What a network takes of a batch, and what its losses and metrics compare with what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from engine.codegen.expression import COUNT
from engine.codegen.literals import quote
from engine.codegen.needs import NOTHING, Needs, needs
from engine.codegen.plan import Plan, plan_main
from engine.codegen.wired import Step
from engine.graph.model import End, Project
from engine.graph.phases import effective_phases

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
class PhaseReads:
    """What a phase reads of a batch, and what it gives.

    ``name``: empty for the one phase of a training that lists none. ``inputs``: the fields that ``forward`` takes in
    it, in order. ``answers``: those that its losses read. ``is_dict``: whether ``forward`` gives several values, by
    name. ``losses``: their names. ``learns``: the attributes of the network whose weights learn. ``needs``: what it
    needs beside its inputs.
    """

    name: str
    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    is_dict: bool
    losses: tuple[str, ...]
    learns: tuple[str, ...]
    needs: Needs = NOTHING

    def arguments(self, batch: str = "batch") -> str:
        """What ``forward`` is passed in the phase, of a batch that is held by this name."""
        return ", ".join(_passed(self.inputs, self.answers, self.needs, batch))


@dataclass(frozen=True, slots=True)
class Reads:
    """What is read of a batch. ``inputs``: the fields that the network takes without a phase, in order.

    ``answers``: those that losses and metrics read, ``measured`` those that metrics read. ``comparisons``: those of the
    losses, then those of the metrics. ``phases``: what each phase reads; the one phase of a training that lists none
    takes ``inputs``. ``needs``: what ``forward`` needs beside its inputs without a phase. ``has_outputs``: whether it
    then gives anything. ``has_metrics``: whether there are metrics beside the losses.
    """

    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    phases: tuple[PhaseReads, ...] = ()
    needs: Needs = NOTHING
    measured: tuple[str, ...] = ()
    has_outputs: bool = True
    has_metrics: bool = True

    @property
    def all_needs(self) -> Needs:
        """What ``forward`` needs beside its inputs, without a phase or in any of them."""
        return reduce(Needs.__or__, (phase.needs for phase in self.phases), self.needs)

    def arguments(self, batch: str = "batch") -> str:
        """What ``forward`` is passed without a phase, of a batch that is held by this name."""
        return ", ".join(_passed(self.inputs, self.answers, self.needs, batch))

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is read, each once."""
        return tuple(
            dict.fromkeys((*self.inputs, *self.answers, *(name for each in self.phases for name in each.inputs)))
        )

    def kept(self, known: Iterable[str]) -> tuple[str, ...]:
        """The fields of the data that are read, in their order; the first where none is, as it has the samples."""
        names = tuple(known)
        return tuple(name for name in names if name in self.fields) or names[:1]

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
    phases = tuple(_phases(plan))
    answers = dict.fromkeys(name for phase in phases for name in phase.answers)
    measured = tuple(dict.fromkeys(name for metric in plan.metrics for name in _fields_read(plan, metric)))
    answers |= dict.fromkeys(measured)
    comparisons, has_outputs = tuple(_comparisons(plan)), bool(plan.returns)
    own = needs(plan, {}) if has_outputs else NOTHING
    return Reads(_inputs(plan), tuple(answers), comparisons, phases, own, measured, has_outputs, bool(plan.metrics))


def _phases(plan: Plan) -> Iterator[PhaseReads]:
    held = [step.name for step in plan.built()]
    for phase in effective_phases(plan.wired.project):
        way = plan.phases.get(phase.name, plan)
        yield PhaseReads(
            phase.name,
            _inputs(way),
            tuple(dict.fromkeys(name for loss in way.losses for name in _fields_read(way, loss))),
            len(way.returns) > 1,
            tuple(loss.name for loss in way.losses),
            tuple(name for name in held if name in phase.learns),
            needs(way, {}),
        )


def _passed(inputs: tuple[str, ...], answers: tuple[str, ...], needed: Needs, batch: str) -> Iterator[str]:
    """The arguments of ``forward``, which takes how many samples the batch has where it draws as many."""
    yield from (f"{name}={batch}[{quote(name)}]" for name in inputs)
    if needed.count:
        field = next(iter((*inputs, *answers)), None)
        first = f"{batch}[{quote(field)}]" if field else f"next(iter({batch}.values()))"
        yield f"{COUNT}=len({first})"


def _inputs(plan: Plan) -> tuple[str, ...]:
    return tuple(plan.wired.field(name) for name in plan.inputs)


def _comparisons(plan: Plan) -> Iterator[Comparison]:
    names = {end: name for name, end in plan.returns.items()}
    for score in (*plan.losses, *plan.metrics):
        given, target = (score.inputs.get(name) for name in ("input", "target"))
        if given in names and target is not None and plan.wired.role(target.node) == "input":
            output = names[given] if len(names) > 1 else None
            is_class = score.kind.compares is not None and score.kind.compares.fewest > 1
            yield Comparison(score.name, output, plan.wired.field(target.node), is_class)


def _fields_read(plan: Plan, score: Step) -> Iterator[str]:
    """The fields from which a loss or metric computes something itself, rather than the network."""
    aside = {step.name: step for step in plan.aside}
    todo: list[End] = list(score.inputs.values())
    while todo:
        end = todo.pop(0)
        if plan.wired.role(end.node) == "input":
            yield plan.wired.field(end.node)
        elif end.node in aside:
            todo = [*aside[end.node].inputs.values(), *todo]
