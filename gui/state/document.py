"""The open project, its undo history, and the one way to change it."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.graph.edits import Batch, Edit, EditError, absorb
from engine.graph.model import Project
from engine.project.relative_paths import moved_edit, moving
from engine.project.undo_steps import MAX_STEPS, Direction, Past, Step


class Document(QObject):
    """A project that is changed by edits only, each of which can be undone and redone exactly.

    ``edited`` carries every applied edit, also of undo and redo: replaying them in order gives ``project``.
    """

    changing = Signal()  # the project is about to be changed, saved or closed: finish pending work on it
    edited = Signal(object)  # the Edit
    stepped = Signal(object, bool)  # the Edit of an undo step, and whether it was redone instead of undone
    replaced = Signal()  # another project was loaded
    path_changed = Signal()
    saved = Signal()
    modified_changed = Signal(bool)
    read_only_changed = Signal(bool)
    edit_refused = Signal(str)  # the message; the project is unchanged

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = Project()
        self.path: Path | None = None
        self.key = ""  # identifies the project while it has no file
        self.read_only = False
        self.revision = 0  # grows with every change of ``project``
        self.history = History(self)
        self.history.setUndoLimit(MAX_STEPS)
        self.history.cleanChanged.connect(self._emit_modified)
        self._gestures = count(1)
        self._is_restoring = False
        self.is_stepping = False  # while an undo step is undone or redone
        self.direction: Direction = "do"  # how the edit of the current ``edited`` signal changes the history

    def settle(self) -> None:
        """Finish pending gestures and inputs, before the document is changed, saved or closed."""
        before = -1
        while before != self.revision:  # finishing may itself apply an edit
            before = self.revision
            self.changing.emit()

    @property
    def modified(self) -> bool:
        """Whether there are unsaved changes."""
        return not self.history.isClean()

    def do(self, edit: Edit) -> bool:
        """Apply an edit as one undo step; returns whether it was applied. ``edit_refused`` says why not."""
        if self.read_only:
            self.edit_refused.emit("This project is open read-only: save a copy to change it.")
            return False
        self.settle()
        try:
            inverse = edit.apply(self.project)
        except EditError as error:
            self.edit_refused.emit(f"{edit.label}: {error}.")
            return False
        self.revision += 1
        self.direction = "do"
        if not self._joined(edit, inverse):
            self.history.push(EditCommand(self, edit, inverse))
        self.edited.emit(edit)  # after the push: the edits of listeners come later in the history
        self.direction = "do"
        return True

    def apply(self, edit: Edit, direction: Direction) -> Edit:
        """Apply an edit without an undo step; returns its inverse. For `EditCommand` only."""
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
        """Whether the history is being filled with steps that the project already contains."""
        return self._is_restoring

    @property
    def steps(self) -> list[Step]:
        """The undo steps that are applied, the earliest first."""
        commands = (self.history.command(at) for at in range(self.history.index()))
        return [Step(each.edit, each.inverse) for each in commands if isinstance(each, EditCommand)]

    def gesture(self) -> int:
        """A new number for the edits of one mouse drag, which become one undo step."""
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
        """Open another project; ``modified``: it differs from its file.

        ``key``: identifies it while it has no file, also after a crash. ``past``: its undo steps, recovered after a
        crash; else the history is empty.
        """
        self.settle()
        self.key = key
        self.project, self.revision = project, self.revision + 1
        self.history.clear()
        self.history.resetClean() if modified else self.history.setClean()  # `clear` does not reset an empty history
        if past is not None and past.steps:
            self._restore(past)
        self._set_path(path)
        self.set_read_only(read_only)
        self.replaced.emit()

    def _restore(self, past: Past) -> None:
        """Fill the history with steps that are already applied, undone as far as they were before."""
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
        """Adapt the name and the relative data paths to another project file; returns a function that takes that back.

        This is not an undo step; the paths inside all undo steps are adapted too, so that they stay valid.
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
        """Note that the project was saved to this file as it is now."""
        self.history.setClean()
        self._set_path(path)
        self.saved.emit()

    def set_read_only(self, read_only: bool) -> None:
        """Refuse edits, or allow them again."""
        if read_only != self.read_only:
            self.read_only = read_only
            self.read_only_changed.emit(read_only)

    def _joined(self, edit: Edit, inverse: Edit) -> bool:
        """Merge an edit into the last undo step if both belong to one gesture; returns whether it was merged.

        `QUndoCommand.mergeWith` is not used: PySide keeps the commands that Qt deletes after a merge.
        """
        history, at = self.history, self.history.index()
        last = history.command(at - 1) if at and not history.canRedo() and at != history.cleanIndex() else None
        if not isinstance(last, EditCommand) or not last.absorb(edit, inverse):
            return False
        if last.changes_nothing:  # the gesture has restored the start: no step is left
            last.setObsolete(True)
            history.undo()
            self.direction = "drop"
        else:
            history.indexChanged.emit(at)  # the label of the step may have changed
        return True

    def _emit_modified(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit()


class History(QUndoStack):
    """The undo stack; pending gestures are finished before a step is undone or redone."""

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
    """Undoes and redoes an edit of the engine, which has already been applied."""

    def __init__(self, document: Document, edit: Edit, inverse: Edit) -> None:
        super().__init__(edit.label)
        self._document, self.edit, self.inverse = document, edit, inverse
        self._is_done = True

    def redo(self) -> None:
        if self._is_done:  # `push` calls this, but the edit is already applied
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
        """Whether the step has no effect: the edit and its inverse are equal. Both are applied without signals."""
        forth = self.inverse.apply(self._document.project)
        self.inverse = forth.apply(self._document.project)
        return repr(forth) == repr(self.inverse)  # nan is not equal to itself

    def absorb(self, edit: Edit, inverse: Edit) -> bool:
        """Merge an edit that was just applied into this step, if both are of one gesture; returns whether it did."""
        merged = absorb(self.edit, edit)
        if merged is None:
            return False
        # Apply the merged edit from the start, without signals, so that its inverse stays exact.
        project = self._document.project
        inverse.apply(project)
        self.inverse.apply(project)
        self.edit, self.inverse = merged, merged.apply(project)
        self.setText(merged.label)
        return True
