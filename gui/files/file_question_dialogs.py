"""Asks the questions about files with dialogs."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QWidget

from engine.errors import EngineError
from gui.preferences.preferences import Preferences
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.common_dialogs.file_dialog import FileDialog
    from gui.common_dialogs.question import Question


class FileQuestionDialogs:
    """Asks `FileQuestions` above a window."""

    def __init__(self, parent: QWidget, theme: Theme, preferences: Preferences) -> None:
        self.parent, self._theme, self._preferences = parent, theme, preferences

    def where_to_save(self, proposal: Path) -> Path | None:
        """The file to write, or ``None``."""
        from gui.common_dialogs.file_dialog import PROJECTS

        return self._files("Save the project").to_save(proposal, PROJECTS)

    def what_to_open(self, folder: Path) -> Path | None:
        """The file to read, or ``None``."""
        from gui.common_dialogs.file_dialog import ALL, PROJECTS

        return self._files("Open a project").to_open(folder, f"{PROJECTS};;{ALL}")

    def _files(self, title: str) -> "FileDialog":
        from gui.common_dialogs.file_dialog import FileDialog

        self._theme.apply_stylesheet()
        return FileDialog(
            self.parent, self._theme, title, [Path(path).parent for path in self._preferences.values.recent]
        )

    def save_first(self, name: str, *, is_new: bool) -> bool | None:
        """Save the changes (true), discard them (false), or cancel (none)."""
        lost = (
            "It is not in a file yet. If you do not save it, all of it is lost."
            if is_new
            else "If you do not save, the changes since the last save are lost."
        )
        question = self._question("unsaved", f"Save the changes to {name}?", lost)
        question.offer("drop", "Don't save", apart=True)
        question.offer(None, "Cancel")
        question.offer("save", "Save", default=True)
        answer = question.ask()
        return None if answer is None else answer == "save"

    def file_missing(self, path: Path, *, can_stay: bool) -> Literal["elsewhere", "here"] | None:
        """Where to save a document whose file is missing, or ``None``."""
        text = f"{path.name} is missing"
        more = f"The file was moved, renamed or deleted. It was here:\n{path}\nWhere should the project be saved now?"
        question = self._question("gone", text, more)
        question.offer(None, "Cancel")
        if can_stay:
            question.offer("here", "Save here again")
        question.offer("elsewhere", "Save as...", default=True)
        answer = question.ask()
        return "here" if answer == "here" else "elsewhere" if answer == "elsewhere" else None

    def show_error(self, title: str, error: EngineError) -> None:
        """Show why a file could not be read or written, and what to do."""
        message = self._question("wrong", title, str(error))
        message.offer(None, "OK", default=True)
        message.ask()

    def _question(self, name: str, text: str, more: str) -> "Question":
        from gui.common_dialogs.question import Question

        self._theme.apply_stylesheet()  # the window may not be complete yet
        return Question(name, text, more, self.parent)
