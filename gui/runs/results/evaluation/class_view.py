"""The results of a network that chooses classes: confusion, classes, curves, and a threshold between two of them."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QTableWidget, QVBoxLayout, QWidget

from engine.protocol.result_answers import ClassResults, Curve
from engine.runs.events import Confusion
from gui.runs.results.confusion import ConfusionView
from gui.runs.results.evaluation.plot import Plot
from gui.runs.results.evaluation.table_cells import area_text, cell, share_text
from gui.runs.results.evaluation.threshold_bar import ThresholdBar
from gui.theme import Theme

HEADINGS = ("Class", "Precision", "Recall", "F1", "Samples", "ROC-AUC", "Avg. precision")
MAX_LINES = 8  # curves in one plot, those of the classes with the lowest average precision
MATRIX_PX = 330  # height of the row with the matrix
NAMES_PX = 50  # how much wider than high the matrix is: names of classes stand beside it
NAME_COLUMN_PX = 130
PLOT_PX = 236
CORNERS = (0.0, 1.0)


class ClassView(QWidget):
    """``cell_chosen``: true and predicted class of a square. ``threshold_chosen``: a threshold to keep with the run."""

    cell_chosen = Signal(int, int)
    threshold_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._results: ClassResults | None = None
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.confusion = ConfusionView(theme)
        self.confusion.setFixedSize(MATRIX_PX + NAMES_PX, MATRIX_PX)
        self.confusion.clicked.connect(self.cell_chosen)
        self.table = _table()
        self.roc = Plot(theme, "ROC", ("false positive rate", "true positive rate"))
        self.precision = Plot(theme, "Precision and recall", ("recall", "precision"))
        self.reliability = Plot(theme, "Reliability", ("probability of the answer", "share that is right"))
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.legend.setProperty("voice", "dim")
        self.threshold = ThresholdBar(theme)
        self.threshold.moved.connect(self._move)
        self.threshold.keep_wanted.connect(self.threshold_chosen)
        for plot in self.plots:
            plot.setFixedHeight(PLOT_PX)
        self.roc.dragged.connect(self._drag_on_roc)
        self.precision.dragged.connect(self._drag_on_precision)
        for plot in (self.roc, self.precision):
            plot.released.connect(self.threshold.release)
        self._build()
        theme.changed.connect(self._show_curves)

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The three plots."""
        return self.roc, self.precision, self.reliability

    def _build(self) -> None:
        upper, lower, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        upper.setSpacing(20)
        upper.addWidget(self.confusion)
        upper.addWidget(self.table, 1, Qt.AlignmentFlag.AlignTop)
        lower.setSpacing(16)
        for plot in self.plots:
            lower.addWidget(plot, 1)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.summary)
        column.addLayout(upper)
        column.addWidget(self.threshold)
        column.addLayout(lower)
        column.addWidget(self.legend)

    def show_results(self, results: ClassResults) -> None:
        """Show these results."""
        self._results = results
        self.summary.setText(_summary(results))
        self._show_matrix(results.get("matrix", []))
        self._fill_table(results)
        curve = self._curve
        self.threshold.setVisible(curve is not None)
        self._show_curves()
        if curve is not None:
            threshold = results.get("threshold")
            self.threshold.show_threshold(results["names"][1], 0.5 if threshold is None else threshold)
            self._move(self.threshold.value)

    @property
    def _curve(self) -> Curve | None:
        """The curve along which a threshold moves, of two classes."""
        results = self._results
        return results["curves"][0] if results and "threshold" in results and results["curves"] else None

    def _show_matrix(self, matrix: list[list[int]]) -> None:
        names = tuple(self._results["names"]) if self._results else ()
        self.confusion.setVisible(bool(matrix))
        if matrix:
            self.confusion.show_matrix(Confusion(tuple(map(tuple, matrix)), names, epoch=0, node=""))

    def _fill_table(self, results: ClassResults) -> None:
        means = (("macro mean", results["macro"]), ("weighted mean", results["weighted"]))
        self.table.setRowCount(len(results["classes"]) + len(means))
        for row, each in enumerate(results["classes"]):
            shares = [share_text(value) for value in (each["precision"], each["recall"], each["f1"])]
            areas = [area_text(each["roc_auc"]), area_text(each["average_precision"])]
            for column, text in enumerate((each["name"], *shares, f"{each['support']:,}", *areas)):
                self.table.setItem(row, column, cell(text, is_left=column == 0))
        for row, (name, mean) in enumerate(means, start=len(results["classes"])):
            areas = [area_text(results["roc_auc"]), area_text(results["average_precision"])]
            shares = [share_text(value) for value in (mean["precision"], mean["recall"], mean["f1"])]
            texts = (name, *shares, "", *(areas if name == "macro mean" else ("", "")))
            for column, text in enumerate(texts):
                self.table.setItem(row, column, cell(text, is_left=column == 0, is_dim=True))
        height = self.table.horizontalHeader().height() + sum(
            self.table.rowHeight(row) for row in range(self.table.rowCount())
        )
        self.table.setFixedHeight(min(MATRIX_PX, height + 4))

    # Curves

    def _show_curves(self) -> None:
        if self._results is None:
            return
        curves = _worst(self._results)
        colours = self._theme.tokens.series
        roc, precision = [], []
        for at, each in enumerate(curves):
            colour = self._theme.tokens.train if len(curves) == 1 else colours[at % len(colours)]
            positives, negatives = each["positives"] or 1, each["negatives"] or 1
            pairs = list(zip(each["hits"], each["false_alarms"], strict=True))
            roc.append((colour, [(0.0, 0.0), *((false / negatives, hits / positives) for hits, false in pairs)]))
            precision.append((colour, [(hits / positives, hits / ((hits + false) or 1)) for hits, false in pairs]))
        self.roc.show_lines(roc, CORNERS)
        self.precision.show_lines(precision)
        bars = [(each["low"], each["high"], each["right"]) for each in self._results["reliability"] if each["count"]]
        self.reliability.show_bars(bars, CORNERS, CORNERS, CORNERS)
        names = [
            f'<span style="color:{colour}">■</span> {_plain(each["name"])}'
            for (colour, _), each in zip(roc, curves, strict=True)
        ]
        few = "" if len(curves) == len(self._results["names"]) else "The classes with the lowest average precision: "
        self.legend.setText(few + "&nbsp;&nbsp; ".join(names) if len(curves) > 1 else "")
        self.legend.setVisible(len(curves) > 1)

    def _move(self, threshold: float) -> None:
        """Show what a threshold of the second class does."""
        curve = self._curve
        if curve is None:
            return
        at = sum(each > threshold for each in curve["thresholds"]) - 1
        hits, false = (curve["hits"][at], curve["false_alarms"][at]) if at >= 0 else (0, 0)
        positives, negatives = curve["positives"], curve["negatives"]
        self.roc.move_marker((false / (negatives or 1), hits / (positives or 1)))
        self.precision.move_marker((hits / (positives or 1), hits / (hits + false) if hits + false else 1.0))
        self.threshold.show_effect(hits, false, positives)
        if self._results and self._results["counted_every"] == 1:
            self._show_matrix([[negatives - false, false], [positives - hits, hits]])

    def _drag_on_roc(self, place: QPointF) -> None:
        self._drag(lambda recall, false_rate: abs(false_rate - place.x()) + abs(recall - place.y()))

    def _drag_on_precision(self, place: QPointF) -> None:
        self._drag(lambda recall, _false_rate: abs(recall - place.x()))

    def _drag(self, distance: Callable[[float, float], float]) -> None:
        curve = self._curve
        if curve is None:
            return
        positives, negatives = curve["positives"] or 1, curve["negatives"] or 1
        pairs = [
            (hits / positives, false / negatives)
            for hits, false in zip(curve["hits"], curve["false_alarms"], strict=True)
        ]
        at = min(range(len(pairs)), key=lambda each: distance(*pairs[each]))
        below = curve["thresholds"][at + 1] if at + 1 < len(pairs) else 0.0
        self.threshold.set_value((curve["thresholds"][at] + below) / 2)


