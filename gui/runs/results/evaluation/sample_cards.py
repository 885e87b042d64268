"""Samples with truth and answer as cards: a picture, or the values of a row."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.protocol.result_answers import SampleResult
from gui.runs.context.sample_pictures import decoded
from gui.theme import Theme

CARD_W, CARD_H, GAP = 232, 92, 8
PICTURE_PX, PAD = 72, 10
MAX_LINES = 2  # of a row's values


class SampleCards(QWidget):
    """As many cards beside each other as fit; the place of a sample and all its values are in the tooltip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sample_cards")
        self._theme = theme
        self._nothing = ""
        self.samples: Sequence[SampleResult] = ()
        self._pictures: list[QImage | None] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_samples(self, samples: Sequence[SampleResult], nothing: str) -> None:
        """Show these samples; ``nothing``: the sentence where there are none."""
        self.samples, self._nothing = samples, nothing
        self._pictures = [_picture(sample) for sample in samples]
        texts = (f"{each['place']}: truth {each['truth']}, answer {each['answer']}." for each in samples)
        self.setAccessibleDescription(" ".join(texts) or nothing)
        self._fit()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = next((at for at in range(len(self.samples)) if self._rect(at).contains(event.pos())), None)
            if at is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), _tip(self.samples[at]), self)
            return True
        return super().event(event)

    @property
    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (CARD_W + GAP))

    def _fit(self) -> None:
        lines = -(-len(self.samples) // self._columns)
        self.setFixedHeight(max(40, lines * (CARD_H + GAP)))

    def _rect(self, at: int) -> QRectF:
        width = (self.width() + GAP) / self._columns - GAP
        row, column = divmod(at, self._columns)
        return QRectF(column * (width + GAP), row * (CARD_H + GAP), width, CARD_H)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.samples:
            painter.setFont(self._theme.font("ui"))
            painter.setPen(QColor(self._theme.tokens.text_dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._nothing)
        for at, sample in enumerate(self.samples):
            if (rect := self._rect(at)).intersects(QRectF(event.rect())):
                self._paint_card(painter, rect.adjusted(0.5, 0.5, -0.5, -0.5), sample, self._pictures[at])

    def _paint_card(self, painter: QPainter, rect: QRectF, sample: SampleResult, image: QImage | None) -> None:
        tokens = self._theme.tokens
        painter.setPen(QColor(tokens.line))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(rect, tokens.radius, tokens.radius)
        inside = rect.adjusted(PAD, PAD, -PAD, -PAD)
        if image is not None:
            place = QRectF(inside.left(), inside.top(), PICTURE_PX, PICTURE_PX)
            painter.drawImage(_fitted(image, place), image)
            inside.setLeft(place.right() + PAD)
        is_wrong = "probability" in sample and sample["truth"] != sample["answer"]
        chance = f"  {sample['probability']:.0%}" if "probability" in sample else ""
        lines = [
            ("medium", tokens.error if is_wrong else tokens.text, f"{sample['answer']}{chance}"),
            ("ui", tokens.text, f"truth {sample['truth']}"),
        ]
        values = list(sample.get("row", {}).items()) if image is None else []
        half = -(-len(values) // MAX_LINES)
        lines += [
            ("small", tokens.text_dim, "  ".join(f"{name} {value}" for name, value in part))
            for part in (values[:half], values[half:])
            if part
        ][:1]
        lines.append(("small", tokens.text_dim, sample["place"]))
        top = inside.top()
        for voice, colour, text in lines:
            font = self._theme.font(voice)  # type: ignore[arg-type] # one of its voices
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            room = QRectF(inside.left(), top, inside.width(), metrics.height())
            mode = Qt.TextElideMode.ElideLeft if text == sample["place"] else Qt.TextElideMode.ElideRight
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(text, mode, room.width()))
            top += metrics.height() + 2


def _picture(sample: SampleResult) -> QImage | None:
    fields = sample.get("fields", {}).values()
    return next((decoded(each["image"]) for each in fields if "image" in each), None)


def _fitted(image: QImage, place: QRectF) -> QRectF:
    """The largest rectangle of the image's proportions in the middle of the place."""
    scale = min(place.width() / image.width(), place.height() / image.height())
    rect = QRectF(0, 0, image.width() * scale, image.height() * scale)
    rect.moveCenter(place.center())
    return rect


def _tip(sample: SampleResult) -> str:
    lines = [sample["place"], f"truth {sample['truth']}, answer {sample['answer']}"]
    lines += [f"{name}: {share:.1%}" for name, share in sample.get("scores", [])]
    lines += [f"{name} = {value}" for name, value in sample.get("row", {}).items()]
    return "\n".join(lines)
