"""The part of the shown graph that an edit changes, so that only this is drawn again."""

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
    """Names of changed and of moved nodes, and whether wires, annotations, blocks, losses or all may have changed."""

    nodes: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    wires: bool = False
    annotations: bool = False
    blocks: bool = False
    losses: bool = False
    everything: bool = False

    def add(self, edit: Edit, graph: str) -> None:
        """Add the changes of a graph by one edit."""
        match edit:
            case Batch(edits=edits):
                for each in edits:
                    self.add(each, graph)
            case SetTraining() | SetGeneration():
                self.losses |= isinstance(edit, SetTraining)  # which have the colour of their phase
            case (
                AddNode() | RemoveNode() | RenameNode() | SetParam() | SetNode() | SetWeights() | MoveNodes()
                | AddWire() | RemoveWire() | SetPoints() | SetFrames() | SetNotes()
            ) if edit.graph != graph:  # fmt: skip
                self.blocks = True
                self.wires |= isinstance(edit, RenameNode)  # of an input, for example: a port that wires here may name
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
    """The changes of the graph of that name by an edit."""
    changes = Changes()
    changes.add(edit, graph)
    return changes
