"""The confusion matrix and single samples of a run, of its best epoch or of its last one."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedWidget, QToolButton, QToolTip, QVBoxLayout, QWidget

from gui.actions.menu import add_choices
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.following.history import History
from gui.runs.following.views import Which
from gui.runs.results.confusion import ConfusionView
from gui.runs.results.predictions import PredictionsView
from gui.theme import Theme
from gui.widgets.switch import Switch

CONFUSION, SAMPLES = "Confusion", "Samples"
_WORDS: dict[Which, str] = {"best": "best epoch", "last": "last epoch"}


class Results(QWidget):
    """``beside``: a page of another kind, with its name, before the two. ``turned`` names the page in sight.

    Without such a page there are but two names, and the epoch is told in the same row as they are.
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
        self.switch = Switch(theme, (beside[0],) if beside else (CONFUSION, SAMPLES))
        self.switch.setObjectName("view_switch")
        self.confusion = ConfusionView(theme)
        self.predictions = PredictionsView(theme)
        self._epoch = QToolButton()
        self._epoch.setObjectName("results_epoch")
        self._epoch.setProperty("role", "crumb")
        self._epoch.setToolTip("Of which epoch")
        self._menu = QMenu(self)
        self._menu.setObjectName("epoch_menu")
        self._menu.aboutToShow.connect(self._fill_menu)
        self._epoch.clicked.connect(lambda: self._menu.popup(self._epoch.mapToGlobal(self._epoch.rect().bottomLeft())))
        self._pages = QStackedWidget()
        for page in (*([beside[1]] if beside else []), self.confusion, self.predictions):
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
        self.switch.chosen.connect(self._turn)
        self.confusion.hovered.connect(self._tip)
        pictures.changed.connect(self._show_samples)
        self._turn(self.switch.current)

    @property
    def has_any(self) -> bool:
        """Whether the run has recorded anything of this kind."""
        return self._history is not None and bool(self._history.views.confusion() or self._history.views.predictions())

    def show_run(self, run: Path | None, history: History | None) -> None:
        """Show what a run has recorded, as it is now; nothing of no run."""
        self._run, self._history = run, history
        views = history.views if history else None
        names = [self._beside[0]] if self._beside else []
        names += [CONFUSION] if views and views.confusion() else []
        names += [SAMPLES] if views and views.predictions() else []
        if names:
            self.switch.offer(tuple(names))
        self.switch.setVisible(len(names) > 1)
        self._turn(self.switch.current)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    @property
    def epoch_text(self) -> str:
        """Of which epoch it is what is shown."""
        return self._epoch.text().removesuffix(" ▾")

    def _show(self) -> None:
        views = self._history.views if self._history else None
        self.confusion.show_matrix(views.confusion(self.which) if views else None)
        self._show_samples()
        self._epoch.setVisible(self._is_of_an_epoch and self.has_any)
        if views is None or not self.has_any:
            return
        shown = views.predictions(self.which) if self.switch.current == SAMPLES else views.confusion(self.which)
        epoch = shown.epoch if shown else 0
        is_best = self.which == "best" and epoch == views.best_epoch
        what = "best epoch" if is_best else "epoch" if self.which == "best" else "last epoch"
        self._epoch.setText(f"{'validation, ' if self._beside else ''}{what} {epoch} ▾")
        if (needed := self._epoch.sizeHint().width()) > self._epoch.minimumWidth():
            self._epoch.setMinimumWidth(needed)  # it never gives way, so that its words do not tremble
        missing = self.which == "best" and not is_best and views.best_epoch is not None
        self._epoch.setToolTip(
            f"The best epoch, {views.best_epoch}, was too short to be recorded." if missing else "Of which epoch"
        )
        self._epoch.setAccessibleName(f"Of which epoch: {self.epoch_text}")

    @property
    def _is_of_an_epoch(self) -> bool:
        return self.switch.current in (CONFUSION, SAMPLES)

    def _show_samples(self) -> None:
        views = self._history.views if self._history else None
        shown = views.predictions(self.which) if views else None
        confusion = views.confusion(self.which) if views else None
        pictures = {}
        if shown and self._run and self.isVisible() and self.switch.current == SAMPLES:
            pictures = self._pictures.of(self._run, shown.indices)
        self.predictions.show_predictions(shown, confusion.class_names if confusion else (), pictures)

    def _turn(self, name: str) -> None:
        places = {CONFUSION: self._pages.count() - 2, SAMPLES: self._pages.count() - 1}
        self._pages.setCurrentIndex(places.get(name, 0))
        self._show()
        self.turned.emit(name)

    def _fill_menu(self) -> None:
        self._menu.clear()
        texts = {which: words.capitalize() for which, words in _WORDS.items()}
        add_choices(self._menu, texts, self.which, self.choose)

    def choose(self, which: Which) -> None:
        """Show this epoch from now on."""
        self.which = which
        self._show()

    def _tip(self, text: str) -> None:
        if text:
            QToolTip.showText(QCursor.pos() + QPoint(0, 4), text, self.confusion)
        else:
            QToolTip.hideText()
