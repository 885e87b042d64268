"""The samples of the data, by part and page, in the view that suits them."""

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

from engine.catalog.data.field_kinds import field_kinds
from engine.protocol.data_answers import ColumnRead, FieldShown, SampleShown, Summary
from gui.data.columns_table import HELP, ColumnsTable
from gui.data.field_text import Names
from gui.data.pictures import Pictures
from gui.data.plots import Curves, Scatter
from gui.data.sample_counts import PARTS
from gui.data.samples_table import MAX_COLUMNS, SamplesTable
from gui.forms.controls import IconButton
from gui.theme import Theme

ViewKind = Literal["pictures", "table", "points", "curves"]
COLUMNS_TAB = len(PARTS)  # behind the parts
PAGE_SIZES: Mapping[ViewKind, int] = {"pictures": 60, "table": 100, "points": 1000, "curves": 24}
POSITION_FROM_PX = 370  # the width from which the position has room beside the parts


class SamplesView(QWidget):
    """Shows the samples. ``samples_wanted``: a part, the index of the first sample in it, and how many to show.

    ``path_wanted``: the user wants to choose the files to read.
    """

    samples_wanted = Signal(str, int, int)
    path_wanted = Signal()
    message = Signal(str)  # the description of the current sample

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view_kind: ViewKind = "table"
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
        self._views: dict[ViewKind, Pictures | SamplesTable | Scatter | Curves] = {
            "pictures": self.pictures,
            "table": self.table,
            "points": self.points,
            "curves": self.curves,
        }
        self.note, self.choose, self._empty = QLabel(), QPushButton(), QWidget()
        self.choose.setObjectName("data_choose")
        self.choose.clicked.connect(self.path_wanted)
        self.caption = QLabel()
        self._position = QLabel()
        self.back = IconButton(theme, "chevron-left", "Previous samples", size_px=16)
        self.forward = IconButton(theme, "chevron-right", "Next samples", size_px=16)
        self._lay_out()
        self.tabs.currentChanged.connect(self._show_tab)
        self.back.clicked.connect(lambda: self._turn_page(-1))
        self.forward.clicked.connect(lambda: self._turn_page(1))
        for view in (self.pictures, self.points, self.curves):
            view.current_changed.connect(self.message)

    def _lay_out(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Part of the samples")
        for part in PARTS:
            self.tabs.addTab(part.capitalize())
        self.tabs.addTab("Columns")
        self.tabs.setTabVisible(COLUMNS_TAB, False)
        self._position.setProperty("voice", "dim")
        self._position.setMinimumWidth(1)  # so that it never widens the page
        self.caption.setProperty("voice", "small")
        self.caption.setWordWrap(True)
        self.caption.hide()
        self.note.setProperty("voice", "dim")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages: dict[ViewKind, QWidget] = {
            "pictures": _scroll_area(self.pictures),
            "table": self.table,
            "points": self.points,
            "curves": _scroll_area(self.curves),
        }
        for page in self._pages.values():
            self.stack.addWidget(page)
        self.stack.addWidget(self.columns)
        message_column = QVBoxLayout(self._empty)
        message_column.setContentsMargins(0, 0, 0, 0)
        message_column.setSpacing(10)
        message_column.addWidget(self.note)
        message_column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        message_column.addStretch(1)
        self.stack.addWidget(self._empty)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self._position)
        head.addWidget(self.back)
        head.addWidget(self.forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.caption)
        column.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the position where there is only room for the parts."""
        super().resizeEvent(event)
        self._position.setVisible(self.width() >= POSITION_FROM_PX)

    def show_summary(self, summary: Summary) -> None:
        """Prepare for the samples of a summary, and request the first page."""
        self.view_kind = view_kind_for(summary)
        self._names, self._fields = summary["values"], frozenset(summary["fields"])
        self.caption.setText(caption_of(summary, self.view_kind))
        self._counts = dict(summary["parts"])
        for at, part in enumerate(PARTS):
            self.tabs.setTabVisible(at, bool(self._counts.get(part)) or (at == 0 and not any(self._counts.values())))
        if not self._counts.get(self.part):
            self.part = PARTS[0]
            if not self.shows_columns:
                self.tabs.setCurrentIndex(0)
        self.start = min(self.start, max(0, self._counts.get(self.part, 0) - 1))
        self.start -= self.start % PAGE_SIZES[self.view_kind]
        self._request_samples()

    def can_show(self, samples: Sequence[SampleShown]) -> bool:
        """Whether samples fit the summary: they have its fields, and images if it has some."""
        if not samples:
            return True
        fields: Mapping[str, FieldShown] = samples[0]["fields"]
        has_pictures = any("image" in field for field in fields.values())
        return set(fields) == self._fields and has_pictures == (self.view_kind == "pictures")

    def show_samples(self, samples: Sequence[SampleShown]) -> None:
        """Show the samples that were requested."""
        self._views[self.view_kind].show_samples(samples, self._names)
        if self.shows_columns:
            return
        self.caption.setVisible(bool(samples and self.caption.text()))
        self.stack.setCurrentWidget(self._pages[self.view_kind])
        count = self._counts.get(self.part, 0)
        self._position.setText(
            f"{self.start + 1:,}\u2013{self.start + len(samples):,} of {count:,}" if samples else "no samples"
        )
        self.back.setEnabled(self.start > 0)
        self.forward.setEnabled(self.start + len(samples) < count)

    @property
    def shows_columns(self) -> bool:
        """Whether the tab of the columns is selected."""
        return self.tabs.currentIndex() == COLUMNS_TAB

    def show_columns(
        self, columns: Sequence[ColumnRead], roles: Sequence[str], roles_by_column: Mapping[str, str], target: str
    ) -> None:
        """Show the columns of a table; none if the data is not a table."""
        self.columns.show_columns(columns, roles, roles_by_column, target)
        if self.shows_columns and not columns:
            self.tabs.setCurrentIndex(PARTS.index(self.part))
        self.tabs.setTabVisible(COLUMNS_TAB, bool(columns))
        self.tabs.setMinimumWidth(self.tabs.sizeHint().width())  # else it stays scrolled to the last tab
        if self.shows_columns:
            self._show_tab(COLUMNS_TAB)

    def show_message(self, text: str, choose: str = "") -> None:
        """Show a message instead of samples. ``choose``: the text of a button that chooses the files to read."""
        self.note.setText(text)
        self.choose.setText(choose)
        self.choose.setVisible(bool(choose))
        self._clear_head()
        self.stack.setCurrentWidget(self._empty)

    def _clear_head(self) -> None:
        self.caption.hide()
        self._position.setText("")
        self.back.setEnabled(False)
        self.forward.setEnabled(False)

    def _show_tab(self, at: int) -> None:
        for arrow in (self.back, self.forward):
            arrow.setVisible(at != COLUMNS_TAB)
        if at == COLUMNS_TAB:
            self._clear_head()
            self.stack.setCurrentWidget(self.columns)
            self.message.emit(HELP if self.columns.roles else "")
            return
        self.message.emit("")
        self.part, self.start = PARTS[at], 0
        self._request_samples()

    def _turn_page(self, by: int) -> None:
        self.start = max(0, self.start + by * PAGE_SIZES[self.view_kind])
        self._request_samples()

    def _request_samples(self) -> None:
        if self._counts:
            self.samples_wanted.emit(self.part, self.start, PAGE_SIZES[self.view_kind])


def caption_of(summary: Summary, view_kind: ViewKind) -> str:
    """The order of the samples, and the transforms of their values."""
    order = {"mixed": "Mixed, in an order that stays the same", "file": "In the order of the file"}
    is_read = bool(summary["sources"])
    parts = [order["mixed"]] if summary["order"] == "mixed" else [order["file"]] * is_read
    parts = [] if view_kind == "points" else parts
    parts += [f"{field} after {' and '.join(changes)}" for field, changes in summary["after"].items()]
    return " \u00b7 ".join(parts)


def view_kind_for(summary: Summary) -> ViewKind:
    """The view that suits the samples of a summary."""
    fields = summary["fields"]
    classes = set(summary["classes"])
    views = {field_kinds()[field["kind"]].view for field in fields.values()}
    shapes = {name: list(field["shape"]) for name, field in fields.items()}
    floats = {name for name, field in fields.items() if str(field["dtype"]).startswith("float")}
    if "picture" in views:
        return "pictures"
    if "curve" in views:
        return "curves"
    if "text" in views:
        return "table"
    numbers = sorted((shapes[name] for name in floats), key=str)
    if len(shapes) == 2 and ((numbers == [[2]] and classes) or (numbers == [[1], [1]] and not classes)):
        return "points"
    if any(len(shape) > 1 or (len(shape) == 1 and shape[0] > MAX_COLUMNS) for shape in shapes.values()):
        return "curves"
    return "table"


def _scroll_area(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
