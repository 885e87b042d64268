"""The weights that the phases of a training learn: none without effect, none twice by accident, none omitted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetTraining
from engine.graph.effective_settings import learns
from engine.graph.model import Project
from engine.graph.phases import (
    EffectivePhase,
    effective_phases,
    owners_of_weights,
    upstream_in_use,
    weight_owner,
    weight_owners,
)
from engine.graph.repetitions import node_name
from engine.runtime.analysis.node_analysis import NodeAnalysis


def problems(project: Project, nodes: Mapping[str, NodeAnalysis]) -> Iterator[Diagnostic]:
    """Problems of the weights that phases learn. ``nodes``: of a project without errors."""
    if not project.training.phases:
        return
    view = View(project, project.main, project.graphs[project.main])
    phases = effective_phases(project)
    weights = [name for name in weight_owners(view.graph) if name in nodes and nodes[name].parameters]
    learning = {node_name(path.partition(".")[0]) for path in _learners(project, nodes)}
    free = [name for name in weights if name in learning]
    yield from _empty_names(view, set(weights))
    for phase in phases:
        yield from _in_vain(view, phase, set(free))
    yield from _twice(view, phases, free)
    yield from _forgotten(view, phases, free)


def _learners(project: Project, nodes: Mapping[str, NodeAnalysis]) -> Iterator[str]:
    """The layers whose weights an optimizer may change, within blocks too."""
    blocks = {path.rpartition(".")[0] for path in nodes}
    for path, node in nodes.items():
        if path not in blocks and node.parameters and learns(project, path.split(".")):
            yield path


def _empty_names(view: View, weights: set[str]) -> Iterator[Diagnostic]:
    """Layers that phases are to learn, but that have no weights."""
    training = view.project.training
    for place, phase in enumerate(training.phases):
        for name in phase.learns or ():
            if weight_owner(view.graph, name) not in weights:
                phases = list(training.phases)
                phases[place] = replace(phase, learns=tuple(each for each in phase.learns or () if each != name))
                yield view.problem(
                    "T019",
                    f"Phase {phase.name} is to learn {name} ({view.graph.nodes[name].kind}), which has no weights.",
                    "Naming it changes nothing.",
                    node=name,
                    severity="warning",
                    fix=(f"Remove {name} from it", SetTraining(replace(training, phases=tuple(phases)))),
                )


def _in_vain(view: View, phase: EffectivePhase, free: set[str]) -> Iterator[Diagnostic]:
    """A phase that cannot change a weight."""
    names = free.intersection(phase.learns)
    losses = ", ".join(phase.losses)
    if not names:
        message = f"Phase {phase.name} learns no weights."
        hint = "Name nodes whose weights are not frozen and do not follow others."
    elif not names & _holders_reached(view, phase.losses):
        message = (
            f"Phase {phase.name} learns {', '.join(sorted(names))}, but {losses} depends on none of these weights."
        )
        hint = "Let it learn what leads to its losses, or name other losses."
    else:
        return
    yield view.problem("T021", message, hint, node=phase.losses[0])


def _twice(view: View, phases: tuple[EffectivePhase, ...], free: list[str]) -> Iterator[Diagnostic]:
    """Weights that several phases learn."""
    for name in free:
        learners = [phase.name for phase in phases if name in phase.learns]
        if len(learners) > 1:
            yield view.problem(
                "T020",
                f"The weights of {name} are learned in the phases {' and '.join(learners)}.",
                "The optimizer of each keeps a state of its own for them. Name in learns what each phase is to change.",
                node=name,
                severity="warning",
            )


def _forgotten(view: View, phases: tuple[EffectivePhase, ...], free: list[str]) -> Iterator[Diagnostic]:
    """Weights on the way to a loss that no phase learns."""
    learned_names = {name for phase in phases for name in phase.learns}
    loss_holders = _holders_reached(view, tuple(name for phase in phases for name in phase.losses))
    for name in free:
        if name in loss_holders and name not in learned_names:
            yield view.problem(
                "T022",
                f"No phase learns the weights of {name}, so they stay as they begin.",
                "Name it in learns of a phase, or freeze it.",
                node=name,
                severity="warning",
            )


def _holders_reached(view: View, losses: tuple[str, ...]) -> set[str]:
    graph = view.graph
    return {
        owner
        for name in upstream_in_use(view.project, graph, losses)
        if not graph.nodes[name].is_bypassed
        for owner in owners_of_weights(graph, name)
    }
