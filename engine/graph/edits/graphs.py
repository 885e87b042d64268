"""Edits that add, remove and rename graphs, and those of frames and notes."""

import dataclasses
from copy import deepcopy
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from engine.graph.edits.insertion import EditError, check_new, graph_of, insert, place_of, rekey
from engine.graph.model import Frame, Graph, Note, Project


class AddGraph(Struct, frozen=True):
    """Add a graph, to be used as a block; ``index`` is its place among the graphs, the end by default."""

    name: str
    graph: Graph = field(default_factory=Graph)
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Add block {self.name}"

    def apply(self, project: Project) -> "RemoveGraph":
        """Change the project; return the edit that changes it back."""
        check_new(project.graphs, self.name)
        insert(project.graphs, self.name, deepcopy(self.graph), self.index)
        return RemoveGraph(self.name, undo=True)


class RemoveGraph(Struct, frozen=True):
    """Remove a graph that is not the main one and that no node uses.

    ``undo``: it reverts an `AddGraph`, so nodes may refer to the missing graph, as they did before.
    """

    name: str
    undo: bool = False

    @property
    def label(self) -> str:
        return f"Remove block {self.name}"

    def apply(self, project: Project) -> AddGraph:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.name)
        if not self.undo and (project.main == self.name or any(project.uses(self.name))):
            raise EditError(f"{self.name} is in use")
        index = place_of(project.graphs, self.name)
        del project.graphs[self.name]
        return AddGraph(self.name, graph, index)


class RenameGraph(Struct, frozen=True):
    """Give a graph another name; its uses follow, and the name of the block that the file offers."""

    old: str
    new: str

    @property
    def label(self) -> str:
        return f"Rename {self.old} to {self.new}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph_of(project, self.old)
        if self.old == self.new:
            return self
        check_new(project.graphs, self.new)
        offer = project.published.block if project.published else None
        if self.new in (project.main, offer) or any(project.uses(self.new)):
            raise EditError(f"something else already refers to {self.new}, which does not exist: remove that first")
        for owner, name in list(project.uses(self.old)):
            project.graphs[owner].nodes[name].graph = self.new
        rekey(project.graphs, self.old, self.new)
        if project.main == self.old:
            project.main = self.new
        if project.published and offer == self.old:
            project.published = dataclasses.replace(project.published, block=self.new)
        return replace(self, old=self.new, new=self.old)


class SetFrames(Struct, frozen=True):
    """Give a graph these frames."""

    graph: str
    frames: tuple[Frame, ...]
    label: str = "Change frames"
    gesture: int = 0  # a new frame and its first title have the same number, and are one undo step

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        before, graph.frames = graph.frames, self.frames
        return replace(self, frames=before)

    @property
    def targets(self) -> frozenset[object]:
        """What the edit changes, for `Batch.absorb`."""
        return frozenset(((self.graph, "frames"),))

    def absorb(self, later: object) -> Self | None:
        """The single edit equal to both, or ``None`` if they are separate steps."""
        match later:
            case SetFrames(self.graph, gesture=self.gesture) if self.gesture:
                return replace(self, frames=later.frames)
        return None


class SetNotes(Struct, frozen=True):
    """Give a graph these sticky notes."""

    graph: str
    notes: tuple[Note, ...]
    label: str = "Change notes"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        before, graph.notes = graph.notes, self.notes
        return replace(self, notes=before)
