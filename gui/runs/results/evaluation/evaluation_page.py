"""The page of one run's results: measured in the analysis worker, on a part of its data or on new data."""

from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError
from engine.project import disk_errors, durable
from engine.protocol.answers import CellShown, Failed, ResultsSaved, RunEvaluated
from engine.protocol.requests import Part
from engine.protocol.result_answers import RunResults, SampleResult
from engine.runs.folder import letters
from engine.runs.label import label_of
from engine.runs.threshold import write_threshold
from gui.runs.results.evaluation.class_view import ClassView
from gui.runs.results.evaluation.number_view import NumberView
from gui.runs.results.evaluation.plot import Plot
from gui.runs.results.evaluation.sample_cards import SampleCards
from gui.theme import Theme
from gui.widgets.empty_page import EmptyPage
from gui.widgets.heading_choice import Switch
from gui.widgets.page_head import PageHead
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import cell_samples, evaluation, results_file

PARTS: dict[str, Part] = {"Validation": "validation", "Test": "test", "Training": "training"}
NEW_DATA = "New data..."
WORST, LEAST_SURE = "Worst samples", "Least sure"
Form = Literal["report", "predictions"]


class ResultFiles(Protocol):
    """The questions for files; tests answer them without dialogs."""

    def new_data(self) -> Path | None:
        """A file or folder of new samples with their truth."""
        ...

    def save(self, proposal: str, kind: str) -> Path | None:
        """Where to write; ``kind``: of the file, for people."""
        ...


