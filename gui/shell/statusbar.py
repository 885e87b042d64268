"""The status bar: the size of the network, the selection, and whether the project is saved."""

import time

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QStyle, QStyleOption, QWidget

from gui.files.journaling import Journaling
from gui.formatting.formats import ago, bytes_text, plural, short_text
from gui.state.document import Document
from gui.state.notices import Notices
from gui.state.selection import Selection

_PASSING_MS = 6000
_TICK_MS = 1000
_MARGIN_PX = 17  # the left edge of the first total
_BYTES_A_PARAMETER = 4  # float32


class StatusBar(QStatusBar):
    """Totals on the left, states on the right; a status tip or a message covers the totals for a while."""

    def __init__(
        self,
        document: Document,
        selection: Selection,
        notices: Notices,
        journaling: Journaling,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 1, 12, 1)
        self._document, self._selection, self._journaling = document, selection, journaling
        self._size, self._bytes, self._work, self._selected = (self._left(name) for name in _LEFT)
        self._seed, self._saved, self._zoom = (self._right(name) for name in _RIGHT)
        self._clock = QTimer(self, interval=_TICK_MS)
        self._clock.timeout.connect(self._show_save_state)
        self._clock.start()
        for signal in (document.edited, document.replaced, document.saved, document.read_only_changed):
            signal.connect(self._show)
        journaling.flushed.connect(self._show_save_state)
        selection.changed.connect(self._show_selection)
        notices.brief.connect(lambda text: self.showMessage(text, _PASSING_MS))
        document.edit_refused.connect(lambda text: self.showMessage(text, _PASSING_MS))
        self._show()

    def show_totals(self, parameters: int | None, macs: int | None, *, is_partial: bool = False) -> None:
        """Show the totals of the network; ``is_partial``: of the part that could be analysed."""
        if parameters is None or macs is None or (is_partial and not parameters):
            texts = ("" if parameters is None else "parameters unknown", "", "")
        else:
            size = bytes_text(parameters * _BYTES_A_PARAMETER)
            texts = (plural(parameters, "parameter"), size, f"{short_text(macs)} multiply-adds / sample")
        for label, text in zip((self._size, self._bytes, self._work), texts, strict=True):
            label.setText(f"at least {text}" if is_partial and text and parameters else text)

    def show_hint(self, text: str) -> None:
        """Show what can be done now, until the next hint; empty for nothing."""
        self.showMessage(text)

    def turn(self, page: str) -> None:
        """Hide on other pages what is about the graph."""
        for label in (self._selected, self._zoom):
            label.setVisible(page == "canvas")

    def show_zoom(self, zoom: float) -> None:
        """Show the zoom of the canvas; 1 is the actual size."""
        self._zoom.setText(f"{zoom:.0%}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a message where the totals begin; Qt would draw it at the edge of the window."""
        del event
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        if text := self.currentMessage():
            states = [
                label.x() for label in (self._seed, self._saved, self._zoom) if label.isVisible() and label.text()
            ]
            room = QRect(_MARGIN_PX, 0, min(states, default=self.width()) - 2 * _MARGIN_PX, self.height())
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _left(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        self.addWidget(label)
        return label

    def _right(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        self.addPermanentWidget(label)
        return label

    def _show(self) -> None:
        self._seed.setText(f"seed {self._document.project.training.seed}")
        self._show_selection()
        self._show_save_state()

    def _show_selection(self) -> None:
        count = len(self._selection.nodes)
        self._selected.setText("1 wire selected" if self._selection.wire else f"{count} selected" if count else "")

    def _show_save_state(self) -> None:
        text = self._save_state()
        if text != self._saved.text():
            self._saved.setText(text)

    def _save_state(self) -> str:
        if self._document.read_only:
            return "read-only"
        if not self._document.modified:
            return "saved" if self._document.path else ""
        if self._journaling.flushed_s is None:
            return "not saved"
        return f"autosaved {ago(time.monotonic() - self._journaling.flushed_s)}"


_LEFT = ("status_parameters", "status_bytes", "status_macs", "status_selected")
_RIGHT = ("status_seed", "status_saved", "status_zoom")
