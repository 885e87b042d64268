"""The button whose menu chooses the columns of the list of runs; a right click on the header opens it too."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.runs.table.columns import COLUMNS, NAME
from gui.runs.table.table_model import RunsModel


class ColumnsButton(QToolButton):
    """``columns_changed`` carries the keys of the columns, from left to right; an empty list means the defaults."""

    columns_changed = Signal(list)
    copy_wanted = Signal()

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_columns")
        self.setText("Columns ▾")
        self.setToolTip("Choose which columns the list has")
        self.setAccessibleName("Columns")
        self._model = model
        self.visible_columns: list[str] = []
        self._menu = QMenu(self)
        self._menu.setObjectName("columns_menu")
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.clicked.connect(lambda: self.open_at(self.mapToGlobal(self.rect().bottomLeft())))

    def open_at(self, place: QPoint) -> None:
        """Open the menu at a global position."""
        self._menu.popup(place)

    def _fill(self) -> None:
        """List every column; chosen columns that no run has at the moment stay chosen."""
        menu = self._menu
        menu.clear()
        metrics = QMenu("Metrics", menu)
        metrics.setObjectName("metrics_menu")
        for place, column in enumerate(self._model.columns):
            action = (metrics if place >= len(COLUMNS) else menu).addAction(column.title)
            action.setCheckable(True)
            action.setChecked(column.key in self.visible_columns)
            action.setEnabled(column.key != NAME)
            action.setToolTip(column.tip)
            action.toggled.connect(lambda on, key=column.key: self._set(key, on))
        menu.addSeparator()
        if metrics.actions():
            menu.addMenu(metrics)
        menu.addAction("Default columns").triggered.connect(lambda: self.columns_changed.emit([]))
        menu.addAction("Copy the list as CSV").triggered.connect(self.copy_wanted)

    def _set(self, key: str, is_shown: bool) -> None:
        others = [each for each in self.visible_columns if each != key]
        self.columns_changed.emit([*others, key] if is_shown else others)
