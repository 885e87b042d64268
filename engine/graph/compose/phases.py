"""What keeps the phases of a training true while nodes that they name come, go and change their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.graph.compose.draft import Draft
from engine.graph.edits import SetTraining
from engine.graph.phases import holder

Names = Mapping[str, Sequence[str]]


def follow(draft: Draft, names: Names) -> None:
    """Let every phase name other nodes of the main graph in the place of some.

    ``names``: by the old name, the names that take its place; none where the node is gone.
    """
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
    if phases != before.phases:
        draft.do(SetTraining(replace(before, phases=phases)))


def unfit(draft: Draft, name: str) -> None:
    """Take a node out of what it cannot be in any more, as its kind is another: losses, or what learns."""
    before = draft.project.training
    is_loss, is_held = draft.role(name) == "loss", holder(draft.graph, name) is not None
    phases = tuple(
        replace(
            phase,
            losses=phase.losses if is_loss else tuple(each for each in phase.losses if each != name),
            learns=phase.learns
            if is_held or not phase.learns
            else tuple(each for each in phase.learns if each != name),
        )
        for phase in before.phases
    )
    if draft.is_main and phases != before.phases:
        draft.do(SetTraining(replace(before, phases=phases)))


def heirs(draft: Draft, gone: Iterable[str]) -> dict[str, list[str]]:
    """Of nodes that are removed, those that go on with their weights, as `Draft.release` chooses them."""
    found: dict[str, list[str]] = {name: [] for name in gone}
    for name, node in draft.graph.nodes.items():
        if name not in found and node.shares in found and not found[node.shares]:
            found[node.shares].append(name)
    return found


def _replaced(names: tuple[str, ...], by: Names) -> tuple[str, ...]:
    if not any(name in by for name in names):
        return names
    return tuple(dict.fromkeys(new for name in names for new in by.get(name, (name,))))
