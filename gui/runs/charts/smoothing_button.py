"""The button for the smoothing of loss curves, with a slider in its menu."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget, QWidgetAction

from gui.runs.curve_data.follower import Follower

STEPS = 100
_SLIDER_PX = 160


class SmoothingButton(QToolButton):
    """Sets the weight of the past in the moving average, from 0 to 0.99."""

    def __init__(self, follower: Follower, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("smoothing")
        self._follower = follower
        self.setText("smooth ▾")
        self.setProperty("role", "crumb")
        self.setToolTip("How much the training curve is smoothed")
        self.setAccessibleName("Smoothing")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("smoothing_slider")
        self.slider.setRange(0, STEPS - 1)
        self.slider.setFixedWidth(_SLIDER_PX)
        self.slider.setValue(round(follower.smoothing * STEPS))
        self.slider.setAccessibleName("Smoothing")
        self._value_label = QLabel()
        self._value_label.setFixedWidth(30)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(10)
        layout.addWidget(QLabel("Smoothing"))
        layout.addWidget(self.slider)
        layout.addWidget(self._value_label)
        menu = QMenu(self)
        inside = QWidgetAction(menu)
        inside.setDefaultWidget(row)
        menu.addAction(inside)
        menu.aboutToShow.connect(
            lambda: self.slider.setValue(round(follower.smoothing * STEPS))
        )  # another button may have set it
        self.setMenu(menu)
        self.slider.valueChanged.connect(self._set)
        self._write()

    def _set(self, value: int) -> None:
        self._follower.set_smoothing(value / STEPS)
        self._write()

    def _write(self) -> None:
        value = self.slider.value()
        self._value_label.setText(f"{value / STEPS:.2f}" if value else "off")
