"""Saves and copies charts as pictures."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from engine.project import disk_errors, durable
from engine.runs.folder import letters
from gui.runs.commands.run_questions import RunQuestions
from gui.runs.plots.chart_card import ChartCard


class ChartExport(QObject):
    """``message`` carries a sentence for the status bar, ``failed`` the message of an error."""

    message = Signal(str)
    failed = Signal(str)

    def __init__(self, questions: RunQuestions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions

    def connect_menu(self, card: ChartCard) -> None:
        """Connect the menu of a chart."""
        card.save_wanted.connect(lambda suffix: self.save(card, suffix))
        card.copy_wanted.connect(lambda: self.copy(card))

    def save(self, card: ChartCard, suffix: str) -> None:
        """Ask for a path, and write the picture there."""
        from gui.runs.plots.picture import png, svg  # QtSvg is loaded only when it is needed

        title = letters(" ".join((card.caption.partition(" · ")[0], card.legend.title)).strip())
        place = self._questions.picture(f"{title}.{suffix}")
        if place is None:
            return
        is_svg = place.suffix.lower() == ".svg" or (place.suffix.lower() != ".png" and suffix == "svg")
        place = place if place.suffix.lower() in (".png", ".svg") else Path(f"{place}.{suffix}")
        try:
            durable.replace(place, svg(card) if is_svg else png(card))
        except OSError as error:
            self.failed.emit(str(disk_errors.problem("write", place, error)))
        else:
            self.message.emit(f"Saved {place}")

    def copy(self, card: ChartCard) -> None:
        """Put the picture on the clipboard."""
        from gui.runs.plots.picture import as_image

        QApplication.clipboard().setImage(as_image(card))
        self.message.emit(f"The chart of {card.legend.title.lower()} is on the clipboard.")
