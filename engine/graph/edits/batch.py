"""Several edits as one step, and edits of one gesture merged into one."""

from itertools import groupby
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from engine.graph.edits.block_params import (
    AddBlockParam,
    MoveBlockParam,
    RemoveBlockParam,
    RenameBlockParam,
    SetBlockParam,
)
from engine.graph.edits.graphs import AddGraph, RemoveGraph, RenameGraph, SetFrames, SetNotes
from engine.graph.edits.nodes import AddNode, RemoveNode, RenameNode
from engine.graph.edits.settings import SetData, SetGeneration, SetProject, SetTraining
from engine.graph.edits.values import MoveNodes, SetLoop, SetNode, SetParam, SetWeights
from engine.graph.edits.wires import AddWire, RemoveWire, SetPoints, add_wires
from engine.graph.model import Project


class Batch(Struct, frozen=True):
    """Several edits as one step: all are applied, or none."""

    label: str
    edits: tuple["Edit", ...]

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        inverses: list[Edit] = []
        try:
            for graph, edits in groupby(self.edits, _wires_only):
                if graph is not None:
                    inverses += add_wires(project, [edit for edit in edits if isinstance(edit, AddWire)])
                    continue
                for edit in edits:
                    inverses.append(edit.apply(project))
        except Exception:  # a bug, too, must not leave half of a step behind
            for inverse in reversed(inverses):
                inverse.apply(project)
            raise
        return replace(self, edits=tuple(reversed(inverses)))

    def absorb(self, later: object) -> Self | None:
        """The single batch equal to both, when each edit absorbs its counterpart, or ``None``."""
        if not isinstance(later, Batch) or len(self.edits) != len(later.edits) or not self.edits:
            return None
        merged: list[Edit] = []
        for place, (earlier_edit, later_edit) in enumerate(zip(self.edits, later.edits, strict=True)):
            one = absorb(earlier_edit, later_edit)
            # Merging moves a later edit before the rest of the earlier batch: they must not change the same value.
            if one is None or any(targets(later_edit) & targets(other) for other in self.edits[place + 1 :]):
                return None
            merged.append(one)
        return replace(self, edits=tuple(merged))


def _wires_only(edit: "Edit") -> str | None:
    """The graph at whose end an edit adds a new wire, ``None`` for any other edit."""
    return edit.graph if isinstance(edit, AddWire) and edit.index is None and not edit.undo else None


Edit = (
    AddNode
    | RemoveNode
    | RenameNode
    | SetParam
    | SetLoop
    | SetWeights
    | SetNode
    | MoveNodes
    | AddWire
    | RemoveWire
    | SetPoints
    | AddGraph
    | RemoveGraph
    | RenameGraph
    | AddBlockParam
    | RemoveBlockParam
    | SetBlockParam
    | MoveBlockParam
    | RenameBlockParam
    | SetFrames
    | SetNotes
    | SetData
    | SetTraining
    | SetGeneration
    | SetProject
    | Batch
)


def absorb(earlier: Edit, later: Edit) -> Edit | None:
    """The single edit equal to both, when they are one gesture; else ``None``."""
    if isinstance(earlier, SetParam | MoveNodes | SetPoints | SetFrames | Batch):
        return earlier.absorb(later)
    return None


def targets(edit: Edit) -> frozenset[object]:
    """The values that an edit changes, if it can be part of a gesture."""
    if isinstance(edit, Batch):
        return frozenset().union(*map(targets, edit.edits))
    return edit.targets if isinstance(edit, SetParam | MoveNodes | SetPoints | SetFrames) else frozenset()
