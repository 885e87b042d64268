"""What of the shown graph an edit touches, so that only that is drawn anew."""

from msgspec import Struct, field

from engine.graph.edits import (
    AddNode,
    AddWire,
    Batch,
    Edit,
    MoveNodes,
    RemoveNode,
    RemoveWire,
    RenameNode,
    SetFrames,
    SetGeneration,
    SetNode,
    SetNotes,
    SetParam,
    SetPoints,
    SetTraining,
    SetWeights,
)


class Changes(Struct):
    """Names of nodes that may differ or have moved, and whether wires, frames and notes, blocks, losses or all may."""

    nodes: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    wires: bool = False
    annotations: bool = False
    blocks: bool = False
    losses: bool = False
    everything: bool = False

    def add(self, edit: Edit, graph: str) -> None:
        """Add what one edit touches of a graph."""
        match edit:
            case Batch(edits=edits):
                for each in edits:
                    self.add(each, graph)
            case SetTraining() | SetGeneration():
                self.losses |= isinstance(edit, SetTraining)  # which wear the colour of their phase
            case (
                AddNode() | RemoveNode() | RenameNode() | SetParam() | SetNode() | SetWeights() | MoveNodes()
                | AddWire() | RemoveWire() | SetPoints() | SetFrames() | SetNotes()
            ) if edit.graph != graph:  # fmt: skip
                self.blocks = True
                self.wires |= isinstance(edit, RenameNode)  # of an input, say: a port, which wires here may name
            case MoveNodes(positions=positions):
                self.moved.update(positions)
            case RenameNode(old=old, new=new):
                self.nodes.update((old, new))
                self.wires = True
            case (
                AddNode(name=name) | RemoveNode(name=name) | SetParam(node=name) | SetNode(node=name)
                | SetWeights(node=name)
            ):  # fmt: skip
                self.nodes.add(name)
            case AddWire() | RemoveWire() | SetPoints():
                self.wires = True
            case SetFrames() | SetNotes():
                self.annotations = True
            case _:
                self.everything = True


def changes_of(edit: Edit, graph: str) -> Changes:
    """What an edit touches of the graph of that name."""
    changes = Changes()
    changes.add(edit, graph)
    return changes
