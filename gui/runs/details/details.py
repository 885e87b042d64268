"""The panel beside the curves: the summary and the notes of one run, or the differences of several."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError, FileProblem
from engine.graph.model import Project
from engine.project import file
from engine.runs.folder import RunFolder
from gui.formatting.formats import breakable
from gui.runs.curve_data.history import History
from gui.runs.details.notes import read_notes, write_notes
from gui.runs.details.summary import summary
from gui.runs.known_runs.differences import differences
from gui.runs.known_runs.inventory import RunEntry
from gui.theme import Theme

NOTES_MS = 500
WIDTH_PX = 352
_NOTES_PX = 64
_DOT_PX = 8
_SETTING_PX = 92  # width of the column of settings
_LEAST_PX, _MAX_PX = 48, 124  # width of a run's column
_HEAD_PX = 22  # of it beside the run's name; a name that does not fit is only in the tooltip
_SIDES_PX = 20  # margins of the table


class Details(QWidget):
    """``failed`` carries the message if notes could not be saved."""

    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_details")
        self._theme = theme
        self._projects: dict[Path, Project] = {}
        self._run: Path | None = None
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._title = QLabel()
        self._title.setProperty("voice", "title")
        self._title.setWordWrap(True)
        self._ignored = QLabel()
        self._ignored.setProperty("voice", "error")
        self._ignored.setWordWrap(True)
        self._ignored.hide()
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(5)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.notes = QPlainTextEdit()
        self.notes.setObjectName("run_notes")
        self.notes.setPlaceholderText("Notes on this run")
        self.notes.setAccessibleName("Notes on this run")
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(_NOTES_PX)
        self._save_timer = QTimer(self, singleShot=True, interval=NOTES_MS)
        self._save_timer.timeout.connect(self.save_notes)
        self.notes.textChanged.connect(self._save_timer.start)
        self.table = QTableWidget()
        self._build()

    def _build(self) -> None:
        table = self.table
        table.setObjectName("run_differences")
        table.setAccessibleName("What differs between the runs")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        table.setShowGrid(False)
        table.setWordWrap(True)
        table.setIconSize(QSize(_DOT_PX, _DOT_PX))
        table.horizontalHeader().setIconSize(QSize(_DOT_PX, _DOT_PX))
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(0, 6, 6, 4)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._ignored)
        column.addLayout(self._form)
        column.addWidget(self.notes)
        column.addStretch(1)
        several = QWidget()
        column = QVBoxLayout(several)
        column.setContentsMargins(0, 6, 0, 4)
        column.setSpacing(8)
        self._heading = QLabel()
        self._heading.setProperty("voice", "title")
        column.addWidget(self._heading)
        column.addWidget(table, 1)
        area = QScrollArea()
        area.setWidget(one)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(area)
        self._stack.addWidget(several)

    @property
    def warning(self) -> str:
        """The shown warning about damaged files of the run; empty without one."""
        return self._ignored.text().replace("\u200b", "") if self._ignored.isVisibleTo(self) else ""

    def show_run(self, run: RunEntry, history: History | None = None) -> None:
        """Show the details of one run; ``history``: its events, as far as they have been read."""
        if run.path != self._run:
            self.save_notes()
            self._run = run.path
            self.notes.blockSignals(True)
            self.notes.setPlainText(read_notes(run.path))
            self.notes.blockSignals(False)
        self._title.setText(breakable(run.summary.name))
        warning = "\n".join(filter(None, (run.summary.ignored, run.summary.damage)))
        self._ignored.setText(breakable(warning))
        self._ignored.setVisible(bool(warning))
        rows = summary(run, self._project(run.path), history)
        while len(self._labels) > len(rows):
            self._labels.pop()
            self._form.removeRow(len(self._labels))
        while len(self._labels) < len(rows):
            self._labels.append((_label("dim"), _label()))
            self._form.addRow(*self._labels[-1])
        for labels, texts in zip(self._labels, rows.items(), strict=True):
            for label, text in zip(labels, texts, strict=True):
                if label.text() != text:  # so that selected text stays selected
                    label.setText(text)
        self._stack.setCurrentIndex(0)

    def show_differences(self, colours: Mapping[Path, str], names: Mapping[Path, str]) -> None:
        """Show the settings in which several runs differ."""
        self.save_notes()
        self._run = None
        runs = [run for run in colours if self._project(run) is not None]
        setting_differences = differences([project for run in runs if (project := self._project(run))])
        self._heading.setText("What differs" if setting_differences else "The same settings")
        table, metrics = self.table, self.table.horizontalHeader().fontMetrics()
        width = max(_LEAST_PX, min(_MAX_PX, (WIDTH_PX - _SIDES_PX - _SETTING_PX) // max(len(runs), 1)))
        table.setVisible(bool(setting_differences))
        table.clear()
        table.setRowCount(len(setting_differences))
        table.setColumnCount(1 + len(runs))
        table.setHorizontalHeaderItem(0, QTableWidgetItem(""))
        for column, run in enumerate(runs, 1):
            fits = metrics.horizontalAdvance(names[run]) <= width - _HEAD_PX
            head = QTableWidgetItem(names[run] if fits else "")
            head.setIcon(_dot(colours[run]))
            head.setToolTip(names[run])
            table.setHorizontalHeaderItem(column, head)
        for row, each in enumerate(setting_differences):
            name = QTableWidgetItem(breakable(each.name))
            name.setForeground(self._theme.colour("text_dim"))
            table.setItem(row, 0, name)
            for column, value in enumerate(each.values, 1):
                cell = QTableWidgetItem(value)
                cell.setToolTip(value)
                table.setItem(row, column, cell)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in range(1 + len(runs)):
            table.setColumnWidth(column, width if column else _SETTING_PX)
        table.resizeRowsToContents()
        self._stack.setCurrentIndex(1)

    def save_notes(self) -> None:
        """Save the notes now, if they have changed."""
        self._save_timer.stop()
        text = self.notes.toPlainText().strip()
        if self._run is None or text == read_notes(self._run):
            return
        try:
            write_notes(self._run, text)
        except FileProblem as error:
            self.failed.emit(str(error))

    def _project(self, run: Path) -> Project | None:
        if run not in self._projects:
            try:
                self._projects[run] = file.read(RunFolder(run).project, allow_newer=True)
            except EngineError:
                return None
        return self._projects[run]


def _dot(colour: str) -> QIcon:
    """A dot in the colour of a curve."""
    pixmap = QPixmap(4 * _DOT_PX, 4 * _DOT_PX)  # with a margin, and sharp at twice the scale
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(_DOT_PX, _DOT_PX, 2 * _DOT_PX, 2 * _DOT_PX)
    painter.end()
    return QIcon(pixmap)


def _label(voice: str = "") -> QLabel:
    label = QLabel()
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if voice:
        label.setProperty("voice", voice)
    else:
        label.setWordWrap(True)
    policy = label.sizePolicy()
    policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)  # without enough room the panel scrolls
    label.setSizePolicy(policy)
    return label
