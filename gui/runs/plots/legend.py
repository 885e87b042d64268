"""The line above a chart: its title, and each curve with its latest value."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.heading_choice import HEIGHT_PX

LEAST_SHARE = 0.7  # of an elided text: a shorter rest is left out
FEWEST = 4  # letters of an elided name
LONG = 20  # letters; shorter texts, such as numbers, are never elided
_GAP, _STROKE, _AFTER_STROKE = 14, 11, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of one curve. ``ring``: a ring instead of a stroke, for a mark.

    ``short``: the text for little room; ``tight``: for even less. ``is_name``: the shortest text is a name, of which a
    few letters are enough.
    """

    colour: str
    text: str
    dashed: bool = False
    ring: bool = False
    short: str = ""
    tight: str = ""
    is_name: bool = False


class Legend(QWidget):
    """Painted, so that values can change ten times a second without a new layout.

    ``is_title_only``: another legend shows the entries.
    """

    is_title_only = False

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

    def names_fit(self, wide: float) -> bool:
        """Whether all entries fit into a width beside the title; true for entries that are not names."""
        room = wide - self._title_width()
        return not all(entry.is_name for entry in self.entries) or self._width_of(self.texts(room)) <= room

    def texts(self, room: float) -> list[str]:
        """The text of each entry: the longest texts that fit into ``room`` together."""
        full = [entry.text for entry in self.entries]
        short = [entry.short or entry.text for entry in self.entries]
        tight = [entry.tight or each for entry, each in zip(self.entries, short, strict=True)]
        mixed = [
            each if entry.ring else less for entry, each, less in zip(self.entries, short, tight, strict=True)
        ]  # the entry of a mark is the last to lose its value
        texts = next((texts for texts in (full, short, mixed) if self._width_of(texts) <= room), tight)
        return self._elided(texts, room) if all(entry.is_name for entry in self.entries) else texts

    def _elided(self, names: list[str], room: float) -> list[str]:
        """The names, the longest ones cut so that all fit; as they are where too little of them would be left."""
        letters = max(map(len, names), default=0)
        texts = names
        while self._width_of(texts) > room and letters > FEWEST:
            letters -= 1
            texts = [name if len(name) <= letters else f"{name[: letters - 1]}\u2026" for name in names]
        return texts if self._width_of(texts) <= room else names

    def _width_of(self, texts: list[str]) -> float:
        metrics = QFontMetricsF(self._theme.font("small"))
        return sum(_STROKE + _AFTER_STROKE + metrics.horizontalAdvance(text) + _GAP for text in texts) - _GAP

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self._paint_title(painter)
        if not self.is_title_only:
            self._paint_entries(painter, self.width())

    def paint(self, painter: QPainter, wide: int) -> None:
        """Paint the title, and all entries that fit into the width."""
        self._paint_title(painter)
        self._paint_entries(painter, wide)

    def _title_width(self) -> float:
        """The width of the title and the gap behind it."""
        return QFontMetricsF(self._theme.font("bold")).horizontalAdvance(self.title) + _GAP if self.title else 0.0

    def _paint_title(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font("bold"))
        painter.setPen(QColor(self._theme.tokens.text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(0, 0, self._title_width(), self.height()), flags, self.title)

    def _paint_entries(self, painter: QPainter, wide: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        small, middle = self._theme.font("small"), self.height() / 2
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        left = self._title_width()
        for place, (entry, full) in enumerate(zip(self.entries, self.texts(wide - left), strict=True)):
            text = metrics.elidedText(
                full, Qt.TextElideMode.ElideRight, max(0.0, wide - left - _STROKE - _AFTER_STROKE)
            )
            if len(text) < LEAST_SHARE * len(full) or (text != full and len(full) < LONG):
                painter.setPen(QColor(tokens.text_dim))
                painter.drawText(QRectF(left, 0, wide - left, self.height()), flags, f"+{len(self.entries) - place}")
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
