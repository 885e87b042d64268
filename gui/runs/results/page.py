"""What a page of results is given to show, and what it must be able to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from engine.runs.events import Event
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.history.views import Views, Which

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class EpochResults:
    """The events of one epoch of a run. ``is_visible``: whether the page is in sight, so that pictures are worth it."""

    run: Path | None
    views: Views | None
    which: Which
    pictures: SamplePictures
    is_visible: bool

    def event(self, kind: type[E]) -> E | None:
        """The event of a kind, if the run has recorded one."""
        return self.views.of(kind, self.which) if self.views else None


class Page(QWidget):
    """What a module of `gui.runs.results` makes with its function ``page``, which takes the theme.

    ``chooses_epoch``: it has its own way to choose the epoch, and names it.
    """

    chooses_epoch = False

    def show_results(self, results: EpochResults) -> None:
        """Show what there is, or nothing."""
        raise NotImplementedError
