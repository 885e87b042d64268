"""Rules about lists of optimizers: the nodes that they name, and an optimizer that must be alone."""

from collections import Counter
from collections.abc import Iterator

from engine.catalog.index import did_you_mean
from engine.catalog.optimizers import OPTIMIZERS
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.optimization.changes import optimizers_fix, whose, with_settings
from engine.graph.edits import SetTraining
from engine.graph.model import MATRICES, OtherOptimizer, Project
from engine.graph.off import OFF
from engine.graph.phases import EffectivePhase, effective_phases, weight_owner


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems of the optimizers of each phase."""
    if project.main not in project.graphs:
        return
    for phase in effective_phases(project):
        yield from _empty(project, phase)
        yield from _names(project, phase)
        yield from _several_owners(project, phase)
        yield from _evaluating(project, phase)


def _without(project: Project, phase: EffectivePhase, other: OtherOptimizer) -> Fix:
    others = tuple(each for each in phase.other_optimizers if each is not other)
    return optimizers_fix(f"Remove {other.kind}", project.training, phase, phase.optimizer, others)


def _empty(project: Project, phase: EffectivePhase) -> Iterator[Diagnostic]:
    """Entries that name no node."""
    for other in phase.other_optimizers:
        if not other.of:
            message = f"{whose(phase)}{other.kind} is beside {phase.optimizer.kind}, but for no nodes."
            hint = "Name the nodes whose weights it learns, or all matrices."
            yield Diagnostic("T026", "error", message, hint, fix=_without(project, phase, other))


def _names(project: Project, phase: EffectivePhase) -> Iterator[Diagnostic]:
    """Nodes that do not exist, have no weights, or are not learned in the phase."""
    graph = project.graphs[project.main]
    for other in phase.other_optimizers:
        for name in dict.fromkeys(() if other.of == MATRICES else other.of):
            what, owner = f"{whose(phase)}{other.kind} is to learn {name}", weight_owner(graph, name)
            if name not in graph.nodes:
                hint = did_you_mean(name, graph.nodes) or "Name a layer or block of the main graph."
                yield Diagnostic("T025", "error", f"{what}, which {project.main} does not have.", hint)
            elif owner is None:
                message = f"{what} ({graph.nodes[name].kind}), which has no weights."
                yield Diagnostic("T025", "error", message, "Name layers and blocks that have weights.", name)
            elif owner not in phase.learns:
                message = f"{what}, which the phase does not learn." if phase.name else f"{what}, which is not in use."
                yield Diagnostic("T025", "error", message, "Name nodes whose weights are learned.", name)


def _several_owners(project: Project, phase: EffectivePhase) -> Iterator[Diagnostic]:
    """Nodes that two entries name, and two entries for matrices."""
    graph = project.graphs[project.main]
    owners = Counter[str]()
    for other in phase.other_optimizers:
        if other.of == MATRICES:
            owners[MATRICES] += 1
        else:
            owners.update(weight_owner(graph, name) or name for name in other.of)
    for name, count in owners.items():
        if count > 1:
            what = "all matrices" if name == MATRICES else name
            message = f"{whose(phase)}{count} optimizers are for {what}, and each weight has one."
            node = name if name in graph.nodes else None
            yield Diagnostic("T025", "error", message, f"Name {what} in one of them.", node)


def _evaluating(project: Project, phase: EffectivePhase) -> Iterator[Diagnostic]:
    """An optimizer that computes the loss several times in a step, with what does not go together with that."""
    part, training = phase.optimizer, project.training
    beside = [other.kind for other in phase.other_optimizers]
    closures = [kind for kind in (part.kind, *beside) if kind in OPTIMIZERS and OPTIMIZERS[kind].evaluates]
    if not closures:
        return
    what = f"{whose(phase)}{closures[0]} computes the loss several times in a step"
    if beside:
        fix = optimizers_fix(f"Use {closures[0]} alone", training, phase, part, ()) if part.kind in closures else None
        hint = "Let it learn all weights of its phase."
        yield Diagnostic("T028", "error", f"{what}, so it cannot be beside another optimizer.", hint, fix=fix)
    if phase.clip:
        off = with_settings(training, phase, clip=OFF if phase.name else None)
        message = f"{what}, and clipping would give it other gradients than those of the loss."
        yield Diagnostic("T028", "error", message, fix=Fix("Switch clipping off", SetTraining(off)))
    if phase.accumulate > 1:
        after = with_settings(training, phase, accumulate=1)
        message = f"{what} on one batch, so it cannot accumulate {phase.accumulate}."
        yield Diagnostic("T028", "error", message, fix=Fix("Set accumulate to 1", SetTraining(after)))
    for graph_name, graph in project.graphs.items():
        for name, node in graph.nodes.items():
            setting = "lr_scale" if node.settings.lr_scale is not None else "decay"
            if node.settings.lr_scale is not None or node.settings.decay is not None:
                message = f"{closures[0]} learns all weights in one way, but {name} has its own {setting}."
                yield Diagnostic("T028", "error", message, f"Remove {setting} of {name}.", name, graph=graph_name)
