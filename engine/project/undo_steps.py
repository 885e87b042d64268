"""The undo steps of a document that a journal restores, so that undo and redo work after a crash."""

from typing import Literal

from msgspec import Struct, field

from engine.graph.edits import Edit, absorb
from engine.graph.model import Project

Direction = Literal["do", "undo", "redo", "drop"]
"""The role of an edit in the history: a new step, an undo or redo, or an edit that cancels the last step."""

MAX_STEPS = 2000


class Step(Struct, frozen=True):
    """An edit that was applied, and its inverse."""

    edit: Edit
    inverse: Edit


class Past(Struct):
    """The undo steps in order; the first ``index`` of them are applied, the others were undone.

    ``clean_at``: after how many steps the document equals its file; ``None`` if after none of them.
    """

    steps: list[Step] = field(default_factory=list)
    index: int = 0
    clean_at: int | None = 0

    def apply(self, project: Project, edit: Edit, direction: Direction) -> None:
        """Apply an edit to the project and add it to the steps. Raises: ``EditError``."""
        inverse = edit.apply(project)
        match direction:
            case "undo" if self.index:
                self.index -= 1
            case "redo" if self.index < len(self.steps):
                self.steps[self.index] = Step(edit, inverse)
                self.index += 1
            case "drop" if self.index:
                self.index -= 1
                del self.steps[self.index :]
            case _:  # also an undo to a state before the journal began
                self._do(project, edit, inverse)

    def _do(self, project: Project, edit: Edit, inverse: Edit) -> None:
        if self.clean_at is not None and self.clean_at > self.index:
            self.clean_at = None
        can_join = 0 < self.index == len(self.steps) and self.index != self.clean_at
        del self.steps[self.index :]
        last = self.steps[-1] if can_join else None
        merged = absorb(last.edit, edit) if last else None
        if last and merged:  # applied again from the state before the gesture, so that the inverse is exact
            inverse.apply(project)
            last.inverse.apply(project)
            self.steps[-1] = Step(merged, merged.apply(project))
            return
        self.steps.append(Step(edit, inverse))
        self.index += 1
        if len(self.steps) > MAX_STEPS:
            del self.steps[0]
            self.index -= 1
            self.clean_at = self.clean_at - 1 if self.clean_at else None
