"""Cards for the first few problems of a node, a wire or the data."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QLabel,
    QVBoxLayout,
    QWidget,
)

from engine.check.diagnostics import Diagnostic
from gui.problems.problem_card import ProblemCard
from gui.state.analysis_results import AnalysisResults
from gui.theme import Theme

MAX_CARDS = 4


class ProblemCards(QWidget):
    """The problems of what a page shows."""

    fix_wanted = Signal(object)

    def __init__(self, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._results, self._theme = results, theme
        self.cards: list[ProblemCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._more = QLabel()
        self._more.setProperty("voice", "small")
        self._column.addWidget(self._more)

    def show_problems(self, problems: Sequence[Diagnostic]) -> None:
        """Show the first few of these."""
        while len(self.cards) < min(len(problems), MAX_CARDS):
            card = ProblemCard(self._theme)
            card.fix_wanted.connect(self.fix_wanted)
            self._column.insertWidget(len(self.cards), card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(problems))
            if at < len(problems):
                card.show_problem(problems[at], self._results.tone(problems[at]))
        rest = len(problems) - MAX_CARDS
        self._more.setText(f"and {rest} more in the list of problems")
        self._more.setVisible(rest > 0)
        self.setVisible(bool(problems))
