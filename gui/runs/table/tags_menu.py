"""The menu of tags: those of all listed runs, checked for the selected ones, and a new tag."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from gui.runs.known_runs.inventory import RunEntry

MAX_TAGS = 30  # tags in the menu; others have to be typed


class TagsMenu(QMenu):
    """``toggled`` carries a tag and whether the selected runs should have it."""

    toggled = Signal(str, bool)
    new_wanted = Signal()

    def __init__(
        self,
        selected_runs: Callable[[], Sequence[RunEntry]],
        listed_runs: Callable[[], Sequence[RunEntry]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Tags", parent)
        self.setObjectName("tags_menu")
        self._selected_runs, self._listed_runs = selected_runs, listed_runs
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        runs = self._selected_runs()
        tags = dict.fromkeys(tag for run in (*runs, *self._listed_runs()) for tag in run.summary.label.tags)
        for tag in list(tags)[:MAX_TAGS]:
            has = [tag in run.summary.label.tags for run in runs]
            action = self.addAction(tag.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(all(has))
            action.toggled.connect(lambda on, tag=tag: self.toggled.emit(tag, on))
        if tags:
            self.addSeparator()
        self.addAction("New tag...").triggered.connect(self.new_wanted)
