"""The data page: settings at the left, samples and statistics beside them."""

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
from gui.data.data_settings import (
    is_readable,
    missing_message,
    path_noun,
    roles_by_column,
    roles_of,
    target_of,
    with_role,
)
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
BELOW_PX = 14  # of margin around a widget that is scrolled to
SETTINGS_PX, STATISTICS_PX = (272, 320), (184, 300)  # at least, at most
SETTINGS, SAMPLES, STATISTICS = 25, 55, 27  # their shares of the width


class DataPage(QWidget):
    """Configures the data, and shows it as the analysis worker reads it."""

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
        self._requested_data: object = None  # the data that is shown or requested
        self._request_number = 0  # of the present request; answers to earlier ones are about former data
        self._is_second_try = False  # of data whose samples did not fit their summary
        self.settings = DataForm(document, results, theme)
        self.split_bar, self.balance, self.table = SplitBar(theme), ClassBars(theme), ValueTable(theme, aligned=False)
        self.samples = SamplesView(theme)
        self.help = QLabel()
        self._lay_out()
        self._request_soon = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._request_soon.timeout.connect(self._request_summary)
        self._scroll_soon = QTimer(self, singleShot=True, interval=0)
        self._scroll_soon.timeout.connect(self._scroll_to_transform)
        self.samples.samples_wanted.connect(self._request_samples)
        self.settings.help_changed.connect(self._show_help)
        self.settings.transforms.transform_added.connect(self._scroll_soon.start)
        self.samples.message.connect(self._show_help)
        self.samples.path_wanted.connect(self.settings.choose_path)
        self.samples.columns.role_wanted.connect(self._set_role)
        self.settings.again.clicked.connect(analysis.files.assume_changed)
        analysis.files.changed.connect(self._read_again)
        document.edited.connect(self._follow)
        document.replaced.connect(self._restart)
        document.path_changed.connect(self._restart)
        results.changed.connect(self.settings.refresh_results)

    def _lay_out(self) -> None:
        inside = QWidget()
        statistics = QVBoxLayout(inside)
        statistics.setContentsMargins(0, 0, 0, 0)
        statistics.setSpacing(8)
        self._balance_head = _heading("Classes")
        for part in (
            _heading("Samples"),
            self.split_bar,
            self._balance_head,
            self.balance,
            _heading("Fields"),
            self.table,
        ):
            statistics.addWidget(part)
        statistics.addStretch(1)
        self.statistics = _scroll_area(inside)
        _bound(self.statistics, STATISTICS_PX)
        self.statistics.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left(), SETTINGS)
        line = QFrame()
        line.setProperty("line", "true")
        line.setFixedWidth(1)
        row.addWidget(line)
        self._content = QWidget()
        beside = QHBoxLayout(self._content)
        beside.setContentsMargins(14, 12, 12, 12)
        beside.setSpacing(16)
        beside.addWidget(self.samples, SAMPLES)
        beside.addWidget(self.statistics, STATISTICS)
        row.addWidget(self._content, SAMPLES + STATISTICS)

    def _left(self) -> QWidget:
        """The settings, with help for the focused field below them."""
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
        self._form = _scroll_area(inside)
        outside.addWidget(self._form, 1)
        outside.addWidget(self.help)
        return left

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._analysis.files.check()
        if self._requested_data is None:
            self._request_summary()

    def _follow(self, edit: Edit) -> None:
        if _changes_data(edit):
            self.settings.refresh()
            if self._document.project.data != self._requested_data:
                self._discard_request()
            self._request_soon.start()

    def _restart(self) -> None:
        self.settings.refresh()
        self._discard_request()
        self.samples.start = 0
        self._request_soon.start()

    def _read_again(self) -> None:
        """Read the data again, since the files have changed."""
        self._discard_request()
        self._request_soon.start()

    def _discard_request(self) -> None:
        """Ignore answers that are still to come, since they are about former data."""
        self._requested_data = None
        self._request_number += 1

    def _request_summary(self) -> None:
        """Request the summary of the data, if the page is visible."""
        data = self._document.project.data
        if not self.isVisible() or data == self._requested_data:
            return
        self._requested_data = data
        self._request_number += 1
        missing = missing_message(data)
        if missing:
            self.statistics.hide()
        choose = "" if data.is_absent or is_readable(data) else f"Choose a {path_noun(data)}..."
        self.samples.show_message(missing or "The data is being read \u2026", choose)
        self.samples.columns.clear()
        if not is_readable(data):
            return
        self._analysis.ask(SUMMARY, partial(self._receive_summary, self._request_number))

    def _request_samples(self, part: Part, start: int, count: int) -> None:
        if self._requested_data == self._document.project.data:  # else a summary of other data is requested
            take = partial(self._receive_samples, self._request_number, (part, start))
            self._analysis.ask(samples(part, start, count), take)

    def _receive_summary(self, number: int, answer: Answer) -> None:
        if number != self._request_number:
            return
        summary = answer.summary if isinstance(answer, DataSummed) else None
        self.statistics.setVisible(summary is not None and "headings" not in summary)
        if summary and "headings" in summary:
            self._show_headings(summary)
        elif summary:
            self._show_summary(summary)
        elif isinstance(answer, Failed):
            self._fail(answer)

    def _show_headings(self, summary: Headings) -> None:
        """Show the columns of a table that has no summary yet, and the reason."""
        self.settings.set_columns(tuple(summary["headings"]))
        self._show_columns([{"name": name, "role": ""} for name in summary["headings"]])
        why = f"{summary.get('message', '')}\n{summary.get('hint', '')}".strip()
        if not self.samples.shows_columns:
            self.samples.show_message(missing_message(self._document.project.data) or why)

    def _receive_samples(self, number: int, requested_page: tuple[str, int], answer: Answer) -> None:
        if number != self._request_number or requested_page != (self.samples.part, self.samples.start):
            return
        fits = isinstance(answer, SamplesShown) and self.samples.can_show(answer.rows)
        if isinstance(answer, SamplesShown) and not fits and not self._is_second_try:
            self._is_second_try = True
            self._read_again()  # the files changed after the summary
        elif isinstance(answer, SamplesShown) and not fits:
            self.samples.show_message(
                "The files change while they are read.\nWait until they are written, then read them again."
            )
        elif isinstance(answer, SamplesShown):
            self._is_second_try = False
            self.samples.show_samples(answer.rows)
        elif isinstance(answer, Failed):
            self._fail(answer)

    def _fail(self, answer: Failed) -> None:
        self.samples.show_message(f"{answer.message}\n{answer.hint}".strip())
        self._show_columns([])
        if answer.fault:
            self._requested_data = None  # the next time that the page is shown, it requests the data again

    def _show_summary(self, summary: Summary) -> None:
        self.split_bar.show_parts(summary["parts"])
        classes: list[ClassCounts] = next(iter(summary["classes"].values()), [])
        self._balance_head.setVisible(bool(classes))
        self.balance.setVisible(bool(classes))
        self.balance.show_classes(classes)
        self.table.show_values(summary_values(summary))
        names = dict(summary["values"])
        if target := target_of(self._document.project.data):
            columns = [str(column["name"]) for column in summary["table"]]
            self.settings.set_columns(tuple(columns or (*summary["columns"], target)))
            names |= {field: [f"{target} ({field})"] for field in ("label", "target") if field in summary["fields"]}
        self.samples.show_summary({**summary, "values": names})
        self._show_columns(summary["table"])

    def _show_columns(self, columns: Sequence[ColumnRead]) -> None:
        data = self._document.project.data
        self.samples.show_columns(columns, roles_of(data.kind), roles_by_column(data), target_of(data))

    def _set_role(self, column: str, role: str) -> None:
        data = with_role(self._document.project.data, column, role)
        if data != self._document.project.data:
            self._document.do(SetData(data, f"Read {column} as {role or AUTOMATIC}"))

    def _scroll_to_transform(self) -> None:
        """Scroll to the transform that was added last, after its layout."""
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
    """Set the limits of the width of a column."""
    widget.setMinimumWidth(between[0])
    widget.setMaximumWidth(between[1])


def _scroll_area(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area
