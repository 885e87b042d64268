"""The list of problems, each with a way to its place and a button for its fix."""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.check.diagnostics import Diagnostic
from gui.actions.actions import Actions
from gui.formatting.formats import plural
from gui.forms.controls import restyle
from gui.problems.check_line import CheckLine
from gui.problems.checks import Check, checks
from gui.problems.fixes import apply_fix, reveal
from gui.problems.problem_card import ProblemCard
from gui.problems.problems_head import HEIGHT_PX, Head
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.problem_level import RANK, Tone
from gui.state.selection import Selection
from gui.theme import Theme

MAX_CARDS = 60
SLIM_BELOW_PX = 70  # height below which only the head is visible
LEAST_PX = 160  # least width
ALONE_FROM_PX = 640  # width from which the panel has the window's bottom edge for itself


class ProblemsPanel(QWidget):
    """Shows the problems, the worst first, or the passed checks if there are none.

    ``revealed`` carries the problem whose place was selected, so that the canvas or another page shows it: one without
    a node is about the data (codes in ``D``) or the training (``T``). A panel with the height of a line shows the worst
    problem only; ``open_changed``: whether it needs room for all.
    """

    revealed = Signal(object)
    open_changed = Signal(bool)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        results: AnalysisResults,
        theme: Theme,
        actions: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Problems")
        self._document, self._selection, self._results, self._theme = document, selection, results, theme
        self.problems: tuple[Diagnostic, ...] = ()
        self._current, self._actions = -1, actions
        self.cards: list[ProblemCard] = []
        self.checks: list[CheckLine] = []
        self.is_open = False
        self.head = Head(theme)
        self.count = self.head.count
        self._more = QLabel()
        self._lay_out()
        self._refresh_timer = QTimer(self, singleShot=True, interval=0)
        self._refresh_timer.timeout.connect(self.refresh)
        results.changed.connect(self._refresh_timer.start)
        self.head.toggled.connect(lambda: self.open(not self.is_open))
        self.head.activated.connect(lambda: self._go(0))
        self.head.fix_wanted.connect(self._mend)
        if actions is not None:
            actions.on("graph.next_problem", self.go_to_next)
        self.refresh()

    def _lay_out(self) -> None:
        self._more.setProperty("voice", "small")
        self._more.hide()
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(12, 2, 12, 10)
        self._list.setSpacing(6)
        self._list.addWidget(self._more)
        self._list.addStretch(1)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.area, 1)
        column.addStretch(0)
        self.setMinimumSize(LEAST_PX, HEIGHT_PX)  # the content of the head has no influence on the width

    def sizeHint(self) -> QSize:
        return QSize(300, 220)

    def refresh(self) -> None:
        """Show the current problems of the results."""
        self._refresh_timer.stop()
        before = self.problems[self._current] if 0 <= self._current < len(self.problems) else None
        had_some = bool(self.problems)
        self.problems = tuple(
            sorted(self._results.problems, key=lambda each: (-RANK[self._results.tone(each)], -RANK[each.severity]))
        )
        self._current = self.problems.index(before) if before in self.problems else -1
        self._show_cards()
        good_checks = () if self.problems else checks(self._document.project, self._results)
        self._show_checks(good_checks)
        worst = self.problems[0] if self.problems else None
        self.head.show_state(
            _count_text(map(self._results.tone, self.problems)), worst, self._results.tone, good_checks
        )
        if self._results.reported and self.problems:
            self.open(True)
        elif had_some and not self.problems:
            self.open(False)
        if self._actions is not None:
            self._actions.allow("graph.next_problem", "" if self.problems else "There are no problems.")
        self._mark()

    def open(self, is_open: bool) -> None:
        """Ask for room for all problems, or for one line."""
        if is_open != self.is_open:
            self.is_open = is_open
            self._show_size()
            self.open_changed.emit(is_open)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_size()

    def _show_size(self) -> None:
        """Hide the list if there is only room for one line."""
        is_slim = self.height() < SLIM_BELOW_PX
        self.area.setVisible(not is_slim)
        self.head.set_layout(is_slim=is_slim, is_open=self.is_open, can_open=self.width() >= ALONE_FROM_PX)

    def go_to_next(self) -> None:
        """Go to the next problem, after the last to the first; unfinished parts then count as errors."""
        self._results.ask()
        self.refresh()
        if self.problems:
            self._go((self._current + 1) % len(self.problems))

    def _pass(self, at: int) -> None:
        if 0 <= at < len(self.cards) and self.cards[at].isVisible():
            self.cards[at].setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.ensureWidgetVisible(self.cards[at])

    def _go(self, at: int) -> None:
        self._current = at
        problem = self.problems[at]
        if problem.node is None and problem.code.startswith("T"):
            self._selection.clear()  # the inspector then shows the training
        else:
            reveal(self._document, self._selection, problem)
        self._mark()
        if at < len(self.cards):
            self.area.ensureWidgetVisible(self.cards[at])
        self.revealed.emit(problem)

    def _mend(self, problem: Diagnostic) -> None:
        """Apply a fix; take the focus first, since its button disappears and the next one must not get it."""
        self.setFocus()
        apply_fix(self._document, problem)

    def _mark(self) -> None:
        for at, card in enumerate(self.cards):
            restyle(card, "current", at == self._current)

    def _show_cards(self) -> None:
        while len(self.cards) < min(len(self.problems), MAX_CARDS):
            card = ProblemCard(self._theme, placed=True)
            card.hide()
            at = len(self.cards)
            card.activated.connect(lambda _, at=at: self._go(at))
            card.focus_moved.connect(lambda step, at=at: self._pass(at + step))
            card.fix_wanted.connect(self._mend)
            self._list.insertWidget(at, card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            if at < len(self.problems):
                card.show_problem(self.problems[at], self._results.tone(self.problems[at]))
            card.setVisible(at < len(self.problems))
        rest = len(self.problems) - MAX_CARDS
        self._more.setText(f"and {rest} more")
        self._more.setVisible(rest > 0)

    def _show_checks(self, good_checks: tuple[Check, ...]) -> None:
        while len(self.checks) < len(good_checks):
            line = CheckLine(self._theme)
            self._list.insertWidget(len(self.cards) + 1 + len(self.checks), line)
            self.checks.append(line)
        for at, line in enumerate(self.checks):
            if at < len(good_checks):
                line.show_check(good_checks[at])
            line.setVisible(at < len(good_checks))


def _count_text(tones: Iterable[Tone]) -> str:
    counts = Counter[str](tones)
    words = {"error": "error", "warning": "warning", "info": "remark"}
    texts = [plural(counts[tone], word) for tone, word in words.items() if counts[tone]]
    if counts["unfinished"]:
        texts.append(f"{counts['unfinished']} to finish")
    return ", ".join(texts) or "none"
