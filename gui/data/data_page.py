"""The data page: settings at the left, figures and real rows beside them."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.graph.edits import Batch, Edit, SetData
from engine.protocol.answers import Answer, DataSummed, Failed, SamplesShown
from engine.protocol.data_answers import ClassCounts, ColumnRead, Headings, Summary
from engine.protocol.requests import Part
from gui.data.columns_table import AUTOMATIC
from gui.data.data_form import DataForm
from gui.data.data_settings import given_roles, is_readable, missing_words, path_word, roles_of, target_of, with_role
from gui.data.sample_counts import ClassBars, SplitBar
from gui.data.samples_view import SamplesView
from gui.data.summary_values import summary_values
from gui.forms.value_table import ValueTable
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import SUMMARY, samples

WAIT_MS = 150
BELOW_PX = 14  # of room beside what is scrolled to
SETTINGS_PX, FIGURES_PX = (272, 320), (184, 300)  # at least, at most
SETTINGS, SAMPLES, FIGURES = 25, 55, 27  # their shares of the room: most goes to the samples


class DataPage(QWidget):
    """Chooses and configures the data, and shows it as the worker reads it; nothing is decoded here."""

    def __init__(
        self,
        document: Document,
        results: AnalysisResults,
        theme: Theme,
        analysis: AnalysisLink,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("data")
        self.setAccessibleName("Data")
        self._document, self._results, self._analysis = document, results, analysis
        self._seen: object = None  # the data that is shown, or asked for
        self._turn = 0  # of the question that is current: what answers an earlier one is about former data
        self._is_second_try = False  # at data whose rows did not fit their summary
        self.settings = DataForm(document, results, theme)
        self.split_bar, self.balance, self.table = SplitBar(theme), ClassBars(theme), ValueTable(theme, aligned=False)
        self.samples = SamplesView(theme)
        self.help = QLabel()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._soon.timeout.connect(self._ask)
        self._bring_soon = QTimer(self, singleShot=True, interval=0)
        self._bring_soon.timeout.connect(self._bring)
        self.samples.wanted.connect(self._ask_rows)
        self.settings.help_changed.connect(self._show_help)
        self.settings.transforms.grown.connect(self._bring_soon.start)
        self.samples.message.connect(self._show_help)
        self.samples.path_wanted.connect(self.settings.choose_path)
        self.samples.columns.role_wanted.connect(self._give_role)
        self.settings.again.clicked.connect(analysis.files.doubt)
        analysis.files.changed.connect(self._read_again)
        document.edited.connect(self._follow)
        document.replaced.connect(self._restart)
        document.path_changed.connect(self._restart)
        results.changed.connect(self.settings.refresh_results)

    def _lay_out(self) -> None:
        inside = QWidget()
        figures = QVBoxLayout(inside)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(8)
        self._balance_head = _heading("Classes")
        for part in (
            _heading("Samples"),
            self.split_bar,
            self._balance_head,
            self.balance,
            _heading("Fields"),
            self.table,
        ):
            figures.addWidget(part)
        figures.addStretch(1)
        self.figures = _scrolled(inside)
        _bound(self.figures, FIGURES_PX)
        self.figures.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), SETTINGS)
        line = QFrame()
        line.setProperty("line", "true")
        line.setFixedWidth(1)
        row.addWidget(line)
        self._shown = QWidget()
        beside = QHBoxLayout(self._shown)
        beside.setContentsMargins(14, 12, 12, 12)
        beside.setSpacing(16)
        beside.addWidget(self.samples, SAMPLES)
        beside.addWidget(self.figures, FIGURES)
        row.addWidget(self._shown, SAMPLES + FIGURES)

    def _left(self) -> QWidget:
        """The settings, with help for the field that has the keyboard below them."""
        self.help.setObjectName("inspector_help")
        self.help.setProperty("voice", "small")
        self.help.setWordWrap(True)
        self.help.setContentsMargins(14, 8, 14, 9)
        self.help.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 12, 14)
        column.addWidget(self.settings)
        left = QWidget()
        _bound(left, SETTINGS_PX)
        outside = QVBoxLayout(left)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(0)
        self._form = _scrolled(inside)
        outside.addWidget(self._form, 1)
        outside.addWidget(self.help)
        return left

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._analysis.files.look()
        if self._seen is None:
            self._ask()

    def _follow(self, edit: Edit) -> None:
        if _changes_data(edit):
            self.settings.refresh()
            if self._document.project.data != self._seen:
                self._forget()
            self._soon.start()

    def _restart(self) -> None:
        self.settings.refresh()
        self._forget()
        self.samples.start = 0
        self._soon.start()

    def _read_again(self) -> None:
        """The files have changed."""
        self._forget()
        self._soon.start()

    def _forget(self) -> None:
        """What is shown or asked for is about former data; an answer that is still to come is not shown."""
        self._seen = None
        self._turn += 1

    def _ask(self) -> None:
        """Have the data summed up, when it is looked at."""
        data = self._document.project.data
        if not self.isVisible() or data == self._seen:
            return
        self._seen = data
        self._turn += 1
        missing = missing_words(data)
        if missing:
            self.figures.hide()
        choose = "" if data.is_absent or is_readable(data) else f"Choose a {path_word(data)}..."
        self.samples.say(missing or "The data is being read \u2026", choose)
        self.samples.columns.clear()
        if not is_readable(data):
            return
        self._analysis.ask(SUMMARY, partial(self._take_summary, self._turn))

    def _ask_rows(self, part: Part, start: int, count: int) -> None:
        if self._seen == self._document.project.data:  # else the summary of other data is on its way
            take = partial(self._take_rows, self._turn, (part, start))
            self._analysis.ask(samples(part, start, count), take)

    def _take_summary(self, turn: int, answer: Answer) -> None:
        if turn != self._turn:
            return
        found = answer.summary if isinstance(answer, DataSummed) else None
        self.figures.setVisible(found is not None and "headings" not in found)
        if found and "headings" in found:
            self._show_headings(found)
        elif found:
            self._show_summary(found)
        elif isinstance(answer, Failed):
            self._fail(answer)

    def _show_headings(self, found: Headings) -> None:
        """Show the columns of a table that cannot be summed up yet, and why."""
        self.settings.set_columns(tuple(found["headings"]))
        self._show_columns([{"name": name, "role": ""} for name in found["headings"]])
        why = f"{found.get('message', '')}\n{found.get('hint', '')}".strip()
        if not self.samples.shows_columns:
            self.samples.say(missing_words(self._document.project.data) or why)

    def _take_rows(self, turn: int, place: tuple[str, int], answer: Answer) -> None:
        if turn != self._turn or place != (self.samples.part, self.samples.start):
            return
        fits = isinstance(answer, SamplesShown) and self.samples.can_show(answer.rows)
        if isinstance(answer, SamplesShown) and not fits and not self._is_second_try:
            self._is_second_try = True
            self._read_again()  # the files changed after they were summed up
        elif isinstance(answer, SamplesShown) and not fits:
            self.samples.say(
                "The files change while they are read.\nWait until they are written, then read them again."
            )
        elif isinstance(answer, SamplesShown):
            self._is_second_try = False
            self.samples.show_rows(answer.rows)
        elif isinstance(answer, Failed):
            self._fail(answer)

    def _fail(self, answer: Failed) -> None:
        self.samples.say(f"{answer.message}\n{answer.hint}".strip())
        self._show_columns([])
        if answer.fault:
            self._seen = None  # shown anew, it is asked anew

    def _show_summary(self, summary: Summary) -> None:
        self.split_bar.show_parts(summary["parts"])
        classes: list[ClassCounts] = next(iter(summary["classes"].values()), [])
        self._balance_head.setVisible(bool(classes))
        self.balance.setVisible(bool(classes))
        self.balance.show_classes(classes)
        self.table.show_values(summary_values(summary))
        names = dict(summary["values"])
        if target := target_of(self._document.project.data):
            listed = [str(column["name"]) for column in summary["table"]]
            self.settings.set_columns(tuple(listed or (*summary["columns"], target)))
            names |= {field: [f"{target} ({field})"] for field in ("label", "target") if field in summary["fields"]}
        self.samples.show_summary({**summary, "values": names})
        self._show_columns(summary["table"])

    def _show_columns(self, columns: Sequence[ColumnRead]) -> None:
        data = self._document.project.data
        self.samples.show_columns(columns, roles_of(data.kind), given_roles(data), target_of(data))

    def _give_role(self, column: str, role: str) -> None:
        data = with_role(self._document.project.data, column, role)
        if data != self._document.project.data:
            self._document.do(SetData(data, f"Read {column} as {role or AUTOMATIC}"))

    def _bring(self) -> None:
        """Scroll to the transform that was added last; its place is known now."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        transforms = self.settings.transforms
        self._form.ensureWidgetVisible(transforms.add, 0, BELOW_PX)
        if transforms.cards:
            self._form.ensureWidgetVisible(transforms.cards[-1], 0, BELOW_PX)

    def _show_help(self, text: str) -> None:
        self.help.setText(text)
        self.help.setVisible(bool(text))


def _changes_data(edit: Edit) -> bool:
    if isinstance(edit, Batch):
        return any(map(_changes_data, edit.edits))
    return isinstance(edit, SetData)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("voice", "brand")
    return label


def _bound(widget: QWidget, between: tuple[int, int]) -> None:
    """Let a column be as wide as there is room, within limits."""
    widget.setMinimumWidth(between[0])
    widget.setMaximumWidth(between[1])


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
