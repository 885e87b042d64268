"""The open project, its undo history, and the one way to change it."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.graph.edits import Batch, Edit, EditError, absorb
from engine.graph.model import Project
from engine.project.moving import moved_edit, moving
from engine.project.past import MOST_STEPS, Direction, Past, Step


class Document(QObject):
    """A project that changes by edits only; each is undone and redone exactly.

    ``edited`` carries every edit that was applied, also by undo and redo: replaying them in order gives ``project``.
    """

    changing = Signal()  # the project is about to change, or to be saved or left: finish what reads it
    edited = Signal(object)  # the Edit
    stepped = Signal(object, bool)  # the Edit of a step of the history, and whether it was done again, not undone
    replaced = Signal()  # another project was loaded: everything may differ
    path_changed = Signal()
    saved = Signal()
    modified_changed = Signal(bool)
    read_only_changed = Signal(bool)
    edit_refused = Signal(str)  # an edit did not fit; the project is as it was

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.path: Path | None = None
        self.key = ""  # what identifies it as long as it lies in no file
        self.read_only = False
        self.revision = 0  # grows with every change of ``project``
        self.history = History(self)
        self.history.setUndoLimit(MOST_STEPS)
        self.history.cleanChanged.connect(self._tell_modified)
        self._gestures = count(1)
        self._is_restoring = False
        self.is_stepping = False  # a step of the history is being undone or done again
        self.direction: Direction = "do"  # what the edit that is told of now is to the history

    def settle(self) -> None:
        """Have what is under way come to its end: the document is about to be changed, saved or left."""
        before = -1
        while before != self.revision:  # what came to its end may have been an edit itself
            before = self.revision
            self.changing.emit()

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return not self.history.isClean()

    def do(self, edit: Edit) -> bool:
        """Apply an edit as one undo step; returns whether it was applied. ``edit_refused`` says why not."""
        if self.read_only:
            self.edit_refused.emit("This project is open read-only: save a copy to change it.")
            return False
        self.settle()
        try:
            inverse = edit.apply(self.project)
        except EditError as wrong:
            self.edit_refused.emit(f"{edit.label}: {wrong}.")
            return False
        self.revision += 1
        self.direction = "do"
        if not self._joined(edit, inverse):
            self.history.push(EditCommand(self, edit, inverse))
        self.edited.emit(edit)  # after the push: a listener that edits in turn comes later in the history, too
        self.direction = "do"
        return True

    def apply(self, edit: Edit, direction: Direction) -> Edit:
        """Change the project and tell everyone; gives the edit that changes it back. For `EditCommand` only."""
        self.is_stepping = True
        try:
            self.settle()
            inverse = edit.apply(self.project)
        finally:
            self.is_stepping = False
        self.revision += 1
        self.direction = direction
        self.edited.emit(edit)
        self.direction = "do"
        return inverse

    @property
    def is_restoring(self) -> bool:
        """Whether steps are put back into the history that the project has in it already."""
        return self._is_restoring

    @property
    def steps(self) -> list[Step]:
        """The steps of the history that are done, the earliest first."""
        commands = (self.history.command(at) for at in range(self.history.index()))
        return [Step(each.edit, each.inverse) for each in commands if isinstance(each, EditCommand)]

    def gesture(self) -> int:
        """A fresh number for the edits of one mouse drag, which are then one undo step."""
        return next(self._gestures)

    def load(
        self,
        project: Project,
        path: Path | None = None,
        *,
        key: str = "",
        read_only: bool = False,
        modified: bool = False,
        past: Past | None = None,
    ) -> None:
        """Show another project; ``modified``: it differs from what the file holds.

        ``key``: what identifies it as long as it lies in no file, also after a crash. ``past``: the steps that led to
        it, where a crash has left them; else its history is empty.
        """
        self.settle()
        self.key = key
        self.project, self.revision = project, self.revision + 1
        self.history.clear()
        self.history.resetClean() if modified else self.history.setClean()  # an empty one is not reset by `clear`
        if past is not None and past.steps:
            self._restore(past)
        self._set_path(path)
        self.set_read_only(read_only)
        self.replaced.emit()

    def _restore(self, past: Past) -> None:
        """Fill the history with steps that are done already, and undone as far as they were."""
        self._is_restoring = True
        self.history.resetClean()
        for place in range(len(past.steps) + 1):
            if place == past.clean_at:
                self.history.setClean()
            if place < len(past.steps):
                self.history.push(EditCommand(self, past.steps[place].edit, past.steps[place].inverse))
        self.history.setIndex(past.index)
        self._is_restoring = False

    def move(self, path: Path) -> Callable[[], None]:
        """Name the project and the files of its data as another file needs it; gives what takes that back.

        It is no step of the history: every step names the files from there, so that none undone leads to no data.
        """
        before, after = self.path.parent if self.path else None, path.parent
        every = (self.history.command(at) for at in range(self.history.count()))
        commands = [each for each in every if isinstance(each, EditCommand)]
        former = [(each.edit, each.inverse) for each in commands]
        for each in commands:
            each.edit, each.inverse = (moved_edit(edit, before, after) for edit in (each.edit, each.inverse))
        edits = moving(self.project, self.path, path)
        inverse = self.apply(Batch(f"Save as {path.name}", edits), "do") if edits else None

        def take_back() -> None:
            for each, (edit, back) in zip(commands, former, strict=True):
                each.edit, each.inverse = edit, back
            if inverse is not None:
                self.apply(inverse, "drop")

        return take_back

    def mark_saved(self, path: Path) -> None:
        """The project is in that file, as it is now."""
        self.history.setClean()
        self._set_path(path)
        self.saved.emit()

    def set_read_only(self, read_only: bool) -> None:
        """Refuse edits from now on, or take them again."""
        if read_only != self.read_only:
            self.read_only = read_only
            self.read_only_changed.emit(read_only)

    def _joined(self, edit: Edit, inverse: Edit) -> bool:
        """Make an edit part of the step before, where both are of one gesture; tells whether they are.

        Not by `QUndoCommand.mergeWith`: what Qt deletes after a merge, PySide keeps for as long as the history lives.
        """
        history, at = self.history, self.history.index()
        last = history.command(at - 1) if at and not history.canRedo() and at != history.cleanIndex() else None
        if not isinstance(last, EditCommand) or not last.absorb(edit, inverse):
            return False
        if last.changes_nothing:  # what was typed was taken back: no step is left of it
            last.setObsolete(True)
            history.undo()
            self.direction = "drop"
        else:
            history.indexChanged.emit(at)  # the step may be called differently now
        return True

    def _tell_modified(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit()


class History(QUndoStack):
    """The steps; what is under way when one is undone or done again is a step before that."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document

    def undo(self) -> None:
        self._document.settle()
        super().undo()

    def redo(self) -> None:
        self._document.settle()
        super().redo()


