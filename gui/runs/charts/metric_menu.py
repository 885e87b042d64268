"""The menu that chooses the metric of a chart."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.actions.menu import add_choices
from gui.formatting.run_text import metric_title

_WIDTH_PX = 24


class MetricMenu(QToolButton):
    """Hidden while there is nothing to choose."""

    activated = Signal(str)

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
        self._state: tuple[tuple[str, ...], str | None] = ((), None)
        self.setVisible(False)

    def offer(self, names: list[str], current: str | None) -> None:
        """Set the choices and the current one."""
        if (tuple(names), current) == self._state:
            return
        self._state = (tuple(names), current)
        menu = self.menu()
        menu.clear()
        texts: dict[str | None, str] = {name: metric_title(name) for name in names}
        add_choices(menu, texts, current, self.activated.emit)
        self.setVisible(len(names) > 1)
