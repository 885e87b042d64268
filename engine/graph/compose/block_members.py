"""Which nodes can become a block together, and which selection could instead."""

from collections.abc import Iterable

from engine.graph.algorithms import downstream, upstream
from engine.graph.compose.draft import Draft
from engine.graph.edits import EditError
from engine.graph.model import Project

STAYING_ROLES = ("input", "output", "loss", "metric")


class NoBlockError(EditError):
    """Nodes that cannot become a block as they are.

    ``remedy``: what to change, in a few words; empty where nothing helps. ``members``: the selection after that.
    """

    def __init__(self, reason: str, remedy: str, members: frozenset[str]) -> None:
        super().__init__(reason)
        self.remedy, self.members = remedy, members


def check_members(draft: Draft, names: Iterable[str]) -> None:
    """Raises: `NoBlockError` with the first reason why the nodes cannot become a block."""
    selection = frozenset(names)
    reason = _reason(draft, selection)
    if reason:
        members = _nearest(draft, selection)
        raise NoBlockError(reason, _remedy(draft, selection, members) if members else "", members)


def block_members(project: Project, graph: str, names: Iterable[str]) -> frozenset[str]:
    """The selection that can become a block and is most similar to ``names``; empty if there is none."""
    return _nearest(Draft(project, graph), frozenset(names))


def _reason(draft: Draft, selection: frozenset[str]) -> str:
    for name, node in draft.graph.nodes.items():
        if name in selection and _stays(draft, name):
            return f"{name} ({node.kind}) belongs to the graph itself: leave it out of the block"
    between = _between(draft, selection)
    if between:
        first = next(name for name in draft.graph.nodes if name in between)
        return f"{first} is between the selected nodes: a value leaves the block there and enters it again"
    for name, node in draft.graph.nodes.items():
        for partner in node.mentions:
            if partner in draft.graph.nodes and (name in selection) != (partner in selection):
                verb = "shares" if partner == node.shares else "follows"
                what = "shares a weight" if partner in node.settings.owners else f"{verb} the weights"
                return f"{name} {what} of {partner}: take both or neither"
    return ""


def _nearest(draft: Draft, selection: frozenset[str]) -> frozenset[str]:
    """The selection without what must stay, and with what must come along; empty if that is impossible."""
    members = {name for name in selection if name in draft.graph.nodes and not _stays(draft, name)}
    size = -1
    while len(members) != size:
        size = len(members)
        members |= _between(draft, members)
        for name, node in draft.graph.nodes.items():
            pair = {name, *(partner for partner in node.mentions if partner in draft.graph.nodes)}
            members |= pair if pair & members else set()
    return frozenset() if any(_stays(draft, name) for name in members) else frozenset(members)


def _remedy(draft: Draft, selection: frozenset[str], members: frozenset[str]) -> str:
    leaving, coming = selection - members, members - selection
    parts = [f"Leave {_list_text(draft, leaving)} out"] if leaving else []
    parts += [f"{'take' if leaving else 'Take'} {_list_text(draft, coming)} along"] if coming else []
    return ", ".join(parts)


def _list_text(draft: Draft, names: frozenset[str]) -> str:
    in_order = [name for name in draft.graph.nodes if name in names]
    return " and ".join(in_order) if len(in_order) <= 2 else f"{len(in_order)} nodes"


def _between(draft: Draft, selection: Iterable[str]) -> set[str]:
    """The nodes outside the selection on ways that leave it and come back."""
    inside = set(selection)
    return (downstream(draft.graph, inside) & upstream(draft.graph, inside)) - inside


def _stays(draft: Draft, name: str) -> bool:
    return draft.role(name) in STAYING_ROLES