class EvaluationPage(QWidget):
    """``closed``: back to the runs. ``message``: a sentence for the status bar. ``failed``: that of an error."""

    closed = Signal()
    message = Signal(str)
    failed = Signal(str)

    def __init__(self, analysis: AnalysisLink, files: ResultFiles, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluation")
        self._analysis, self._files, self._theme = analysis, files, theme
        self.run: Path | None = None
        self._data: Path | None = None
        self.results: RunResults | None = None
        self._cell: tuple[str, list[SampleResult]] = ("", [])
        self.back = QPushButton("Runs")
        self.back.setIcon(theme.icon("chevron-left"))
        self.back.clicked.connect(self.closed)
        self.title = QLabel()
        self.title.setProperty("voice", "title")
        self.parts = Switch(theme, (*PARTS, NEW_DATA))
        self.parts.current_changed.connect(self._turn)
        self.save_report = QPushButton("Save report...")
        self.save_predictions = QPushButton("Save predictions...")
        self.save_report.clicked.connect(lambda: self._save("report"))
        self.save_predictions.clicked.connect(lambda: self._save("predictions"))
        self.where = QLabel()
        self.where.setProperty("voice", "dim")
        self.where.setWordWrap(True)
        self.classes, self.numbers = ClassView(theme), NumberView(theme)
        self.switch = Switch(theme, (WORST,))
        self.switch.current_changed.connect(self._show_samples)
        self.cards = SampleCards(theme)
        self.empty = EmptyPage(theme)
        self._build()
        self.classes.cell_chosen.connect(self._ask_cell)
        self.classes.threshold_chosen.connect(self._keep_threshold)
        for plot in (*self.classes.plots, *self.numbers.plots):
            plot.save_wanted.connect(lambda plot=plot: self._save_picture(plot))
        theme.changed.connect(lambda: self.back.setIcon(theme.icon("chevron-left")))

    def _build(self) -> None:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(self.back)
        line.addWidget(self.title)
        line.addWidget(self.parts)
        line.addStretch(1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 10, 18, 18)
        column.setSpacing(12)
        for widget in (self.where, self.classes, self.numbers, self.switch, self.cards):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(area)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(PageHead(head, (self.save_report, self.save_predictions)))
        whole.addWidget(body, 1)

    # What is shown

    def show_run(self, run: Path) -> None:
        """Measure a run on its validation part."""
        self.run, self._data = run, None
        self.title.setText(label_of(run)[0].display_name(run))
        if self.parts.current == "Validation":
            self._ask()
        else:
            self.parts.choose("Validation")

    def _turn(self, name: str) -> None:
        self._data = self._files.new_data() if name == NEW_DATA else None
        if name == NEW_DATA and self._data is None:
            self.parts.choose("Validation")
            return
        self._ask()

    def _ask(self) -> None:
        if self.run is None:
            return
        self._say("Measuring the best weights", "Large parts take a while; you can go on working.")
        part = PARTS.get(self.parts.current, "validation")
        self._analysis.ask(evaluation(self.run, part, self._data), self._take)

    def _say(self, title: str, hint: str) -> None:
        self.empty.say(title, hint)
        self._stack.setCurrentIndex(0)
        self.save_report.setEnabled(False)
        self.save_predictions.setEnabled(False)

    def _take(self, answer: RunEvaluated | Failed) -> None:
        if isinstance(answer, Failed):
            self._fail(f"{answer.message} {answer.hint}".strip())
        elif str(self.run) == answer.results["run"]:
            self._show(answer.results)

    def _fail(self, sentence: str) -> None:
        """Show why there are no results; other parts, or other data, can be chosen above."""
        self.results = None
        self.where.setText(sentence)
        for widget in (self.classes, self.numbers, self.switch, self.cards):
            widget.hide()
        self._stack.setCurrentIndex(1)

    def _show(self, results: RunResults) -> None:
        self.results, self._cell = results, ("", [])
        self.where.setText(_where(results))
        self.classes.setVisible("classes" in results)
        self.numbers.setVisible("numbers" in results)
        if "classes" in results:
            self.classes.show_results(results["classes"])
        if "numbers" in results:
            self.numbers.show_results(results["numbers"])
        self._stack.setCurrentIndex(1)
        self.save_report.setEnabled(True)
        self.save_predictions.setEnabled("task" in results)
        self._list_samples(WORST)

    # Samples

    def _list_samples(self, name: str) -> None:
        results = self.results
        if results is None:
            return
        names = [WORST, *([LEAST_SURE] if results["least_sure"] else []), *([self._cell[0]] if self._cell[0] else [])]
        self.switch.set_names(tuple(names))
        self.switch.choose(name)
        for widget in (self.switch, self.cards):
            widget.setVisible("task" in results)
        self._show_samples()

    def _show_samples(self) -> None:
        if self.results is None:
            return
        lists = {WORST: self.results["worst"], LEAST_SURE: self.results["least_sure"], self._cell[0]: self._cell[1]}
        self.cards.show_samples(lists.get(self.switch.current, []), "Every sample is right.")

    def _ask_cell(self, true: int, predicted: int) -> None:
        if self.run is None or self.results is None:
            return
        names = self.results["classes"]["names"]
        title = f"{names[true]} taken for {names[predicted]}" if true != predicted else f"{names[true]}, right"

        def take(answer: CellShown | Failed) -> None:
            if isinstance(answer, Failed):
                self.failed.emit(f"{answer.message} {answer.hint}".strip())
                return
            self._cell = (title, answer.samples)
            self._list_samples(title)

        self._analysis.ask(cell_samples(self.run, true, predicted), take)

    # Files

    def _keep_threshold(self, threshold: float) -> None:
        if self.run is None:
            return
        try:
            write_threshold(self.run, threshold)
        except EngineError as error:
            self.failed.emit(str(error))
            return
        self.message.emit(f"Kept the threshold {threshold:g} with the run.")
        self._ask()

    def _save(self, form: Form) -> None:
        if self.run is None:
            return
        suffix, kind = ("html", "HTML report (*.html)") if form == "report" else ("csv", "CSV table (*.csv)")
        name = f"{letters(self.title.text())}-{letters(self.parts.current.strip('.').lower())}.{suffix}"
        if place := self._files.save(name, kind):
            self._analysis.ask(results_file(self.run, form, place), self._saved)

    def _saved(self, answer: ResultsSaved | Failed) -> None:
        if isinstance(answer, Failed):
            self.failed.emit(f"{answer.message} {answer.hint}".strip())
        else:
            self.message.emit(f"Saved {answer.path}")

    def _save_picture(self, plot: Plot) -> None:
        place = self._files.save(f"{letters(plot.title)}.png", "PNG picture (*.png)")
        if place is None:
            return
        try:
            durable.replace(place, _png(plot))
        except OSError as error:
            self.failed.emit(str(disk_errors.problem("write", place, error)))
        else:
            self.message.emit(f"Saved {place}")


def _png(widget: QWidget) -> bytes:
    """A widget as a PNG file, at twice its size on the screen."""
    pixmap = QPixmap(widget.size() * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(widget.palette().window().color())
    widget.render(pixmap)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    return bytes(data.data())


def _where(results: RunResults) -> str:
    """What was measured, in sentences."""
    source = f" of {results['source']}" if results["source"] else ""
    text = (
        f"{results['samples']:,} samples{source}, by the {results['which']} weights, those of epoch {results['epoch']}."
    )
    if results["refused"]:
        first = results["refusals"][0]
        text += f" {results['refused']:,} could not be used, such as {first['place']}: {first['reason']}"
    if "task" not in results:
        metrics = ", ".join(f"{name} {value}" for name, value in _texts(results))
        text += f"\n{results['note']}\n{metrics}"
    elif results["note"]:
        text += f" {results['note']}"
    return text


def _texts(results: RunResults) -> list[tuple[str, str]]:
    return [(name, f"{float(value):.4g}") for name, value in results["metrics"].items()]  # "nan" is a text on the wire
