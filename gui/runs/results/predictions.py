"""Predictions for a few validation samples: picture, true value, and scores as bars."""

import math
from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.runs.events import Confusion, Predictions
from gui.formatting.formats import number
from gui.runs.results.page import EpochResults, Page
from gui.theme import Theme

CARD_W, CARD_H = 118, 46
MAX_BARS = 3
_PICTURE = 40
_LEAST_BAR = 2.0
_LEAST_BARS = 20.0  # room that names leave for the longest bar
_GREY, _COLOUR = QImage.Format.Format_Grayscale8, QImage.Format.Format_RGB888


class PredictionsView(Page):
    """Cards of samples in a grid, as many as fit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictions")
        self._theme = theme
        self._predictions: Predictions | None = None
        self._names: tuple[str, ...] = ()
        self._pictures: Mapping[int, QImage] = {}
        self._order: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_results(self, results: EpochResults) -> None:
        predictions, confusion = results.event(Predictions), results.event(Confusion)
        pictures: Mapping[int, QImage] = {}
        if predictions and results.run and results.is_visible:
            pictures = results.pictures.of(results.run, predictions.indices)
        self.show_predictions(predictions, confusion.class_names if confusion else (), pictures)

    def show_predictions(
        self, predictions: Predictions | None, names: tuple[str, ...], pictures: Mapping[int, QImage]
    ) -> None:
        """Show these samples. ``names``: of classes, if known. ``pictures``: by sample index."""
        if (predictions, names) == (self._predictions, self._names) and pictures.keys() == self._pictures.keys():
            return
        self._predictions, self._names, self._pictures = predictions, names, pictures
        self._order = order(predictions) if predictions else []
        self.setAccessibleDescription(self.summary())
        self.update()

    def summary(self) -> str:
        """The samples in sentences."""
        if self._predictions is None:
            return ""
        rows = self._order
        return " ".join(
            f"Sample {self._predictions.indices[row]}: {self._truth(row)}, predicted {self._answer_text(row)}."
            for row in rows
        )

    def sizeHint(self) -> QSize:
        return QSize(2 * CARD_W, 4 * CARD_H)

    def minimumSizeHint(self) -> QSize:
        return QSize(CARD_W, 2 * CARD_H)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._predictions is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = max(1, self.width() // CARD_W)
        lines = max(1, self.height() // CARD_H)
        width = self.width() / columns
        height = min(CARD_H + 8, self.height() / max(1, min(lines, -(-len(self._predictions.indices) // columns))))
        for at, row in enumerate(self._order[: columns * lines]):
            place = QRectF(at % columns * width, at // columns * height, width - 8, CARD_H - 4)
            self._paint_card(painter, place, row)

    def _paint_card(self, painter: QPainter, place: QRectF, row: int) -> None:
        if self._predictions is None:
            return
        left = place.left()
        picture = self._pictures.get(self._predictions.indices[row])
        if picture is not None:
            self._paint_picture(painter, QRectF(left, place.top() + 1, _PICTURE, _PICTURE), picture)
            left += _PICTURE + 8
        inside = QRectF(left, place.top(), place.right() - left, place.height())
        if picture is not None and (answer := self._answer(row, picture)) is not None:
            self._paint_answer(painter, inside, answer)
        elif self._is_class(row):
            self._paint_scores(painter, inside, row)
        else:
            self._paint_numbers(painter, inside, row)

    def _paint_answer(self, painter: QPainter, place: QRectF, answer: QImage) -> None:
        """Paint the picture that the network gave beside the one that it should give."""
        painter.setFont(self._theme.font("small"))
        painter.setPen(QColor(self._theme.tokens.text_dim))
        painter.drawText(QRectF(place.left() - 4, place.top(), 14, _PICTURE), Qt.AlignmentFlag.AlignCenter, "\u203a")
        self._paint_picture(painter, QRectF(place.left() + 12, place.top() + 1, _PICTURE, _PICTURE), answer)

    def _answer(self, row: int, picture: QImage) -> QImage | None:
        """The answer as a picture, if the true value is a picture of that size; in the brightness range of that."""
        truth, answer = (self._predictions.truth[row], self._predictions.scores[row]) if self._predictions else ((), ())
        pixels = picture.width() * picture.height()
        if not isinstance(truth, tuple) or not len(truth) == len(answer) in (pixels, 3 * pixels):
            return None
        low, high = min(truth), max(truth)
        shares = ((value - low) / ((high - low) or 1.0) if math.isfinite(value) else 0.0 for value in answer)
        levels = bytes(round(255 * min(1.0, max(0.0, share))) for share in shares)
        if len(answer) == pixels:
            return QImage(levels, picture.width(), picture.height(), picture.width(), _GREY).copy()
        planes = (levels[at : at + pixels] for at in (0, pixels, 2 * pixels))  # torch stores one plane per colour
        mixed = bytes(level for pixel in zip(*planes, strict=True) for level in pixel)
        return QImage(mixed, picture.width(), picture.height(), 3 * picture.width(), _COLOUR).copy()

    def _paint_picture(self, painter: QPainter, place: QRectF, picture: QImage) -> None:
        """Paint a picture; small ones, such as digits of 8 x 8, are not interpolated."""
        share = min(place.width() / picture.width(), place.height() / picture.height())
        area = QRectF(0, 0, picture.width() * share, picture.height() * share)
        area.moveCenter(place.center())
        is_small = picture.width() * 2 <= place.width() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_small)
        painter.drawImage(area, picture)
        painter.setPen(QColor(self._theme.tokens.edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_scores(self, painter: QPainter, place: QRectF, row: int) -> None:
        """Paint the classes with the highest scores; the true class is one of them."""
        if self._predictions is None:
            return
        tokens, scores = self._theme.tokens, self._predictions.scores[row]
        truth = self._predictions.truth[row]
        best = sorted(range(len(scores)), key=lambda each: scores[each], reverse=True)[:MAX_BARS]
        if isinstance(truth, int) and truth not in best and truth < len(scores):
            best[-1] = truth
        painter.setFont(self._theme.font("small"))
        metrics = QFontMetricsF(painter.font())
        height = place.height() / MAX_BARS
        name_px = min(place.width() - _LEAST_BARS, max(metrics.horizontalAdvance(self._name(each)) for each in best))
        for line, each in enumerate(best):
            row_place = QRectF(place.left(), place.top() + line * height, place.width(), height)
            is_right = each == truth
            colour = tokens.good if is_right else tokens.error if line == 0 else tokens.text_faint
            painter.setPen(QColor(tokens.text if line == 0 or is_right else tokens.text_dim))
            name = metrics.elidedText(self._name(each), Qt.TextElideMode.ElideRight, name_px + 1)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(row_place.left(), row_place.top(), name_px + 2, height), left, name)
            full = max(10.0, row_place.width() - name_px - 8)
            bar = QRectF(row_place.left() + name_px + 7, row_place.center().y() - 2.5, full, 5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.line))
            painter.drawRoundedRect(bar, 2.5, 2.5)
            painter.setBrush(QColor(colour))
            bar.setWidth(max(_LEAST_BAR, full * min(1.0, max(0.0, scores[each]))))
            painter.drawRoundedRect(bar, 2.5, 2.5)

    def _paint_numbers(self, painter: QPainter, place: QRectF, row: int) -> None:
        """Paint the true value and the answer as numbers."""
        tokens = self._theme.tokens
        painter.setFont(self._theme.font("small"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for line, (what, text, colour) in enumerate(
            (("truth", self._truth(row), tokens.text), ("output", self._answer_text(row), tokens.train))
        ):
            at = QRectF(place.left(), place.top() + line * 18, place.width(), 18)
            painter.setPen(QColor(tokens.text_dim))
            painter.drawText(at, left, what)
            painter.setPen(QColor(colour))
            painter.drawText(at, right, text)

    def _is_class(self, row: int) -> bool:
        return (
            self._predictions is not None
            and isinstance(self._predictions.truth[row], int)
            and len(self._predictions.scores[row]) > 1
        )

    def _name(self, place: int) -> str:
        return self._names[place] if place < len(self._names) else str(place)

    def _truth(self, row: int) -> str:
        truth = self._predictions.truth[row] if self._predictions else 0
        if isinstance(truth, tuple):
            return _some(truth)
        return self._name(int(truth)) if self._is_class(row) else number(float(truth))

    def _answer_text(self, row: int) -> str:
        scores = self._predictions.scores[row] if self._predictions else ()
        if self._is_class(row):
            return self._name(max(range(len(scores)), key=lambda each: scores[each]))
        return _some(scores)


def _some(values: tuple[float, ...]) -> str:
    """The first values of many."""
    text = ", ".join(number(float(value)) for value in values[:3])
    return text + (" ..." if len(values) > 3 else "")


def order(predictions: Predictions) -> list[int]:
    """The samples by error, the largest first; equal ones in recorded order."""
    far = [_error(truth, scores) for truth, scores in zip(predictions.truth, predictions.scores, strict=False)]
    return sorted(range(len(far)), key=lambda row: -far[row])


def _error(truth: object, scores: tuple[float, ...]) -> float:
    """The error of an answer; 0 for a correct class."""
    if isinstance(truth, int) and len(scores) > 1:
        answer = max(range(len(scores)), key=lambda each: scores[each])
        true = scores[truth] if 0 <= truth < len(scores) else 0.0
        return 0.0 if answer == truth else 1.0 + scores[answer] - true
    values = truth if isinstance(truth, tuple) else (truth,)
    pairs = [(float(one), other) for one, other in zip(values, scores, strict=False) if isinstance(one, int | float)]
    error = sum(abs(one - other) for one, other in pairs) / max(1, len(pairs))
    return error if math.isfinite(error) else math.inf


def page(theme: Theme) -> PredictionsView:
    """The page of `Predictions`."""
    return PredictionsView(theme)
