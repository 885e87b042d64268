"""The results of a network that predicts numbers: errors, truth over answer, residuals."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.protocol.result_answers import NumberResults
from gui.runs.results.evaluation.plot import Plot
from gui.theme import Theme

PLOT_PX = 330
MARGIN = 0.03  # of the axis, so that no dot is cut
MAX_COLUMNS = 6  # named in the summary


class NumberView(QWidget):
    """Two plots below the errors."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.scatter = Plot(theme, "Truth and answer", ("truth", "answer"))
        self.residuals = Plot(theme, "Residuals", ("answer - truth", "samples"))
        row, column = QHBoxLayout(), QVBoxLayout(self)
        row.setSpacing(20)
        for plot in self.plots:
            plot.setFixedHeight(PLOT_PX)
            row.addWidget(plot, 1)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.summary)
        column.addLayout(row)

    @property
    def plots(self) -> tuple[Plot, ...]:
        """The two plots."""
        return self.scatter, self.residuals

    def show_results(self, results: NumberResults) -> None:
        """Show these results."""
        unit = f"{results['unit']} ({results['measure']})" if results["measure"] else results["unit"]
        mae, rmse, r2 = (float(each) for each in (results["mae"], results["rmse"], results["r2"]))  # perhaps "nan"
        parts = [f"<b>MAE {mae:.4g}</b> in {unit}", f"RMSE {rmse:.4g}", f"R2 {r2:.3f}"]
        parts += [f"{each['name']}: MAE {float(each['mae']):.4g}" for each in results["columns"][:MAX_COLUMNS]]
        if results["counted_every"] > 1:
            parts.append(f"of every {results['counted_every']:,}th sample")
        self.summary.setText(" &nbsp;·&nbsp; ".join(parts))
        points = [(truth, answer) for _, truth, answer in results["points"]]
        values = [value for point in points for value in point] or [0.0, 1.0]
        margin = MARGIN * ((max(values) - min(values)) or 1.0)
        self.scatter.show_dots(points, (min(values) - margin, max(values) + margin))
        edges, counts = results["edges"] or [0.0, 1.0], results["counts"] or [0]
        bars = list(zip(edges, edges[1:], map(float, counts), strict=False))
        self.residuals.show_bars(bars, (edges[0], edges[-1]), (0.0, 1.05 * (max(counts) or 1)))
