"""The samples as images, each above the name of its class."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QResizeEvent, qGray

from engine.protocol.data_answers import FieldShown, ImageShown, SampleShown
from gui.data.field_text import Names, field_text
from gui.data.paint_area import PaintArea
from gui.theme import Theme

MASK_ALPHA = 0.55  # of the colours of a mask over its image
CELL_PX, TEXT_PX, GAP_PX, PAD_PX = 76, 18, 10, 2


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with the text below it and its description."""

    image: QImage
    text: str
    description: str


class Pictures(PaintArea):
    """Draws as many pictures in a row as fit."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Samples")
        self.pictures: list[Picture] = []

    def show_samples(self, samples: Sequence[SampleShown], names: Names) -> None:
        """Show samples."""
        del names
        colours = [QColor(each) for each in self.theme.tokens.series]
        self.pictures = [_picture(sample, colours) for sample in samples]
        self.current = -1
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.update()

    def item_count(self) -> int:
        return len(self.pictures)

    def description(self, at: int) -> str:
        return self.pictures[at].description

    @property
    def items_per_row(self) -> int:
        return _pictures_per_row(self.width())

    def item_rect(self, at: int) -> QRectF:
        row, column = divmod(at, self.items_per_row)
        side = _side(self.width())
        return QRectF(column * (side + GAP_PX), row * (side + TEXT_PX + GAP_PX), side, side + TEXT_PX + PAD_PX)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return -(-len(self.pictures) // _pictures_per_row(width)) * (_side(width) + TEXT_PX + GAP_PX)

    def sizeHint(self) -> QSize:
        return QSize(6 * CELL_PX, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self.theme.font("small"))
        metrics = QFontMetrics(self.theme.font("small"))
        for at, picture in enumerate(self.pictures):
            rect = self.item_rect(at).toRect()
            if not painter.viewport().intersects(rect):
                continue
            side = rect.width()
            _draw_image(painter, picture.image, QRect(rect.left(), rect.top(), side, side))
            text = metrics.elidedText(picture.text, Qt.TextElideMode.ElideRight, side)
            painter.setPen(self.theme.colour("text_dim"))
            below = QRect(rect.left(), rect.top() + side, side, TEXT_PX + PAD_PX)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)


def _pictures_per_row(width: int) -> int:
    return max(1, (width + GAP_PX) // (CELL_PX + GAP_PX))


def _side(width: int) -> int:
    """The side of a picture, so that a row of them fills the width."""
    return max(CELL_PX, (width + GAP_PX) // _pictures_per_row(width) - GAP_PX)


def _draw_image(painter: QPainter, image: QImage, room: QRect) -> None:
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    rect = QRect(QPoint(0, 0), size)
    rect.moveCenter(room.center())
    smooth = image.width() > room.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(rect, image)


def _picture(sample: SampleShown, colours: Sequence[QColor]) -> Picture:
    fields: Mapping[str, FieldShown] = sample["fields"]
    image = image_of(next(value["image"] for value in fields.values() if "image" in value))
    others = {name: field_text(value) for name, value in fields.items() if not ("image" in value or "mask" in value)}
    for value in fields.values():
        if "mask" in value:
            image = overlaid(image, value["mask"], colours)
    texts = ", ".join(f"{name} {text}" for name, text in others.items())
    description = f"sample {sample['row']}: {texts}\n{sample['place']}"
    return Picture(image, ", ".join(others.values()), description.strip())


def overlaid(image: QImage, mask: ImageShown, colours: Sequence[QColor]) -> QImage:
    """An image under the colours of a mask's classes; the first class has none. The mask is scaled to the image."""
    numbers = image_of(mask)
    result = image.convertToFormat(QImage.Format.Format_RGB32)
    layer = QImage(numbers.size(), QImage.Format.Format_ARGB32)
    layer.fill(Qt.GlobalColor.transparent)
    for y in range(numbers.height()):
        for x in range(numbers.width()):
            if number := qGray(numbers.pixel(x, y)):
                colour = QColor(colours[(number - 1) % len(colours)])
                colour.setAlphaF(MASK_ALPHA)
                layer.setPixelColor(x, y, colour)
    painter = QPainter(result)
    painter.drawImage(result.rect(), layer)
    painter.end()
    return result


def image_of(raw: ImageShown) -> QImage:
    """The image of an answer, which has one byte for each value: grey, or red, green and blue."""
    data = base64.b64decode(raw["bytes"])
    width, height, channels = raw["width"], raw["height"], raw["channels"]
    shape = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    if len(data) != width * height * channels or channels not in (1, 3):
        return QImage(1, 1, QImage.Format.Format_Grayscale8)
    return QImage(data, width, height, width * channels, shape).copy()  # a copy, since the bytes are freed
