"""What a person is asked about runs."""

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
    """The questions; tests answer them without a dialog."""

    def train_again(self, running: str) -> Literal["second", "instead"] | None:
        """While one is trained: a second one beside it, or this one in its place; ``None`` to go back."""
        ...

    def delete(self, names: list[str]) -> bool: ...

    def delete_for_good(self, names: list[str]) -> bool: ...

    def more_epochs(self, name: str, done: int, schedule: str) -> "LongerTraining | None":
        """A new end for a run that has reached its own; ``schedule``: the kind of one that covers the whole run."""
        ...

    def new_tag(self) -> str | None:
        """A tag for the chosen runs."""
        ...

    def picture(self, proposal: str) -> Path | None:
        """Where to write the picture of a chart."""
        ...

    def show_log(self, path: Path) -> None: ...


class RunDialogs:
    """Asks over a window."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        self.parent, self._theme = parent, theme
        self._folder = Path.home()  # of the last picture

    def train_again(self, running: str) -> Literal["second", "instead"] | None:
        """Whether to train beside, or instead."""
        more = f"{running} is being trained. A second one shares the machine with it: both take longer."
        question = Question("train_again", "A training is running", more, self.parent)
        question.offer("instead", "Stop it, train this one", apart=True)
        question.offer(None, "Cancel")
        question.offer("second", "Train both", default=True)
        answer = question.ask()
        return "second" if answer == "second" else "instead" if answer == "instead" else None

    def delete(self, names: list[str]) -> bool:
        """Whether to throw runs away."""
        text = f"Move {_count_text(names)} to the trash?"
        more = f"Curves, weights and checkpoints go with {'it' if len(names) == 1 else 'them'}."
        return self._is_sure("delete_runs", text, more, "Move to trash")

    def delete_for_good(self, names: list[str]) -> bool:
        """Whether to delete runs where there is no trash."""
        text = f"There is no trash here. Delete {_count_text(names)} for good?"
        return self._is_sure("delete_for_good", text, "This cannot be undone.", "Delete")

    def more_epochs(self, name: str, done: int, schedule: str) -> "LongerTraining | None":
        """How many epochs there are to be in the end, and how the schedule gets there."""
        from gui.runs.commands.train_longer_dialog import TrainLongerDialog

        return TrainLongerDialog(name, done, schedule, self.parent).ask()

    def new_tag(self) -> str | None:
        """A tag to give to runs."""
        more = "The tag is added to the chosen runs. The filter above the list finds runs by their tags."
        return LineDialog("new_tag", "New tag", more, "Add tag", self.parent).ask()

    def picture(self, proposal: str) -> Path | None:
        """Where to write a picture."""
        from gui.common_dialogs.file_dialog import FileDialog

        kinds = ["PNG picture (*.png)", "SVG picture (*.svg)"]
        filters = ";;".join(reversed(kinds) if proposal.endswith(".svg") else kinds)
        dialog = FileDialog(self.parent, self._theme, "Save the chart")
        if place := dialog.to_save(self._folder / proposal, filters):
            self._folder = place.parent
        return place

    def show_log(self, path: Path) -> None:
        """Show what a run wrote about itself."""
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
