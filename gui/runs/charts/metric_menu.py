"""Chooses what a chart draws, where there are several metrics."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.runs.words import titled

_WIDTH_PX = 24


class MetricMenu(QToolButton):
    """Not there while there is nothing to choose."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metric_menu")
        self.setText("▾")
        self.setProperty("role", "crumb")
        self.setFixedWidth(_WIDTH_PX)
        self.setToolTip("Draw another metric")
        self.setAccessibleName("Metric")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self._offered: tuple[tuple[str, ...], str | None] = ((), None)
        self.setVisible(False)

    def offer(self, names: list[str], current: str | None) -> None:
        """These can be drawn, and one of them is."""
        if (tuple(names), current) == self._offered:
            return
        self._offered = (tuple(names), current)
        menu = self.menu()
        menu.clear()
        for name in names:
            action = menu.addAction(titled(name))
            action.setCheckable(True)
            action.setChecked(name == current)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
        self.setVisible(len(names) > 1)
