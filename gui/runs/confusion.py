"""The confusion matrix: how often each class was taken for each, as coloured squares."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.runs.events import Confusion
from gui.theme import Theme

GAP_PX, RADIUS_PX = 2, 3
MOST_ROUNDED = 24  # classes; beyond that squares are too small for gaps and corners
LEAST_ROUNDED_PX = 6
LABEL_PX = 12  # of room that a class's name needs
MOST_LABEL_PX = 76
_EMPHASIS = 0.55  # power of the share that is painted: single mistakes are to be seen
_FAINTEST = 0.10
_TONES = 64


class ConfusionView(QWidget):
    """Rows are what is true, columns what the network said. ``hovered`` tells one square in words, or nothing."""

    hovered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion")
        self._theme = theme
        self._shown: Confusion | None = None
        self._at: tuple[int, int] | None = None
        self._image: tuple[tuple[Confusion, str], QImage] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_matrix(self, confusion: Confusion | None) -> None:
        """Show these counts, or none."""
        if confusion is self._shown:
            return
        self._shown = confusion
        self.setAccessibleDescription(self.summary())
        self._tell()
        self.update()

    def summary(self) -> str:
        """The matrix in a sentence, with the mistake that was made most often."""
        if self._shown is None:
            return ""
        matrix, names = self._shown.matrix, self._shown.class_names
        total = sum(map(sum, matrix))
        right = sum(matrix[place][place] for place in range(len(matrix)))
        wrong = [(count, row, column) for row, counts in enumerate(matrix) for column, count in enumerate(counts)]
        count, row, column = max((each for each in wrong if each[1] != each[2]), default=(0, 0, 0))
        worst = f" Most often {names[row]} was taken for {names[column]}: {count} times." if count else ""
        return f"{right:,} of {total:,} right.{worst}"

    def text_at(self, row: int, column: int) -> str:
        """One square in words."""
        if self._shown is None:
            return ""
        matrix, names = self._shown.matrix, self._shown.class_names
        count, total = matrix[row][column], sum(matrix[row])
        share = f" ({count / total:.0%})" if total else ""
        if row == column:
            return f"{names[row]}: {count:,} of {total:,} right{share}"
        return f"{names[row]} taken for {names[column]}: {count:,} of {total:,}{share}"

    def sizeHint(self) -> QSize:
        return QSize(200, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 100)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._shown is None or not self._shown.matrix:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("small"))
        self._paint_squares(painter)
        self._paint_names(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._square_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        del event
        self._hover(None)

    # Where

    def _area(self) -> tuple[QRectF, float]:
        """The rectangle of all squares, and the side of one with its gap, in whole pixels where they are large."""
        names = self._shown.class_names if self._shown else ()
        count = max(1, len(names))
        metrics = QFontMetricsF(self._theme.font("small"))
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        left = min(MOST_LABEL_PX, widest) + 10
        below = LABEL_PX + 6 if self._fits_below(widest, count) else min(MOST_LABEL_PX, widest) + 8
        side = min((self.width() - left - 2) / count, (self.height() - below - 2) / count)
        if side >= 5:
            side = float(int(side))
        return QRectF(left, 1, side * count, side * count), side

    def _fits_below(self, widest: float, count: int) -> bool:
        return widest + 2 <= (self.width() - widest) / count

    def _square_at(self, place: QPointF) -> tuple[int, int] | None:
        area, side = self._area()
        if self._shown is None or not area.contains(place) or side <= 0:
            return None
        count = len(self._shown.class_names)
        return min(count - 1, int((place.y() - area.top()) / side)), min(
            count - 1, int((place.x() - area.left()) / side)
        )

    def _hover(self, square: tuple[int, int] | None) -> None:
        if square != self._at:
            self._at = square
            self._tell()
            self.update()

    def _tell(self) -> None:
        if self._at is not None and (self._shown is None or max(self._at) >= len(self._shown.class_names)):
            self._at = None
        self.hovered.emit(self.text_at(*self._at) if self._at else "")

    # Paint

    def _paint_squares(self, painter: QPainter) -> None:
        confusion = self._shown
        if confusion is None:
            return
        area, side = self._area()
        if len(confusion.class_names) > MOST_ROUNDED or side < LEAST_ROUNDED_PX:
            painter.drawImage(area, self._as_image(confusion))
            gap, radius = 0, 0
        else:
            gap, radius = GAP_PX, RADIUS_PX
            painter.setPen(Qt.PenStyle.NoPen)
            tones = self._tones()
            for row, counts in enumerate(confusion.matrix):
                for column, tone in enumerate(_tones_of(counts)):
                    painter.setBrush(tones[tone])
                    painter.drawRoundedRect(_square(area, side, row, column, gap), radius, radius)
        if self._at is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self._theme.tokens.text))
            painter.drawRoundedRect(_square(area, side, *self._at, gap), radius, radius)

    def _as_image(self, confusion: Confusion) -> QImage:
        """One pixel a square: thousands of squares are too many to paint one by one."""
        key = (confusion, self._theme.tokens.name)
        if self._image is None or self._image[0] != key:
            colours = [bytes((each.blue(), each.green(), each.red(), 255)) for each in self._tones()]
            pixels = b"".join(colours[tone] for counts in confusion.matrix for tone in _tones_of(counts))
            count = len(confusion.matrix)
            image = QImage(pixels, count, count, 4 * count, QImage.Format.Format_RGB32).copy()
            self._image = (key, image)
        return self._image[1]

    def _tones(self) -> list[QColor]:
        return [self._tone(step / _TONES) for step in range(_TONES + 1)]

    def _tone(self, share: float) -> QColor:
        """From hardly more than the ground to the colour of training."""
        tokens = self._theme.tokens
        ground, full = QColor(tokens.window), QColor(tokens.train)
        edge = QColor(tokens.line)
        if share <= 0:
            return _mixed(ground, edge, 0.55)
        return _mixed(ground, full, _FAINTEST + (1 - _FAINTEST) * share**_EMPHASIS)

    def _paint_names(self, painter: QPainter) -> None:
        confusion = self._shown
        if confusion is None:
            return
        names, (area, side) = confusion.class_names, self._area()
        metrics = QFontMetricsF(painter.font())
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        every = max(1, round(LABEL_PX / max(1.0, side) + 0.4)) if side < LABEL_PX else 1
        is_flat = self._fits_below(widest, len(names))
        dim, bright = QColor(self._theme.tokens.text_dim), QColor(self._theme.tokens.text)
        for place, name in enumerate(names):
            row, column = self._at or (-1, -1)
            if place % every and place not in (row, column):
                continue
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, MOST_LABEL_PX)
            middle = (place + 0.5) * side - 1
            painter.setPen(bright if place == row else dim)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, area.top() + middle - 8, area.left() - 7, 16), right, text)
            painter.setPen(bright if place == column else dim)
            painter.save()
            painter.translate(area.left() + middle, area.bottom() + 2)
            if is_flat:
                painter.drawText(QRectF(-40, 0, 80, 16), Qt.AlignmentFlag.AlignHCenter, text)
            else:
                painter.rotate(-90)
                painter.drawText(QRectF(-MOST_LABEL_PX - 4, -8, MOST_LABEL_PX + 2, 16), right, text)
            painter.restore()


def _tones_of(counts: tuple[int, ...]) -> list[int]:
    """Each square's tone by its share of the row; a single one is never painted as none."""
    total = sum(counts) or 1
    return [max(1, round(_TONES * count / total)) if count else 0 for count in counts]


def _square(area: QRectF, side: float, row: int, column: int, gap: int) -> QRectF:
    return QRectF(area.left() + column * side, area.top() + row * side, side - gap, side - gap)


def _mixed(a: QColor, b: QColor, share: float) -> QColor:
    keep = 1 - share
    return QColor.fromRgbF(
        a.redF() * keep + b.redF() * share, a.greenF() * keep + b.greenF() * share, a.blueF() * keep + b.blueF() * share
    )
