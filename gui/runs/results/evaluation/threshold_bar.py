"""The threshold between two classes: a slider, what it does, and a button that keeps it with the run."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from gui.theme import Theme

STEPS = 1000


class ThresholdBar(QWidget):
    """``moved``: while it is dragged. ``keep_wanted``: the threshold to keep."""

    moved = Signal(float)
    keep_wanted = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        del theme
        self.setObjectName("threshold")
        self.value = self._stored = 0.5
        self._name = ""
        self.text, self.effect = QLabel(), QLabel()
        self.effect.setProperty("voice", "dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setFixedWidth(260)
        self.slider.setAccessibleName("Threshold between the two classes")
        self.slider.valueChanged.connect(lambda value: self.set_value(value / STEPS))
        self.keep = QPushButton("Keep with the run")
        self.keep.setToolTip("predict, evaluate and the exported predict.py use it")
        self.keep.clicked.connect(lambda: self.keep_wanted.emit(round(self.value, 4)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for widget in (self.text, self.slider, self.effect):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.keep)

    def show_threshold(self, name: str, threshold: float) -> None:
        """Show the threshold of a run; ``name``: of the class that is predicted above it."""
        self._name, self._stored = name, threshold
        self.set_value(threshold)

    def set_value(self, value: float) -> None:
        """Move the threshold."""
        is_other, self.value = value != self.value, value
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value * STEPS))
        if is_other:
            self.moved.emit(value)
        self.text.setText(f"{self._name} above {self.value:.3f}")
        self.text.setMinimumWidth(max(self.text.minimumWidth(), self.text.sizeHint().width()))  # so nothing jumps
        self.keep.setEnabled(abs(self.value - self._stored) > 1e-4)

    def show_effect(self, hits: int, false_alarms: int, positives: int) -> None:
        """Show what the threshold does: how many are right, and how many are not."""
        answers = hits + false_alarms
        precision = f"{hits / answers:.1%}" if answers else "-"
        recall = f"{hits / positives:.1%}" if positives else "-"
        self.effect.setText(f"precision {precision}, recall {recall}: {hits:,} right, {false_alarms:,} false alarms")

    def release(self) -> None:
        """The end of a drag in a plot: the keyboard then moves the slider."""
        self.slider.setFocus(Qt.FocusReason.MouseFocusReason)
