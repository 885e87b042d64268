"""The path from the main graph to the shown one, as buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui.state.document import Document
from gui.state.selection import Selection
from gui.widgets.removal import remove_widget

LEAST_PX = 60
LEFT_OUT = "\u2026"


class Breadcrumbs(QWidget):
    """The names of the main graph and of the block uses on the path, elided to the width."""

    graph_opened = Signal()  # by a click

    def __init__(self, document: Document, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("breadcrumbs")
        self._document, self._selection = document, selection
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._names: tuple[str, ...] = ()
        self._crumbs: list[QToolButton] = []
        selection.graph_changed.connect(self._show)
        document.edited.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(self._full_px, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Small, so that a long path does not narrow other parts of the window."""
        return QSize(min(LEAST_PX, self._full_px), super().minimumSizeHint().height())

    @property
    def _full_px(self) -> int:
        """The width with full names."""
        return self._width_of(self._names)

    def _width_of(self, texts: Sequence[str]) -> int:
        """The width with these names."""
        width = self._row.sizeHint().width()
        for crumb, text in zip(self._crumbs, texts, strict=True):
            metrics = crumb.fontMetrics()
            width += metrics.horizontalAdvance(text) - metrics.horizontalAdvance(crumb.text())
        return width

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # for example after a change of the font
            self._fit()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        names = (self._document.project.main, *self._selection.path)
        if names == self._names:
            return
        self._names = names
        while item := self._row.takeAt(0):
            if widget := item.widget():
                remove_widget(widget)
        self._crumbs = [self._crumb(name, depth) for depth, name in enumerate(names)]
        for depth, crumb in enumerate(self._crumbs):
            if depth:
                arrow = QLabel("\u203a")
                arrow.setProperty("voice", "small")
                self._row.addWidget(arrow)
            self._row.addWidget(crumb)
        self.updateGeometry()
        self._fit()

    def _crumb(self, name: str, depth: int) -> QToolButton:
        crumb = QToolButton()
        crumb.setObjectName(f"crumb_{depth}")
        crumb.setText(name)
        crumb.setAccessibleName(name)
        crumb.setProperty("role", "crumb")
        crumb.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        crumb.setToolTip(f"Show {name}")
        crumb.clicked.connect(lambda: self._go(depth))
        return crumb

    def _go(self, depth: int) -> None:
        self._selection.open(self._selection.path[:depth])
        self.graph_opened.emit()

    def _fit(self) -> None:
        """Replace names from the second on by dots, then elide the last, until they fit."""
        texts = list(self._names)
        for depth in range(1, len(texts) - 1):
            if self._width_of(texts) <= self.width():
                break
            texts[depth] = LEFT_OUT
        over = self._width_of(texts) - self.width()
        if over > 0:
            metrics = self._crumbs[-1].fontMetrics()
            room = max(0, metrics.horizontalAdvance(texts[-1]) - over)
            texts[-1] = metrics.elidedText(texts[-1], Qt.TextElideMode.ElideMiddle, room)
        for crumb, text in zip(self._crumbs, texts, strict=True):
            if crumb.text() != text:
                crumb.setText(text)
