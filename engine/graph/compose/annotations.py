"""The frames and notes of a graph that belong to some of its nodes, and that go where these go."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from engine.graph.compose.draft import Draft
from engine.graph.edits import SetFrames, SetNotes
from engine.graph.model import USUAL_SIZE, Frame, Graph, Note, Size

Sizes = Mapping[str, Size]
Rect = tuple[float, float, float, float]


class Annotations(NamedTuple):
    """Frames and notes of a graph, in its order."""

    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()

    def shifted(self, dx: float, dy: float) -> "Annotations":
        """The same at another place."""
        return Annotations(
            tuple(replace(frame, rect=_shifted(frame.rect, dx, dy)) for frame in self.frames),
            tuple(replace(note, rect=_shifted(note.rect, dx, dy)) for note in self.notes),
        )


def annotations_of(graph: Graph, names: Iterable[str], sizes: Sizes) -> Annotations:
    """The frames that hold some of these nodes and no others, and what is wholly in the area of both.

    ``sizes``: width and height of nodes. A frame holds the nodes whose middle is inside it.
    """
    members = set(names)
    inside = {place: _nodes_in(graph, frame, sizes) for place, frame in enumerate(graph.frames)}
    own = {place for place, nodes in inside.items() if nodes and nodes <= members}
    area = area_of(graph, members, sizes, [graph.frames[place] for place in own])
    empty = {place for place, nodes in inside.items() if not nodes and _within(graph.frames[place].rect, area)}
    return Annotations(
        tuple(graph.frames[place] for place in sorted(own | empty)),
        tuple(note for note in graph.notes if _within(note.rect, area)),
    )


def area_of(graph: Graph, names: Iterable[str], sizes: Sizes, frames: Iterable[Frame] = ()) -> Rect:
    """The smallest rectangle around some nodes and frames, at least one."""
    rects = [_node_rect(graph, name, sizes) for name in names] + [frame.rect for frame in frames]
    left, top = min(x for x, *_ in rects), min(y for _, y, *_ in rects)
    right, bottom = max(x + width for x, _, width, _ in rects), max(y + height for _, y, _, height in rects)
    return left, top, right - left, bottom - top


def set_annotations(draft: Draft, annotations: Annotations) -> None:
    """Give the draft's graph these frames and notes."""
    if annotations.frames != draft.graph.frames:
        draft.do(SetFrames(draft.name, annotations.frames))
    if annotations.notes != draft.graph.notes:
        draft.do(SetNotes(draft.name, annotations.notes))


def without(graph: Graph, others: Annotations) -> Annotations:
    """The frames and notes of a graph without some of its own; equal ones go together."""
    return Annotations(
        tuple(frame for frame in graph.frames if frame not in others.frames),
        tuple(note for note in graph.notes if note not in others.notes),
    )


def _nodes_in(graph: Graph, frame: Frame, sizes: Sizes) -> set[str]:
    left, top, width, height = frame.rect
    middles = {name: _middle(_node_rect(graph, name, sizes)) for name in graph.nodes}
    return {name for name, (x, y) in middles.items() if left <= x <= left + width and top <= y <= top + height}


def _node_rect(graph: Graph, name: str, sizes: Sizes) -> Rect:
    return *graph.nodes[name].pos, *sizes.get(name, USUAL_SIZE)


def _middle(rect: Rect) -> tuple[float, float]:
    x, y, width, height = rect
    return x + width / 2, y + height / 2


def _within(inner: Rect, outer: Rect) -> bool:
    (x, y, width, height), (left, top, wide, high) = inner, outer
    return left <= x and top <= y and x + width <= left + wide and y + height <= top + high


def _shifted(rect: Rect, dx: float, dy: float) -> Rect:
    x, y, width, height = rect
    return x + dx, y + dy, width, height
