"""Edits of the whole project: data, training, generation, name, main graph."""

from typing import Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from engine.graph.edits.insertion import graph_of
from engine.graph.model import Data, Part, Project, Training


class SetData(Struct, frozen=True):
    """Choose and configure the data."""

    data: Data
    label: str = "Change the data"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        before, project.data = project.data, self.data
        return replace(self, data=before)


class SetTraining(Struct, frozen=True):
    """Change how the network is trained."""

    training: Training
    label: str = "Change the training"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        before, project.training = project.training, self.training
        return replace(self, training=before)


class SetGeneration(Struct, frozen=True):
    """Choose and configure how the trained network generates; ``None``: it does not."""

    generation: Part | None
    label: str = "Change the generation"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        before, project.generation = project.generation, self.generation
        return replace(self, generation=before)


class SetProject(Struct, frozen=True):
    """Change the project's name, or which graph is the main one.

    ``undo``: it reverts another edit, so the main graph may be one that does not exist, as before.
    """

    name: Literal["name", "main"]
    value: str
    undo: bool = False

    @property
    def label(self) -> str:
        return f"Set the project's {self.name}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        if self.name == "main" and not self.undo:
            graph_of(project, self.value)
        before = getattr(project, self.name)
        setattr(project, self.name, self.value)
        return replace(self, value=before, undo=True)
