"""The weights that each optimizer of a training learns: never none, and only such as it can learn."""

from collections.abc import Iterator, Mapping

from engine.catalog.optimizers import OPTIMIZERS
from engine.check.diagnostics import Diagnostic
from engine.check.optimization.changes import optimizers_fix, whose
from engine.graph.effective_settings import learns, settings_at
from engine.graph.model import MATRICES, OtherOptimizer, Project, Training
from engine.graph.optimizers import OptimizerShare, node_at, optimizer_shares, sparse_flag
from engine.graph.phases import EffectivePhase, effective_phases
from engine.graph.repetitions import dotted_names
from engine.runtime.analysis.node_analysis import NodeAnalysis

Weight = tuple[str, str, tuple[int, ...]]
"""The path of a layer, the name of a weight below it, and its shape."""


def problems(project: Project, nodes: Mapping[str, NodeAnalysis]) -> Iterator[Diagnostic]:
    """The problems of the optimizers of each phase. ``nodes``: of a project without errors."""
    layers = _layers(project, nodes)
    if layers is None:
        return
    for phase in effective_phases(project):
        shares = optimizer_shares(project, phase)
        by_place = _weights_of_shares(shares, layers)
        for share in shares:
            yield from _of_share(project, phase, share, by_place[share.place])


def _layers(project: Project, nodes: Mapping[str, NodeAnalysis]) -> list[Weight] | None:
    """The weights that learn; ``None`` where not all of them are known."""
    blocks = {path.rpartition(".")[0] for path in nodes}
    weights: list[Weight] = []
    for path, node in nodes.items():
        if path in blocks or not node.parameters or not learns(project, path.split(".")):
            continue
        if node.weights is None:
            return None
        borrowed = settings_at(project, path.split(".")).shares
        weights += [(dotted_names(path), name, shape) for name, shape in node.weights.items() if name not in borrowed]
    return weights


def _weights_of_shares(shares: tuple[OptimizerShare, ...], weights: list[Weight]) -> dict[int, list[Weight]]:
    by_place: dict[int, list[Weight]] = {share.place: [] for share in shares}
    for weight in weights:
        node = weight[0].partition(".")[0]
        for share in (*shares[1:], shares[0]):
            if node in share.nodes and (not share.matrices_only or len(weight[2]) == 2):
                by_place[share.place].append(weight)
                break
    return by_place


def _of_share(
    project: Project, phase: EffectivePhase, share: OptimizerShare, weights: list[Weight]
) -> Iterator[Diagnostic]:
    declared, kind = OPTIMIZERS[share.part.kind], share.part.kind
    others = phase.other_optimizers
    if not weights:
        if others:
            yield _empty(project.training, phase, share)
        return
    odd = next((weight for weight in weights if len(weight[2]) != 2), None)
    if declared.matrices_only and share.is_rest and odd:
        path, name, shape = odd
        usual = Training().optimizer
        beside = (*others, OtherOptimizer(kind, share.part.params, share.part.extra, MATRICES))
        yield Diagnostic(
            "T027",
            "error",
            f"{whose(phase)}{kind} learns matrices only, and {name} of {path} has {len(shape)} "
            f"ax{'i' if len(shape) == 1 else 'e'}s.",
            f"Let another optimizer come first, which learns what is no matrix, and {kind} learn the matrices.",
            fix=optimizers_fix(f"Put {usual.kind} beside {kind}", project.training, phase, usual, beside),
        )
    if declared.sparse == "only":
        dense = next(
            (weight for weight in weights if not sparse_flag(node_at(project, weight[0].split("."))[1])[0]), None
        )
        if dense:
            yield Diagnostic(
                "T027",
                "error",
                f"{whose(phase)}{kind} learns from sparse gradients only, and that of {dense[1]} of {dense[0]} is not.",
                f"Name in for of {kind} the layers with sparse gradients, and let another optimizer come first.",
            )


def _empty(training: Training, phase: EffectivePhase, share: OptimizerShare) -> Diagnostic:
    others = phase.other_optimizers
    if not share.is_rest:
        beside = tuple(other for place, other in enumerate(others, start=1) if place != share.place)
        fix = optimizers_fix(f"Remove {share.part.kind}", training, phase, phase.optimizer, beside)
        message = f"{whose(phase)}{share.part.kind} has no weights to learn: none of its nodes has any that it takes."
        return Diagnostic("T026", "error", message, "Remove it, or name other nodes.", fix=fix)
    fix = optimizers_fix(f"Remove {share.part.kind}", training, phase, others[-1].alone(), others[:-1])
    message = f"{whose(phase)}{share.part.kind} has no weights to learn: the optimizers beside it learn all."
    return Diagnostic("T026", "error", message, f"Put {others[-1].kind} in its place.", fix=fix)
