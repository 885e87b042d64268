"""Updates of the training when nodes that its phases and optimizers name are copied, removed or renamed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from engine.graph.compose.draft import Draft
from engine.graph.edits import SetTraining
from engine.graph.model import MATRICES, OtherOptimizer, Training
from engine.graph.phases import weight_owner

Names = Mapping[str, Sequence[str]]


def replace_in_phases(draft: Draft, names: Names) -> None:
    """Replace the names of nodes of the main graph in every phase and optimizer.

    ``names``: by the old name, the names that replace it; none where the node is removed.
    """
    before = draft.project.training
    if draft.is_main:
        _put(draft, _with_weights(before, lambda of: _replaced(of, names)))
        before = draft.project.training
    if not draft.is_main or not before.phases:
        return
    phases = tuple(
        replace(
            phase,
            losses=_replaced(phase.losses, names),
            learns=None if phase.learns is None else _replaced(phase.learns, names),
        )
        for phase in before.phases
    )
    _put(draft, replace(before, phases=phases))


def drop_from_phases(draft: Draft, name: str) -> None:
    """Remove a node whose kind has changed from the losses and the learning nodes that it no longer belongs to."""
    if not draft.is_main:
        return
    before = draft.project.training
    is_loss, has_weights = draft.role(name) == "loss", weight_owner(draft.graph, name) is not None
    phases = tuple(
        replace(
            phase,
            losses=phase.losses if is_loss else tuple(each for each in phase.losses if each != name),
            learns=phase.learns
            if has_weights or not phase.learns
            else tuple(each for each in phase.learns if each != name),
        )
        for phase in before.phases
    )
    after = replace(before, phases=phases)
    _put(draft, after if has_weights else _with_weights(after, lambda of: tuple(each for each in of if each != name)))


def successors(draft: Draft, removed: Iterable[str]) -> dict[str, list[str]]:
    """For nodes that are removed, those that get their weights, as `Draft.hand_over_weights` chooses them."""
    successors: dict[str, list[str]] = {name: [] for name in removed}
    for name, node in draft.graph.nodes.items():
        if name not in successors and node.shares in successors and not successors[node.shares]:
            successors[node.shares].append(name)
    return successors


def _put(draft: Draft, after: Training) -> None:
    if after != draft.project.training:
        draft.do(SetTraining(after))


def _with_weights(training: Training, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Training:
    """The training with other names of nodes in its optimizers; those that lose all their nodes are removed."""

    def changed(others: tuple[OtherOptimizer, ...]) -> tuple[OtherOptimizer, ...]:
        after = (other if other.of == MATRICES else replace(other, of=change(other.of)) for other in others)
        return tuple(new for old, new in zip(others, after, strict=True) if new.of or not old.of)

    phases = tuple(replace(phase, other_optimizers=changed(phase.other_optimizers)) for phase in training.phases)
    return replace(training, other_optimizers=changed(training.other_optimizers), phases=phases)


def _replaced(names: tuple[str, ...], by: Names) -> tuple[str, ...]:
    if not any(name in by for name in names):
        return names
    return tuple(dict.fromkeys(new for name in names for new in by.get(name, (name,))))