class EditCommand(QUndoCommand):
    """Plays an engine edit, which has just been applied, back and forth."""

    def __init__(self, document: Document, edit: Edit, inverse: Edit) -> None:
        super().__init__(edit.label)
        self._document, self.edit, self.inverse = document, edit, inverse
        self._is_done = True

    def redo(self) -> None:
        if self._is_done:  # the history redoes what is pushed, but it is applied already
            self._is_done = False
            return
        self.inverse = self._document.apply(self.edit, "redo")
        self._document.stepped.emit(self.edit, True)

    def undo(self) -> None:
        if self._document.is_restoring:
            return
        self._document.apply(self.inverse, "undo")
        self._document.stepped.emit(self.edit, False)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything is as it was before: the way back and the way forth are the same, done unseen."""
        forth = self.inverse.apply(self._document.project)
        self.inverse = forth.apply(self._document.project)
        return repr(forth) == repr(self.inverse)  # nan is not equal to itself

    def absorb(self, edit: Edit, inverse: Edit) -> bool:
        """Become one step with an edit that has just been applied, where it goes on with the same gesture."""
        merged = absorb(self.edit, edit)
        if merged is None:
            return False
        # Done anew from the start, unseen, so that the inverse is exact however long the gesture becomes.
        project = self._document.project
        inverse.apply(project)
        self.inverse.apply(project)
        self.edit, self.inverse = merged, merged.apply(project)
        self.setText(merged.label)
        return True
