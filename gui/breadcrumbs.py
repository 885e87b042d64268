"""The way from the main graph to the one that is shown, each step to be clicked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from gui.document import Document
from gui.selection import Selection


class Breadcrumbs(QWidget):
    """The main graph's name, then every block use that was dived into."""

    def __init__(self, document: Document, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumbs")
        self._document, self._selection = document, selection
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._shown: tuple[str, ...] = ()
        selection.graph_changed.connect(self._show)
        document.edited.connect(self._show)
        self._show()

    def _show(self) -> None:
        names = (self._document.project.main, *self._selection.path)
        if names == self._shown:
            return
        self._shown = names
        while item := self._row.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for depth, name in enumerate(names):
            if depth:
                arrow = QLabel("›")
                arrow.setProperty("voice", "small")
                self._row.addWidget(arrow)
            self._row.addWidget(self._crumb(name, depth))

    def _crumb(self, name: str, depth: int) -> QToolButton:
        crumb = QToolButton()
        crumb.setObjectName(f"crumb_{depth}")
        crumb.setText(name)
        crumb.setProperty("role", "crumb")
        crumb.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        crumb.setToolTip(f"Show {name}")
        crumb.clicked.connect(lambda: self._selection.open(self._selection.path[:depth]))
        return crumb
