"""The confusion matrix as coloured squares."""

from math import ceil

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QCursor, QFont, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.runs.events import Confusion
from gui.runs.results.matrix_frame import MatrixFrame, framed
from gui.runs.results.page import EpochResults, Page
from gui.theme import Theme

GAP_PX, RADIUS_PX = 2, 3
MAX_ROUNDED = 24  # classes; beyond that squares are too small for gaps and corners
LEAST_ROUNDED_PX = 6
LEAST_COUNT_PX = 9  # font size of counts
ROWS, COLUMNS = "true", "predicted"
_EMPHASIS = 0.55  # exponent of the painted share, so that single mistakes are visible
_FAINTEST = 0.10
_TONES = 64


class ConfusionView(Page):
    """Rows are true classes, columns predicted ones. ``hovered``: a text; ``clicked``: true and predicted class."""

    hovered = Signal(str)
    clicked = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion")
        self._theme = theme
        self._confusion: Confusion | None = None
        self._at: tuple[int, int] | None = None
        self._image: tuple[tuple[Confusion, str, int], QImage] | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)
        self.hovered.connect(self._tip)

    def show_results(self, results: EpochResults) -> None:
        self.show_matrix(results.event(Confusion))

    def show_matrix(self, confusion: Confusion | None) -> None:
        """Show this matrix, or nothing."""
        if confusion is self._confusion:
            return
        self._confusion = confusion
        self.setAccessibleDescription(self.summary())
        self._emit_hover()
        self.update()

    def summary(self) -> str:
        """The matrix in a sentence, with the most frequent mistake."""
        if self._confusion is None:
            return ""
        matrix, names = self._confusion.matrix, self._confusion.class_names
        total = sum(map(sum, matrix))
        right = sum(matrix[place][place] for place in range(len(matrix)))
        wrong = [(count, row, column) for row, counts in enumerate(matrix) for column, count in enumerate(counts)]
        count, row, column = max((each for each in wrong if each[1] != each[2]), default=(0, 0, 0))
        worst = f" Most often {names[row]} was taken for {names[column]}: {count} times." if count else ""
        return f"{right:,} of {total:,} right.{worst}"

    def text_at(self, row: int, column: int) -> str:
        """The text of one square."""
        if self._confusion is None:
            return ""
        matrix, names = self._confusion.matrix, self._confusion.class_names
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
        if self._confusion is None or not self._confusion.matrix:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("small"))
        self._paint_squares(painter)
        self._paint_names(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._square_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (square := self._square_at(event.position())):
            self.clicked.emit(*square)

    def leaveEvent(self, event: QEvent) -> None:
        del event
        self._hover(None)

    # Geometry

    def _frame(self) -> MatrixFrame:
        names = self._confusion.class_names if self._confusion else ()
        return framed(QSizeF(self.size()), names, QFontMetricsF(self._theme.font("small")))

    def _square_at(self, place: QPointF) -> tuple[int, int] | None:
        area, side, *_ = self._frame()
        if self._confusion is None or not area.contains(place) or side <= 0:
            return None
        last = len(self._confusion.class_names) - 1
        row, column = int((place.y() - area.top()) / side), int((place.x() - area.left()) / side)
        return min(last, row), min(last, column)

    def _hover(self, square: tuple[int, int] | None) -> None:
        if square != self._at:
            self._at = square
            self._emit_hover()
            self.update()

    def _emit_hover(self) -> None:
        if self._at is not None and (self._confusion is None or max(self._at) >= len(self._confusion.class_names)):
            self._at = None
        self.hovered.emit(self.text_at(*self._at) if self._at else "")

    def _tip(self, text: str) -> None:
        if text:
            QToolTip.showText(QCursor.pos() + QPoint(0, 4), text, self)
        else:
            QToolTip.hideText()

    # Painting

    def _paint_squares(self, painter: QPainter) -> None:
        confusion = self._confusion
        if confusion is None:
            return
        area, side, *_ = self._frame()
        if len(confusion.class_names) > MAX_ROUNDED or side < LEAST_ROUNDED_PX:
            most = int(area.width() * self.devicePixelRatio())
            painter.drawImage(area, self._as_image(confusion, most))
            gap, radius = 0, 0
        else:
            gap, radius = GAP_PX, RADIUS_PX
            painter.setPen(Qt.PenStyle.NoPen)
            tones = self._tones()
            for row, counts in enumerate(confusion.matrix):
                for column, tone in enumerate(_tones_of(counts)):
                    painter.setBrush(tones[tone])
                    painter.drawRoundedRect(_square(area, side, row, column, gap), radius, radius)
            self._paint_counts(painter, confusion, area, side)
        if self._at is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(self._theme.tokens.text))
            painter.drawRoundedRect(_square(area, side, *self._at, gap), radius, radius)

    def _paint_counts(self, painter: QPainter, confusion: Confusion, area: QRectF, side: float) -> None:
        """Paint the counts into their squares if all of them fit; zeros are left out."""
        font = self.count_font(side)
        if font is None:
            return
        painter.setFont(font)
        tones = self._tones()
        ink = [QColor(self._theme.tokens.text), QColor(self._theme.tokens.window)]
        for row, counts in enumerate(confusion.matrix):
            for column, (count, tone) in enumerate(zip(counts, _tones_of(counts), strict=True)):
                if count:
                    painter.setPen(_readable(ink, tones[tone]))
                    place = _square(area, side, row, column, GAP_PX)
                    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count))
        painter.setFont(self._theme.font("small"))
        painter.setPen(Qt.PenStyle.NoPen)

    def count_font(self, side: float) -> QFont | None:
        """The largest font in which all counts fit into their squares; ``None`` if it would not be legible."""
        if self._confusion is None:
            return None
        widest = max((str(count) for counts in self._confusion.matrix for count in counts), key=len, default="")
        font = QFont(self._theme.font("small"))
        for size in range(font.pixelSize(), LEAST_COUNT_PX - 1, -1):
            font.setPixelSize(size)
            metrics = QFontMetricsF(font)
            if metrics.horizontalAdvance(widest) + 4 <= side - GAP_PX and metrics.capHeight() + 6 <= side - GAP_PX:
                return font
        return None

    def _as_image(self, confusion: Confusion, most: int) -> QImage:
        """One pixel per square; with more than ``most`` columns, one for the strongest of several squares."""
        pooled = ceil(len(confusion.matrix) / max(1, most))
        key = (confusion, self._theme.tokens.name, pooled)
        if self._image is None or self._image[0] != key:
            colours = [bytes((each.blue(), each.green(), each.red(), 255)) for each in self._tones()]
            rows = _pooled([_tones_of(counts) for counts in confusion.matrix], pooled)
            pixels = b"".join(colours[tone] for row in rows for tone in row)
            image = QImage(pixels, len(rows), len(rows), 4 * len(rows), QImage.Format.Format_RGB32).copy()
            self._image = (key, image)
        return self._image[1]

    def _tones(self) -> list[QColor]:
        return [self._tone(step / _TONES) for step in range(_TONES + 1)]

    def _tone(self, share: float) -> QColor:
        """The colour of a share of a row: from nearly the background to the training colour."""
        tokens = self._theme.tokens
        ground, full = QColor(tokens.window), QColor(tokens.train)
        edge = QColor(tokens.line)
        if share <= 0:
            return _mixed(ground, edge, 0.55)
        return _mixed(ground, full, _FAINTEST + (1 - _FAINTEST) * share**_EMPHASIS)

    def _paint_names(self, painter: QPainter) -> None:
        confusion, frame = self._confusion, self._frame()
        if confusion is None:
            return
        names, area, metrics = confusion.class_names, frame.area, QFontMetricsF(painter.font())
        dim, bright = QColor(self._theme.tokens.text_dim), QColor(self._theme.tokens.text)
        row, column = self._at or (-1, -1)
        elide, right = Qt.TextElideMode.ElideMiddle, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place in frame.rows(len(names), row):
            painter.setPen(bright if place == row else dim)
            beside = QRectF(frame.title, 0, frame.left + 1, frame.line)
            beside.moveCenter(QPointF(beside.center().x(), area.top() + (place + 0.5) * frame.side - 1))
            painter.drawText(beside, right, metrics.elidedText(names[place], elide, frame.left))
        for place in frame.columns(len(names), column):
            painter.setPen(bright if place == column else dim)
            painter.save()
            painter.translate(area.left() + (place + 0.5) * frame.side - 1, area.bottom() + 3)
            text = metrics.elidedText(names[place], elide, frame.below)
            if frame.is_flat:
                painter.drawText(QRectF(-60, 0, 120, frame.line), Qt.AlignmentFlag.AlignHCenter, text)
            else:
                painter.rotate(-90)
                painter.drawText(QRectF(-frame.below, -frame.line / 2, frame.below, frame.line), right, text)
            painter.restore()
        if frame.title:
            painter.setPen(dim)
            self._paint_titles(painter, frame)

    def _paint_titles(self, painter: QPainter, frame: MatrixFrame) -> None:
        """Paint the titles of rows and columns."""
        font = painter.font()
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        middle, centre = frame.area.center(), Qt.AlignmentFlag.AlignCenter
        foot = frame.area.bottom() + 3 + (frame.line if frame.is_flat else frame.below)
        painter.drawText(QRectF(middle.x() - 60, foot, 120, frame.title), centre, COLUMNS)
        painter.translate(frame.title / 2 - 1, middle.y())
        painter.rotate(-90)
        painter.drawText(QRectF(-60, -frame.title / 2, 120, frame.title), centre, ROWS)