def _table() -> QTableWidget:
    table = QTableWidget(0, len(HEADINGS))
    table.setObjectName("class_table")
    table.setHorizontalHeaderLabels(list(HEADINGS))
    table.setAccessibleName("How well each class is recognized")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
    header.resizeSection(0, NAME_COLUMN_PX)
    if (first := table.horizontalHeaderItem(0)) is not None:
        first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    table.verticalHeader().setDefaultSectionSize(24)
    return table


def _summary(results: ClassResults) -> str:
    parts = [f"<b>Accuracy {share_text(results['accuracy'])}</b>", f"macro F1 {share_text(results['macro']['f1'])}"]
    parts += [
        f"ROC-AUC {area_text(results['roc_auc'])}",
        f"average precision {area_text(results['average_precision'])}",
    ]
    parts.append(f"calibration error {area_text(results['calibration_error'])}")
    if results["counted_every"] > 1:
        parts.append(f"areas and calibration of every {results['counted_every']:,}th answer")
    return " &nbsp;·&nbsp; ".join(parts)


def _worst(results: ClassResults) -> list[Curve]:
    areas = {each["name"]: each["average_precision"] for each in results["classes"]}
    worst = sorted(results["curves"], key=lambda each: areas.get(each["name"]) or 0.0)[:MAX_LINES]
    return [each for each in results["curves"] if each in worst]


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
