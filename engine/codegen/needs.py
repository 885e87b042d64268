"""What a network needs beside its inputs: a number of samples, random numbers, gradients in evaluation."""

from msgspec import Struct

from engine.catalog.emit import Creation, Function, Gradient, Module
from engine.codegen.plan import Plan, plan_block
from engine.codegen.wiring import Step
from engine.graph.model import Project


class Needs(Struct, frozen=True):
    """``count``: ``forward`` takes the number of samples. ``draws``: it draws random numbers, in evaluation too.

    ``gradients``: it differentiates, so gradients stay on in evaluation.
    """

    count: bool = False
    draws: bool = False
    gradients: bool = False

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(self.count or other.count, self.draws or other.draws, self.gradients or other.gradients)


NOTHING = Needs()


def needs(plan: Plan, by_graph: dict[str, Needs]) -> Needs:
    """What the steps of a plan need, blocks included. ``by_graph``: what blocks need; missing ones are added."""
    total = NOTHING
    for step in plan.steps:
        own = needs_of_block(plan.wiring.project, step.block, by_graph) if step.block else _needs_of_step(step)
        if own is not NOTHING:  # as that of most steps
            total |= own
    return total


def needs_of_block(project: Project, graph: str, by_graph: dict[str, Needs]) -> Needs:
    """What a graph needs that is used as a block; ``by_graph`` as in `needs`."""
    if graph not in by_graph:
        by_graph[graph] = NOTHING  # for a block within itself, which other rules refuse
        by_graph[graph] = needs(plan_block(project, graph), by_graph)
    return by_graph[graph]


def _needs_of_step(step: Step) -> Needs:
    emit = step.kind.emit
    if isinstance(emit, (Module, Function)):
        return Needs(draws=True) if emit.draws else NOTHING
    if isinstance(emit, Creation):
        return Needs(count="like" not in step.inputs, draws=emit.draws)
    return Needs(gradients=True) if isinstance(emit, Gradient) else NOTHING
