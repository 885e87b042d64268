"""The line above a chart: its title, and each curve with its latest value."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.heading_choice import HEIGHT_PX

LEAST_SHARE = 0.7  # of an elided text: a shorter rest is left out
LONG = 20  # letters; shorter texts, such as numbers, are never elided
_GAP, _STROKE, _AFTER_STROKE = 14, 11, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of one curve. ``ring``: a ring instead of a stroke, for a mark.

    ``short``: the text for little room; ``tight``: for even less.
    """

    colour: str
    text: str
    dashed: bool = False
    ring: bool = False
    short: str = ""
    tight: str = ""


class Legend(QWidget):
    """Painted, so that values can change ten times a second without a new layout."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self.title = theme, title
        self.entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_title(self, title: str) -> None:
        """Name the chart."""
        if title != self.title:
            self.title = title
            self.update()

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Replace the entries; those that do not fit are elided or left out."""
        if entries != self.entries:
            self.entries = entries
            self.setAccessibleDescription(", ".join(entry.text for entry in entries))
            self.setToolTip("\n".join(entry.text for entry in entries))  # some may be elided
            self.update()

    def texts(self, room: float) -> list[str]:
        """The text of each entry: the longest texts that fit into ``room`` together."""
        full = [entry.text for entry in self.entries]
        short = [entry.short or entry.text for entry in self.entries]
        tight = [entry.tight or each for entry, each in zip(self.entries, short, strict=True)]
        mixed = [
            each if entry.ring else less for entry, each, less in zip(self.entries, short, tight, strict=True)
        ]  # the entry of a mark is the last to lose its value
        return next((texts for texts in (full, short, mixed) if self._width_of(texts) <= room), tight)

    def _width_of(self, texts: list[str]) -> float:
        metrics = QFontMetricsF(self._theme.font("small"))
        return sum(_STROKE + _AFTER_STROKE + metrics.horizontalAdvance(text) + _GAP for text in texts) - _GAP

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        self.paint(QPainter(self), self.width())

    def paint(self, painter: QPainter, wide: int) -> None:
        """Paint the title, and all entries that fit into the width."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        bold, small = self._theme.font("bold"), self._theme.font("small")
        middle = self.height() / 2
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        width = QFontMetricsF(bold).horizontalAdvance(self.title)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(0, 0, width + 2, self.height()), flags, self.title)
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        left = width + _GAP
        for entry, full in zip(self.entries, self.texts(wide - left), strict=True):
            text = metrics.elidedText(
                full, Qt.TextElideMode.ElideRight, max(0.0, wide - left - _STROKE - _AFTER_STROKE)
            )
            if len(text) < LEAST_SHARE * len(full) or (text != full and len(full) < LONG):
                return
            painter.setPen(_pen(entry))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if entry.ring:
                painter.drawEllipse(QPointF(left + _STROKE / 2, middle), 3.6, 3.6)
            else:
                painter.drawLine(QPointF(left, middle), QPointF(left + _STROKE, middle))
            painter.setPen(QColor(tokens.text_dim))
            left += _STROKE + _AFTER_STROKE
            painter.drawText(QRectF(left, 0, wide - left, self.height()), flags, text)
            left += metrics.horizontalAdvance(text) + _GAP


def _pen(entry: Entry) -> QPen:
    pen = QPen(QColor(entry.colour), 2)
    if entry.dashed:
        pen.setDashPattern([2, 1.5])
    return pen
