"""The recorded results of the best or the last epoch of a run: a page for each kind of event with a view."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.runs.events import Event, event_views
from gui.actions.menu import add_choices
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.curve_data.event_pages import Which
from gui.runs.curve_data.history import History
from gui.runs.results.page import EpochResults, Page
from gui.theme import Theme
from gui.widgets.heading_choice import Switch

_WORDS: dict[Which, str] = {"best": "best epoch", "last": "last epoch"}


class Results(QWidget):
    """A page for each kind of event with a view. ``turned`` carries the title of the visible page.

    ``beside``: the title and the widget of another page before them. Without it, the epoch is in the same row as the
    titles.
    """

    turned = Signal(str)

    def __init__(
        self,
        pictures: SamplePictures,
        theme: Theme,
        beside: tuple[str, QWidget] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("results")
        self._pictures = pictures
        self._run: Path | None = None
        self._history: History | None = None
        self.which: Which = "best"
        self._beside = beside
        self.kinds = {view.title: kind for kind, view in event_views().items()}
        self.pages = {title: _page(kind, theme) for title, kind in self.kinds.items()}
        self.switch = Switch(theme, (beside[0],) if beside else tuple(self.pages))
        self.switch.setObjectName("view_switch")
        self._epoch = QToolButton()
        self._epoch.setObjectName("results_epoch")
        self._epoch.setProperty("role", "crumb")
        self._epoch.setToolTip("Of which epoch")
        self._menu = QMenu(self)
        self._menu.setObjectName("epoch_menu")
        self._menu.aboutToShow.connect(self._fill_menu)
        self._epoch.clicked.connect(lambda: self._menu.popup(self._epoch.mapToGlobal(self._epoch.rect().bottomLeft())))
        self._pages = QStackedWidget()
        for page in (*([beside[1]] if beside else []), *self.pages.values()):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QBoxLayout(QBoxLayout.Direction.TopToBottom if beside else QBoxLayout.Direction.LeftToRight)
        head.setSpacing(2)
        head.addWidget(self.switch)
        head.addWidget(self._epoch, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.switch.current_changed.connect(self._turn)
        pictures.changed.connect(self._show_pages)
        self._turn(self.switch.current)

    @property
    def has_any(self) -> bool:
        """Whether the run has recorded any results."""
        return bool(self._recorded())

    def show_run(self, run: Path | None, history: History | None) -> None:
        """Show the results of a run as they are now; nothing without a run."""
        self._run, self._history = run, history
        names = ([self._beside[0]] if self._beside else []) + self._recorded()
        if names:
            self.switch.set_names(tuple(names))
        self.switch.setVisible(len(names) > 1)
        self._turn(self.switch.current)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    @property
    def epoch_text(self) -> str:
        """The text that names the shown epoch."""
        return self._epoch.text().removesuffix(" ▾")

    def _show(self) -> None:
        views = self._history.views if self._history else None
        self._show_pages()
        self._epoch.setVisible(self._is_of_an_epoch and self.has_any)
        if views is None or not self.has_any:
            return
        kind = self.kinds.get(self.switch.current)
        epoch = getattr(views.of(kind, self.which), "epoch", 0) if kind else 0
        is_best = self.which == "best" and epoch == views.best_epoch
        what = "best epoch" if is_best else "epoch" if self.which == "best" else "last epoch"
        self._epoch.setText(f"{'validation, ' if self._beside else ''}{what} {epoch} ▾")
        if (width := self._epoch.sizeHint().width()) > self._epoch.minimumWidth():
            self._epoch.setMinimumWidth(width)  # it never shrinks, so that its text does not jump
        missing = self.which == "best" and not is_best and views.best_epoch is not None
        self._epoch.setToolTip(
            f"The best epoch, {views.best_epoch}, was too short to be recorded." if missing else "Of which epoch"
        )
        self._epoch.setAccessibleName(f"Of which epoch: {self.epoch_text}")

    @property
    def _is_of_an_epoch(self) -> bool:
        page = self.pages.get(self.switch.current)
        return page is not None and not page.chooses_epoch

    def _recorded(self) -> list[str]:
        """The titles of the pages that have results."""
        views = self._history.views if self._history else None
        return [title for title, kind in self.kinds.items() if views and views.of(kind)]

    def _show_pages(self) -> None:
        views = self._history.views if self._history else None
        for title, page in self.pages.items():
            is_visible = self.isVisible() and self.switch.current == title
            page.show_results(EpochResults(self._run, views, self.which, self._pictures, is_visible))

    def _turn(self, name: str) -> None:
        self._pages.setCurrentIndex(max(0, self._pages.indexOf(self.pages[name])) if name in self.pages else 0)
        self._show()
        self.turned.emit(name)

    def _fill_menu(self) -> None:
        self._menu.clear()
        texts = {which: words.capitalize() for which, words in _WORDS.items()}
        add_choices(self._menu, texts, self.which, self.choose)

    def choose(self, which: Which) -> None:
        """Show the best or the last epoch."""
        self.which = which
        self._show()


def _page(kind: type[Event], theme: Theme) -> Page:
    """Create the page for a kind of event."""
    name = kind.view.module if kind.view else ""
    make: Callable[[Theme], Page] = import_module(f"gui.runs.results.{name}").page
    return make(theme)
