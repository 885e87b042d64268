"""The base class of pages of results, and what they show."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from engine.runs.events import Event
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.curve_data.event_pages import Views, Which

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class EpochResults:
    """The events of the best or last epoch of a run. Pictures are loaded only if the page ``is_visible``."""

    run: Path | None
    views: Views | None
    which: Which
    pictures: SamplePictures
    is_visible: bool

    def event(self, kind: type[E]) -> E | None:
        """The event of a kind, if the run has recorded one."""
        return self.views.of(kind, self.which) if self.views else None


class Page(QWidget):
    """The widget that the function ``page(theme)`` of a module of `gui.runs.results` returns.

    ``chooses_epoch``: the page has its own control for the epoch.
    """

    chooses_epoch = False

    def show_results(self, results: EpochResults) -> None:
        """Show these results; without any, nothing."""
        raise NotImplementedError