def _tones_of(counts: tuple[int, ...]) -> list[int]:
    """The tone of each square by its share of the row; a count above zero never has tone 0."""
    total = sum(counts) or 1
    return [max(1, round(_TONES * count / total)) if count else 0 for count in counts]


def _pooled(rows: list[list[int]], by: int) -> list[list[int]]:
    """The strongest tone of each block of squares, so that no mistake is lost if squares are smaller than pixels."""
    if by <= 1:
        return rows
    starts = range(0, len(rows), by)
    high = [list(map(max, *rows[at : at + by])) if at + 1 < len(rows) and by > 1 else rows[at] for at in starts]
    return [[max(row[at : at + by]) for at in starts] for row in high]


def _square(area: QRectF, side: float, row: int, column: int, gap: int) -> QRectF:
    return QRectF(area.left() + column * side, area.top() + row * side, side - gap, side - gap)


def _mixed(a: QColor, b: QColor, share: float) -> QColor:
    keep = 1 - share
    return QColor.fromRgbF(
        a.redF() * keep + b.redF() * share, a.greenF() * keep + b.greenF() * share, a.blueF() * keep + b.blueF() * share
    )


def _readable(inks: list[QColor], ground: QColor) -> QColor:
    return max(inks, key=lambda ink: _contrast(ink, ground))


def _contrast(ink: QColor, ground: QColor) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def page(theme: Theme) -> ConfusionView:
    """The page of `Confusion`."""
    return ConfusionView(theme)
