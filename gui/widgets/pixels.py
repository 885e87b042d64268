"""Images of the analysis worker, as they are and in the colours of the theme, and images for it."""

import base64
import binascii

from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QImage

from engine.protocol.asking import Pixels
from gui.theme import Theme

MAX_SENT_PX = 448  # the longer side of a picture that is sent; larger ones are reduced


def image_of(raw: Pixels) -> QImage | None:
    """The image as it is, grey or coloured; ``None`` if it is damaged."""
    data = _bytes(raw)
    width, height, channels = raw["width"], raw["height"], raw["channels"]
    kinds = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
    if channels not in kinds or data is None:
        return None
    return QImage(data, width, height, width * channels, kinds[channels]).copy()  # a copy, since the bytes are freed


def tinted(raw: Pixels, theme: Theme) -> QImage | None:
    """Levels from the background over the accent to the text colour; of an output of a node."""
    tokens = theme.tokens
    return _indexed(raw, [_mix(tokens.canvas, tokens.accent, tokens.text, level / 255) for level in range(256)])


def heat_of(raw: Pixels, theme: Theme) -> QImage | None:
    """Importance as a warm colour that is clearer where it is more important."""
    tokens = theme.tokens
    colours = []
    for level in range(256):
        colour = QColor(_mix(tokens.error, tokens.error, tokens.warning, level / 255))
        colour.setAlpha(level)
        colours.append(colour.rgba())
    return _indexed(raw, colours)


def as_png(image: QImage) -> str:
    """The base64 text of a PNG file, reduced to `MAX_SENT_PX`."""
    if max(image.width(), image.height()) > MAX_SENT_PX:
        side, keep = MAX_SENT_PX, Qt.AspectRatioMode.KeepAspectRatio
        image = image.scaled(side, side, keep, Qt.TransformationMode.SmoothTransformation)
    buffer = QBuffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload] # it takes text, and its stubs ask for bytes
    return base64.b64encode(buffer.data().data()).decode()


def _indexed(raw: Pixels, colours: list[int]) -> QImage | None:
    data = _bytes(raw)
    if data is None or raw["channels"] != 1:
        return None
    image = QImage(data, raw["width"], raw["height"], raw["width"], QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colours)
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def _mix(low: str, middle: str, high: str, share: float) -> int:
    first, second = (low, middle) if share < 0.5 else (middle, high)
    part = share * 2 if share < 0.5 else share * 2 - 1
    a, b = QColor(first), QColor(second)
    red, green, blue = (
        round(one + (other - one) * part)
        for one, other in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index] # a tuple of four
    )
    return QColor(red, green, blue).rgba()


def _bytes(raw: Pixels) -> bytes | None:
    try:
        data = base64.b64decode(raw["bytes"], validate=True)
    except (KeyError, ValueError, binascii.Error):
        return None
    return data if data and len(data) == raw["width"] * raw["height"] * raw["channels"] else None
