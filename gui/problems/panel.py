"""The list of problems: each leads to its place, and mends itself where that is known."""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.check.diagnostics import Diagnostic
from gui.actions import Actions
from gui.document import Document
from gui.facts import Facts
from gui.inspector.fields import restyle
from gui.problems.card import ProblemCard
from gui.problems.checks import Check, checks
from gui.problems.mending import mend, reveal
from gui.selection import Selection
from gui.theme import Theme
from gui.tone import RANK, Tone
from gui.wording import plural

MOST_CARDS = 60
SIGN_PX = 13


class ProblemsPanel(QWidget):
    """Shows what is wrong, the worst first, or what is right when nothing is.

    ``revealed`` carries the problem whose place was selected, for the canvas to come there, or for another page: one
    without a node is about the data (codes in ``D``) or the training (``T``).
    """

    revealed = Signal(object)

    def __init__(
        self,
        document: Document,
        selection: Selection,
        facts: Facts,
        theme: Theme,
        actions: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Problems")
        self._document, self._selection, self._facts, self._theme = document, selection, facts, theme
        self.shown: tuple[Diagnostic, ...] = ()
        self._current, self._actions = -1, actions
        self.cards: list[ProblemCard] = []
        self.checks: list[CheckLine] = []
        self._title, self.count = QLabel("Problems"), QLabel()
        self._more = QLabel()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        facts.changed.connect(self._soon.start)
        if actions is not None:
            actions.on("graph.next_problem", self.go_to_next)
        self.refresh()

    def _lay_out(self) -> None:
        self._title.setProperty("voice", "brand")
        self.count.setProperty("voice", "dim")
        self._more.setProperty("voice", "small")
        self._more.hide()
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 14, 4)
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self.count, 1)
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
        column.addLayout(head)
        column.addWidget(self.area, 1)

    def sizeHint(self) -> QSize:
        return QSize(300, 220)

    def refresh(self) -> None:
        """Show what the facts say now."""
        self._soon.stop()
        before = self.shown[self._current] if 0 <= self._current < len(self.shown) else None
        self.shown = tuple(
            sorted(self._facts.problems, key=lambda each: (-RANK[self._facts.tone(each)], -RANK[each.severity]))
        )
        self._current = self.shown.index(before) if before in self.shown else -1
        self._show_cards()
        self._show_checks(() if self.shown else checks(self._document.project, self._facts))
        self.count.setText(_counted(map(self._facts.tone, self.shown)))
        if self._actions is not None:
            self._actions.allow("graph.next_problem", "" if self.shown else "There are no problems.")
        self._mark()

    def go_to_next(self) -> None:
        """Go to the problem after the one that was gone to last, around the end; a person asks for what is wrong."""
        self._facts.ask()
        self.refresh()
        if self.shown:
            self._go((self._current + 1) % len(self.shown))

    def _pass(self, at: int) -> None:
        if 0 <= at < len(self.cards) and self.cards[at].isVisible():
            self.cards[at].setFocus(Qt.FocusReason.OtherFocusReason)
            self.area.ensureWidgetVisible(self.cards[at])

    def _go(self, at: int) -> None:
        self._current = at
        problem = self.shown[at]
        if problem.node is None and problem.code.startswith("T"):
            self._selection.clear()  # the inspector then shows the training
        else:
            reveal(self._document, self._selection, problem)
        self._mark()
        if at < len(self.cards):
            self.area.ensureWidgetVisible(self.cards[at])
        self.revealed.emit(problem)

    def _mend(self, problem: Diagnostic) -> None:
        """Apply a fix; its button goes, and the keyboard is not to fall to whatever button comes next."""
        self.setFocus()
        mend(self._document, problem)

    def _mark(self) -> None:
        for at, card in enumerate(self.cards):
            restyle(card, "current", at == self._current)

    def _show_cards(self) -> None:
        while len(self.cards) < min(len(self.shown), MOST_CARDS):
            card = ProblemCard(self._theme, placed=True)
            card.hide()
            at = len(self.cards)
            card.chosen.connect(lambda _, at=at: self._go(at))
            card.passed.connect(lambda step, at=at: self._pass(at + step))
            card.fix_wanted.connect(self._mend)
            self._list.insertWidget(at, card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            if at < len(self.shown):
                card.show_problem(self.shown[at], self._facts.tone(self.shown[at]))
            card.setVisible(at < len(self.shown))
        rest = len(self.shown) - MOST_CARDS
        self._more.setText(f"and {rest} more")
        self._more.setVisible(rest > 0)

    def _show_checks(self, found: tuple[Check, ...]) -> None:
        while len(self.checks) < len(found):
            line = CheckLine(self._theme)
            self._list.insertWidget(len(self.cards) + 1 + len(self.checks), line)
            self.checks.append(line)
        for at, line in enumerate(self.checks):
            if at < len(found):
                line.show_check(found[at])
            line.setVisible(at < len(found))


class CheckLine(QWidget):
    """One sentence with a tick before it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._good = True
        self._sign, self.text = QLabel(), QLabel()
        self._sign.setFixedWidth(SIGN_PX)
        self.text.setProperty("voice", "dim")
        self.text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 0, 1)
        row.setSpacing(7)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        theme.changed.connect(self._draw)

    def show_check(self, check: Check) -> None:
        """Say it."""
        self.text.setText(check.text)
        self._good = check.good
        self._draw()

    def _draw(self) -> None:
        name, colour = ("check", "good") if self._good else ("minus", "text_faint")
        size = QSize(SIGN_PX, SIGN_PX + 3)
        self._sign.setPixmap(self._theme.icon(name, colour).pixmap(size, self.devicePixelRatioF()))


def _counted(tones: Iterable[Tone]) -> str:
    counts = Counter[str](tones)
    words = {"error": "error", "warning": "warning", "info": "remark"}
    told = [plural(counts[tone], word) for tone, word in words.items() if counts[tone]]
    if counts["unfinished"]:
        told.append(f"{counts['unfinished']} to finish")
    return ", ".join(told) or "none"
