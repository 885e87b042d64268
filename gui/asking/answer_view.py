"""The answer: the class with the most likely ones as bars, numbers in their unit, or pictures."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.protocol.asking import Reply
from gui.formatting.formats import number
from gui.theme import Theme
from gui.widgets.pixels import image_of

MAX_BARS = 5
MAX_VALUES = 6
LINE_PX, TITLE_PX, PICTURE_PX, GAP_PX = 21, 30, 64, 8
SHARE_PX = 50
LEAST_BAR = 2.0


class AnswerView(QWidget):
    """Paints a `Reply`: what the network saw at the left, the answer beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("answer")
        self._theme = theme
        self._reply: Reply | None = None
        self._hint = ""
        self._input: QImage | None = None
        self._pictures: dict[str, QImage] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_reply(self, reply: Reply | None, hint: str = "") -> None:
        """Show a reply, or a hint while there is none."""
        self._reply, self._hint = reply, hint
        pictures = (image_of(each["picture"]) for each in (reply["given"] if reply else []) if "picture" in each)
        self._input = next((each for each in pictures if each is not None), None)
        outputs = reply["pictures"] if reply else {}
        self._pictures = {name: image for name, raw in outputs.items() if (image := image_of(raw)) is not None}
        self.setAccessibleName(self.text)
        self.setFixedHeight(self._height())
        self.update()

    @property
    def answer(self) -> Mapping[str, Any]:
        """The first answer, as in ``predict --json``; empty while there is none."""
        return self._reply["answers"][0] if self._reply and self._reply["answers"] else {}

    @property
    def text(self) -> str:
        """The answer in words."""
        answer = self.answer
        if not answer:
            return self._hint
        if "problem" in answer:
            problem = answer["problem"]
            return f"{problem['message']} {problem['hint']}".strip()
        if "scores" in answer:
            share = answer["scores"].get(answer["label"])  # none where each place of the sample has a class
            return str(answer["label"]) + ("" if share is None else f", {_share(share):.1%}")
        return ", ".join(f"{name} {text}" for name, text in self._numbers())

    @property
    def _count(self) -> int:
        """The number of answers."""
        return len(self._reply["answers"]) if self._reply else 0

    @property
    def title(self) -> str:
        """The class, with the truth where it is known."""
        return str(self.answer.get("label", ""))

    def sizeHint(self) -> QSize:
        return QSize(240, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height())

    def _height(self) -> int:
        answer = self.answer
        more = LINE_PX if self._count > 1 else 0
        if "scores" in answer:
            lines = min(MAX_BARS, len(answer["scores"]))
            others = len(self._numbers()) * LINE_PX
            return max(TITLE_PX + lines * LINE_PX + others, PICTURE_PX + LINE_PX if self._input else 0) + GAP_PX + more
        if self._pictures:
            return PICTURE_PX + LINE_PX + GAP_PX + more
        if answer and "problem" not in answer:
            return max(len(self._numbers()) * TITLE_PX, PICTURE_PX + LINE_PX if self._input else 0) + GAP_PX + more
        return 3 * LINE_PX

    def _numbers(self) -> list[tuple[str, str]]:
        """The outputs that are numbers, each with its text in the unit of the data."""
        answer = self.answer
        measures, notes = answer.get("measures", {}), answer.get("notes", {})
        result = []
        for name, values in answer.get("values", {}).items():
            if name in self._pictures:
                continue
            text = " ".join(
                number(each) if isinstance(each, int | float) else str(each) for each in values[:MAX_VALUES]
            )
            more = " \u2026" if len(values) > MAX_VALUES else ""
            note = f" ({notes[name]})" if name in notes else ""
            result.append((name, f"{text}{more} {measures.get(name, '')}".strip() + note))
        return result

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        answer = self.answer
        if not answer or "problem" in answer:
            painter.setPen(self._theme.colour("error" if answer else "text_dim"))
            painter.setFont(self._theme.font("ui"))
            top = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), top, self.text)
            return
        left = self._paint_pictures(painter)
        room = QRectF(left, 0, self.width() - left, self.height())
        if "scores" in answer:
            room = self._paint_title(painter, room)
            room = self._paint_bars(painter, room)
            self._paint_numbers(painter, room, LINE_PX, "small")
        else:
            self._paint_numbers(painter, room, TITLE_PX, "title")
        if self._count > 1:
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.colour("text_dim"))
            below = QRectF(0, self.height() - LINE_PX, self.width(), LINE_PX)
            text = f"the first of {self._count:,} answers; torchloom predict gives all"
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_pictures(self, painter: QPainter) -> float:
        """Paint what the network saw, and the pictures that it gave; returns where the rest begins."""
        left = 0.0
        images = ([("as seen", self._input)] if self._input else []) + list(self._pictures.items())
        for name, image in images:
            place = QRectF(left, 0, PICTURE_PX, PICTURE_PX)
            size = image.size().scaled(PICTURE_PX, PICTURE_PX, Qt.AspectRatioMode.KeepAspectRatio)
            rect = QRectF(0, 0, size.width(), size.height())
            rect.moveCenter(place.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > PICTURE_PX)
            painter.drawImage(rect, image)
            painter.setPen(self._theme.colour("edge"))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.colour("text_dim"))
            painter.drawText(place.translated(0, PICTURE_PX), Qt.AlignmentFlag.AlignHCenter, name)
            left += PICTURE_PX + 2 * GAP_PX
        return left

    def _paint_title(self, painter: QPainter, room: QRectF) -> QRectF:
        truth = self._reply["truth"] if self._reply else ""
        painter.setFont(self._theme.font("title"))
        painter.setPen(self._theme.colour("text"))
        metrics = QFontMetricsF(self._theme.font("title"))
        line = QRectF(room.left(), 0, room.width(), TITLE_PX - 6)
        title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        if truth:
            is_right = truth == self.title
            painter.setFont(self._theme.font("small"))
            painter.setPen(self._theme.colour("good" if is_right else "error"))
            beside = line.adjusted(metrics.horizontalAdvance(title) + GAP_PX, 0, 0, 0)
            text = "right" if is_right else f"the data says {truth}"
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        return room.adjusted(0, TITLE_PX, 0, 0)

    def _paint_bars(self, painter: QPainter, room: QRectF) -> QRectF:
        scores = sorted(self.answer["scores"].items(), key=lambda pair: -_share(pair[1]))[:MAX_BARS]
        metrics = QFontMetricsF(self._theme.font("small"))
        names = min(room.width() * 0.42, max(metrics.horizontalAdvance(name) for name, _ in scores) + 2)
        width = max(LEAST_BAR, room.width() - names - SHARE_PX - GAP_PX)
        painter.setFont(self._theme.font("small"))
        for at, (name, score) in enumerate(scores):
            line = QRectF(room.left(), room.top() + at * LINE_PX, room.width(), LINE_PX)
            share = _share(score)
            painter.setPen(self._theme.colour("text" if at == 0 else "text_dim"))
            middle = Qt.AlignmentFlag.AlignVCenter
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names)
            painter.drawText(QRectF(line.left(), line.top(), names, LINE_PX), Qt.AlignmentFlag.AlignLeft | middle, text)
            track = QRectF(line.left() + names + GAP_PX, line.center().y() - 4, width, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("hover"))
            painter.drawRoundedRect(track, 4, 4)
            bar = QRectF(track)
            bar.setWidth(max(LEAST_BAR, track.width() * share))
            painter.setBrush(self._theme.colour("accent") if at == 0 else self._theme.colour("text_faint"))
            painter.drawRoundedRect(bar, min(4.0, bar.width() / 2), 4)
            painter.setPen(QColor(self._theme.tokens.text if at == 0 else self._theme.tokens.text_dim))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, f"{share:.1%}")
        return room.adjusted(0, len(scores) * LINE_PX, 0, 0)

    def _paint_numbers(self, painter: QPainter, room: QRectF, height: int, voice: Any) -> None:  # noqa: ANN401 (a Voice)
        truth = self._reply["truth"] if self._reply and "scores" not in self.answer else ""
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetricsF(self._theme.font("ui"))
        for at, (name, text) in enumerate(self._numbers()):
            line = QRectF(room.left(), room.top() + at * height, room.width(), height)
            painter.setFont(self._theme.font("ui"))
            painter.setPen(self._theme.colour("text_dim"))
            title = metrics.elidedText(name, Qt.TextElideMode.ElideRight, line.width() * 0.4)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, title)
            value = line.adjusted(metrics.horizontalAdvance(title) + 2 * GAP_PX, 0, 0, 0)
            painter.setFont(self._theme.font(voice))
            painter.setPen(self._theme.colour("text"))
            painter.drawText(value, Qt.AlignmentFlag.AlignLeft | middle, text)
            if truth:
                painter.setFont(self._theme.font("small"))
                painter.setPen(self._theme.colour("text_dim"))
                painter.drawText(value, Qt.AlignmentFlag.AlignRight | middle, f"the data says {truth}")


def _share(score: object) -> float:
    return float(score) if isinstance(score, int | float) else 0.0
