"""What a network needs beside its inputs: a number of samples, random numbers, gradients while it is asked."""

from dataclasses import dataclass

from engine.catalog.emit import Gradient, Random
from engine.codegen.plan import Plan, plan_block
from engine.codegen.wired import Step
from engine.graph.model import Project


@dataclass(frozen=True, slots=True)
class Needs:
    """``count``: ``forward`` takes the number of samples. ``draws``: it draws random numbers, in evaluation too.

    ``gradients``: it differentiates, so gradients stay on in evaluation.
    """

    count: bool = False
    draws: bool = False
    gradients: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(self.count or other.count, self.draws or other.draws, self.gradients or other.gradients)


NOTHING = Needs()


def needs(plan: Plan, known: dict[str, Needs]) -> Needs:
    """What the steps of a plan need, blocks included. ``known``: of blocks by their graph, to which it is added."""
    found = Needs()
    for step in plan.steps:
        found |= needs_of_block(plan.wired.project, step.block, known) if step.block else _own(step)
    return found


def needs_of_block(project: Project, graph: str, known: dict[str, Needs]) -> Needs:
    """What a graph needs that is used as a block; ``known`` as in `needs`."""
    if graph not in known:
        known[graph] = Needs()  # of a block within itself, which other rules refuse
        known[graph] = needs(plan_block(project, graph), known)
    return known[graph]


def _own(step: Step) -> Needs:
    match step.kind.emit:
        case Random():
            return Needs(count="like" not in step.inputs, draws=True)
        case Gradient():
            return Needs(gradients=True)
    return Needs()
