"""The head of a page: its title at the left and its buttons at the right, or below if there is no room."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

GAP_PX = 8


class PageHead(QWidget):
    """One row, or two if the page is too narrow for one; its least width is that of the wider part."""

    def __init__(self, title: QWidget, buttons: Iterable[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._tools = title, QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        for button in buttons:
            row.addWidget(button)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(14, 10, 12, 10)
        self._line.setSpacing(GAP_PX)
        self._line.addWidget(title, 1)
        self._line.addWidget(self._tools, 0, Qt.AlignmentFlag.AlignLeft)

    def minimumSizeHint(self) -> QSize:
        wider = max(self._title.minimumSizeHint().width(), self._tools.minimumSizeHint().width())
        return QSize(wider + self._margins_px, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_rows()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # a button has another text now
            self._choose_rows()
        return done

    def _choose_rows(self) -> None:
        both = self._title.minimumSizeHint().width() + GAP_PX + self._tools.minimumSizeHint().width()
        fits = both + self._margins_px <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._line.direction() is not direction:
            self._line.setDirection(direction)

    @property
    def _margins_px(self) -> int:
        margins = self._line.contentsMargins()
        return margins.left() + margins.right()
