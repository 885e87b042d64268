"""Questions to the user about runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtWidgets import QWidget

from engine.runs.label import label_of
from gui.common_dialogs.line_dialog import LineDialog
from gui.common_dialogs.question import Question
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.runs.commands.train_longer_dialog import LongerTraining


class RunQuestions(Protocol):
    """The questions; tests answer them without dialogs."""

    def train_again(self, running: str) -> Literal["second", "instead"] | None:
        """While one trains: start a second one, or replace it; ``None`` to cancel."""
        ...

    def delete(self, names: list[str]) -> bool: ...

    def delete_for_good(self, names: list[str]) -> bool: ...

    def more_epochs(self, name: str, done: int, schedule: str) -> "LongerTraining | None":
        """More epochs for a finished run; ``schedule``: the kind of one that covers the whole run, or empty."""
        ...

    def new_tag(self) -> str | None:
        """A tag for the selected runs."""
        ...

    def picture(self, proposal: str) -> Path | None:
        """The path for the picture of a chart."""
        ...

    def show_log(self, path: Path) -> None: ...


class RunDialogs:
    """Asks with dialogs over a window."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        self.parent, self._theme = parent, theme
        self._folder = Path.home()  # of the last picture

    def train_again(self, running: str) -> Literal["second", "instead"] | None:
        """Ask whether to start a second training or replace the first."""
        more = f"{running} is being trained. A second one shares the machine with it: both take longer."
        question = Question("train_again", "A training is running", more, self.parent)
        question.offer("instead", "Stop it, train this one", apart=True)
        question.offer(None, "Cancel")
        question.offer("second", "Train both", default=True)
        answer = question.ask()
        return "second" if answer == "second" else "instead" if answer == "instead" else None

    def delete(self, names: list[str]) -> bool:
        """Ask whether to move runs to the trash."""
        text = f"Move {_count_text(names)} to the trash?"
        more = f"Curves, weights and checkpoints go with {'it' if len(names) == 1 else 'them'}."
        return self._is_sure("delete_runs", text, more, "Move to trash")

    def delete_for_good(self, names: list[str]) -> bool:
        """Ask whether to delete runs where there is no trash."""
        text = f"There is no trash here. Delete {_count_text(names)} for good?"
        return self._is_sure("delete_for_good", text, "This cannot be undone.", "Delete")

    def more_epochs(self, name: str, done: int, schedule: str) -> "LongerTraining | None":
        """Ask for the total number of epochs, and how the schedule continues."""
        from gui.runs.commands.train_longer_dialog import TrainLongerDialog

        return TrainLongerDialog(name, done, schedule, self.parent).ask()

    def new_tag(self) -> str | None:
        """Ask for a tag."""
        more = "The tag is added to the chosen runs. The filter above the list finds runs by their tags."
        return LineDialog("new_tag", "New tag", more, "Add tag", self.parent).ask()

    def picture(self, proposal: str) -> Path | None:
        """Ask for the path of a picture."""
        from gui.common_dialogs.file_dialog import FileDialog

        kinds = ["PNG picture (*.png)", "SVG picture (*.svg)"]
        filters = ";;".join(reversed(kinds) if proposal.endswith(".svg") else kinds)
        dialog = FileDialog(self.parent, self._theme, "Save the chart")
        if place := dialog.to_save(self._folder / proposal, filters):
            self._folder = place.parent
        return place

    def show_log(self, path: Path) -> None:
        """Show the log of a run."""
        from gui.common_dialogs.log_dialog import LogDialog

        run = path.parent
        dialog = LogDialog(f"Log of {label_of(run)[0].display_name(run)}", (path,), self.parent)
        dialog.exec()
        dialog.deleteLater()

    def _is_sure(self, name: str, text: str, more: str, yes: str) -> bool:
        question = Question(name, text, more, self.parent)
        question.offer(None, "Cancel", default=True)
        question.offer("yes", yes)
        return question.ask() is not None


def _count_text(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} runs"
