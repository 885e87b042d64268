"""Rows of the data to look at, part by part and page by page, in whatever form suits them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.protocol.data_answers import ColumnRead, FieldShown, SampleShown, Summary
from gui.data.columns_table import HELP, ColumnsTable
from gui.data.field_text import Names
from gui.data.pictures import Pictures
from gui.data.plots import Curves, Scatter
from gui.data.sample_counts import PARTS
from gui.data.samples_table import MOST_COLUMNS, SamplesTable
from gui.forms.controls import IconButton
from gui.theme import Theme

Form = Literal["pictures", "table", "points", "curves"]
COLUMNS_TAB = len(PARTS)  # behind the parts
PAGE_ROWS: Mapping[Form, int] = {"pictures": 60, "table": 100, "points": 1000, "curves": 24}
ROOMY_PX = 370  # from here on, the numbers of the rows have room beside the parts


class SamplesView(QWidget):
    """``wanted``: a part of the rows, the first row's place in it, and how many to show.

    ``path_wanted``: a person wants to choose the files to read.
    """

    wanted = Signal(str, int, int)
    path_wanted = Signal()
    message = Signal(str)  # what is said of the row that the keyboard is on

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.form: Form = "table"
        self.part, self.start = PARTS[0], 0
        self._counts: dict[str, int] = {}
        self._names: Names = {}
        self._fields: frozenset[str] = frozenset()
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.pictures, self.table, self.points, self.curves = (
            Pictures(theme),
            SamplesTable(theme),
            Scatter(theme),
            Curves(theme),
        )
        self.columns = ColumnsTable(theme)
        self._views: dict[Form, Pictures | SamplesTable | Scatter | Curves] = {
            "pictures": self.pictures,
            "table": self.table,
            "points": self.points,
            "curves": self.curves,
        }
        self.note, self.choose, self._empty = QLabel(), QPushButton(), QWidget()
        self.choose.setObjectName("data_choose")
        self.choose.clicked.connect(self.path_wanted)
        self.caption = QLabel()
        self._where = QLabel()
        self.back = IconButton(theme, "chevron-left", "Earlier rows", size_px=16)
        self.on = IconButton(theme, "chevron-right", "Later rows", size_px=16)
        self._lay_out()
        self.tabs.currentChanged.connect(self._turn)
        self.back.clicked.connect(lambda: self._page(-1))
        self.on.clicked.connect(lambda: self._page(1))
        for painted in (self.pictures, self.points, self.curves):
            painted.current_changed.connect(self.message)

    def _lay_out(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Part of the rows")
        for part in PARTS:
            self.tabs.addTab(part.capitalize())
        self.tabs.addTab("Columns")
        self.tabs.setTabVisible(COLUMNS_TAB, False)
        self._where.setProperty("voice", "dim")
        self._where.setMinimumWidth(1)  # it is in nobody's way
        self.caption.setProperty("voice", "small")
        self.caption.setWordWrap(True)
        self.caption.hide()
        self.note.setProperty("voice", "dim")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages: dict[Form, QWidget] = {
            "pictures": _scrolled(self.pictures),
            "table": self.table,
            "points": self.points,
            "curves": _scrolled(self.curves),
        }
        for page in self._pages.values():
            self.stack.addWidget(page)
        self.stack.addWidget(self.columns)
        said = QVBoxLayout(self._empty)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(10)
        said.addWidget(self.note)
        said.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        said.addStretch(1)
        self.stack.addWidget(self._empty)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._where)
        head.addWidget(self.back)
        head.addWidget(self.on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.caption)
        column.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the parts of the rows come before their numbers."""
        super().resizeEvent(event)
        self._where.setVisible(self.width() >= ROOMY_PX)

    def show_summary(self, summary: Summary) -> None:
        """Prepare for the rows of a summary, and ask for the first page."""
        self.form = form_for(summary)
        self._names, self._fields = summary["values"], frozenset(summary["fields"])
        self.caption.setText(caption_of(summary, self.form))
        self._counts = dict(summary["parts"])
        for at, part in enumerate(PARTS):
            self.tabs.setTabVisible(at, bool(self._counts.get(part)) or (at == 0 and not any(self._counts.values())))
        if not self._counts.get(self.part):
            self.part = PARTS[0]
            if not self.shows_columns:
                self.tabs.setCurrentIndex(0)
        self.start = min(self.start, max(0, self._counts.get(self.part, 0) - 1))
        self.start -= self.start % PAGE_ROWS[self.form]
        self._ask()

    def can_show(self, rows: Sequence[SampleShown]) -> bool:
        """Whether rows are of the data that was summed up: they have its fields, and pictures where it has some."""
        if not rows:
            return True
        fields: Mapping[str, FieldShown] = rows[0]["fields"]
        has_pictures = any("image" in field for field in fields.values())
        return set(fields) == self._fields and has_pictures == (self.form == "pictures")

    def show_rows(self, rows: Sequence[SampleShown]) -> None:
        """Show the rows that were asked for."""
        self._views[self.form].show_rows(rows, self._names)
        if self.shows_columns:
            return
        self.caption.setVisible(bool(rows and self.caption.text()))
        self.stack.setCurrentWidget(self._pages[self.form])
        count = self._counts.get(self.part, 0)
        self._where.setText(f"{self.start + 1:,}\u2013{self.start + len(rows):,} of {count:,}" if rows else "no rows")
        self.back.setEnabled(self.start > 0)
        self.on.setEnabled(self.start + len(rows) < count)

    @property
    def shows_columns(self) -> bool:
        """Whether the columns of the table are looked at, and not its rows."""
        return self.tabs.currentIndex() == COLUMNS_TAB

    def show_columns(
        self, columns: Sequence[ColumnRead], roles: Sequence[str], given: Mapping[str, str], target: str
    ) -> None:
        """Show what the columns of a table were read as; none: the data is no table."""
        self.columns.show_columns(columns, roles, given, target)
        if self.shows_columns and not columns:
            self.tabs.setCurrentIndex(PARTS.index(self.part))
        self.tabs.setTabVisible(COLUMNS_TAB, bool(columns))
        self.tabs.setMinimumWidth(self.tabs.sizeHint().width())  # else it stays scrolled to the last tab
        if self.shows_columns:
            self._turn(COLUMNS_TAB)

    def say(self, text: str, choose: str = "") -> None:
        """Say why there are no rows to see. ``choose``: the words of a button that chooses the files to read."""
        self.note.setText(text)
        self.choose.setText(choose)
        self.choose.setVisible(bool(choose))
        self._clear_head()
        self.stack.setCurrentWidget(self._empty)

    def _clear_head(self) -> None:
        self.caption.hide()
        self._where.setText("")
        self.back.setEnabled(False)
        self.on.setEnabled(False)

    def _turn(self, at: int) -> None:
        for arrow in (self.back, self.on):
            arrow.setVisible(at != COLUMNS_TAB)
        if at == COLUMNS_TAB:
            self._clear_head()
            self.stack.setCurrentWidget(self.columns)
            self.message.emit(HELP if self.columns.roles else "")
            return
        self.message.emit("")
        self.part, self.start = PARTS[at], 0
        self._ask()

    def _page(self, by: int) -> None:
        self.start = max(0, self.start + by * PAGE_ROWS[self.form])
        self._ask()

    def _ask(self) -> None:
        if self._counts:
            self.wanted.emit(self.part, self.start, PAGE_ROWS[self.form])


