"""The parts that the inspector's pages are put together from."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.check.diagnostics import Diagnostic
from gui.facts import Facts
from gui.inspector.form import form_grid
from gui.problems.card import ProblemCard
from gui.theme import Theme
from gui.theme.glyph import Glyph

MOST_CARDS = 4


class Header(QWidget):
    """What the page is about: a sign, a title, a sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._glyph = Glyph(theme, 14)
        self.title, self.summary = QLabel(), QLabel()
        self.title.setProperty("voice", "title")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary.setProperty("voice", "dim")
        self.summary.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.summary)

    def tell(self, title: str, summary: str, family: str = "structure") -> None:
        """Say what the page is about."""
        self._glyph.set_family(family)
        self.title.setText(title)
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))


class Line(QFrame):
    """A thin line between parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("line", "true")
        self.setFixedHeight(1)


class Section(QToolButton):
    """A heading that opens and closes what stands below it."""

    def __init__(self, title: str, theme: Theme, content: QWidget, *, is_open: bool = True) -> None:
        super().__init__()
        self._theme, self._content = theme, content
        self.setText(title)
        self.setProperty("role", "section")
        self.setCheckable(True)
        self.setChecked(is_open)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(12, 12))
        self.toggled.connect(self._open)
        theme.changed.connect(self._draw)
        if not is_open:
            content.hide()
        self._draw()

    def _open(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(self._theme.icon("chevron-down" if self.isChecked() else "chevron-right", "text_dim"))


class ProblemCards(QWidget):
    """The problems of whatever the page shows."""

    fix_wanted = Signal(object)

    def __init__(self, facts: Facts, theme: Theme) -> None:
        super().__init__()
        self._facts, self._theme = facts, theme
        self.cards: list[ProblemCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._more = QLabel()
        self._more.setProperty("voice", "small")
        self._column.addWidget(self._more)

    def show_problems(self, problems: Sequence[Diagnostic]) -> None:
        """Show these, the first few."""
        while len(self.cards) < min(len(problems), MOST_CARDS):
            card = ProblemCard(self._theme)
            card.fix_wanted.connect(self.fix_wanted)
            self._column.insertWidget(len(self.cards), card)
            self.cards.append(card)
        for at, card in enumerate(self.cards):
            card.setVisible(at < len(problems))
            if at < len(problems):
                card.show_problem(problems[at], self._facts.tone(problems[at]))
        rest = len(problems) - MOST_CARDS
        self._more.setText(f"and {rest} more in the list of problems")
        self._more.setVisible(rest > 0)
        self.setVisible(bool(problems))


class FactTable(QWidget):
    """Names and values that cannot be changed. ``aligned``: below each other with the fields of a form."""

    def __init__(self, theme: Theme, *, aligned: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self._grid: QGridLayout = form_grid(self)
        if not aligned:
            self._grid.setColumnMinimumWidth(0, 0)
            self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(5)
        self._names: list[QLabel] = []
        self.values: list[QLabel] = []
        self.spark = Spark(theme, self)

    def show_facts(self, facts: Sequence[tuple[str, str]], series: Sequence[float] = ()) -> None:
        """Show these; ``series``: the course of the last one, drawn beside it."""
        while len(self._names) < len(facts):
            name, value = QLabel(), QLabel()
            name.setProperty("voice", "dim")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            at = len(self._names)
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1)
            self._names.append(name)
            self.values.append(value)
        for at, (name, value) in enumerate(zip(self._names, self.values, strict=True)):
            name.setVisible(at < len(facts))
            value.setVisible(at < len(facts))
            if at < len(facts):
                name.setText(facts[at][0])
                value.setText(facts[at][1])
                value.setAccessibleName(f"{facts[at][0]} {facts[at][1]}")
        self.spark.show_series(series)
        if series:
            self._grid.addWidget(self.spark, len(facts) - 1, 1, Qt.AlignmentFlag.AlignRight)
        self.spark.setVisible(bool(series))
        self.setVisible(bool(facts))


class Spark(QWidget):
    """The last values of a figure as small bars."""

    BARS = 12

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._series: tuple[float, ...] = ()
        self.setFixedSize(56, 14)  # beside the number in the narrowest inspector

    def show_series(self, series: Sequence[float]) -> None:
        """Draw these, the latest at the right."""
        shown = tuple(series[-self.BARS :])
        if shown != self._series:
            self._series = shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._series:
            return
        painter = QPainter(self)
        top = max(self._series) or 1.0
        width = self.width() / self.BARS
        for at, value in enumerate(self._series, self.BARS - len(self._series)):
            height = max(1.5, value / top * self.height())
            painter.fillRect(QRectF(at * width, self.height() - height, width, height), self._theme.colour("good"))
        painter.end()