def caption_of(summary: Summary, form: Form) -> str:
    """In which order the rows are shown, and what their values have been through."""
    order = {"mixed": "Mixed, in an order that stays the same", "file": "In the order of the file"}
    is_read = bool(summary["sources"])
    told = [order["mixed"]] if summary["order"] == "mixed" else [order["file"]] * is_read
    told = [] if form == "points" else told
    told += [f"{field} after {' and '.join(changes)}" for field, changes in summary["after"].items()]
    return " \u00b7 ".join(told)


def form_for(summary: Summary) -> Form:
    """How the rows of a summary are best looked at."""
    fields = summary["fields"]
    classes = set(summary["classes"])
    shapes = {name: list(field["shape"]) for name, field in fields.items()}
    floats = {name for name, field in fields.items() if str(field["dtype"]).startswith("float")}
    if any(len(shape) == 3 and shape[0] in (1, 3) and name in floats for name, shape in shapes.items()):
        return "pictures"
    numbers = sorted((shapes[name] for name in floats), key=str)
    if len(shapes) == 2 and ((numbers == [[2]] and classes) or (numbers == [[1], [1]] and not classes)):
        return "points"
    if any(len(shape) > 1 or (len(shape) == 1 and shape[0] > MOST_COLUMNS) for shape in shapes.values()):
        return "curves"
    return "table"


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
