"""A chart as a picture: PNG at twice the size on the screen, or SVG."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from gui.runs.plots.chart_card import ChartCard

SCALE = 2  # pixels of a PNG per pixel on the screen
_PAD, _CAPTION = 12, 20


def size_of(card: ChartCard) -> QSize:
    """The size of the picture, in pixels of the screen."""
    return QSize(card.width() + 2 * _PAD, card.height() + 2 * _PAD + (_CAPTION if card.caption else 0))


def as_image(card: ChartCard) -> QImage:
    """The chart as pixels."""
    image = QImage(size_of(card) * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    painter = QPainter(image)
    _paint(painter, card)
    painter.end()
    return image


def png(card: ChartCard) -> bytes:
    """The content of a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(as_image(card))
    return bytes(data.data())


def svg(card: ChartCard) -> bytes:
    """The content of an SVG file: lines and text, sharp at any size."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size_of(card))
    generator.setViewBox(QRect(0, 0, size_of(card).width(), size_of(card).height()))
    generator.setTitle(card.legend.title)
    generator.setDescription(card.caption)
    painter = QPainter(generator)
    _paint(painter, card)
    painter.end()
    return bytes(data.data())


def _paint(painter: QPainter, card: ChartCard) -> None:
    """Paint the caption, the legend and the chart, without buttons and crosshair."""
    tokens, size = card.theme.tokens, size_of(card)
    painter.fillRect(0, 0, size.width(), size.height(), QColor(tokens.window))
    painter.translate(_PAD, _PAD)
    if card.caption:
        painter.setFont(card.theme.font("small"))
        painter.setPen(QColor(tokens.text_dim))
        text = QFontMetricsF(painter.font()).elidedText(card.caption, Qt.TextElideMode.ElideMiddle, card.width())
        painter.drawText(QRectF(0, 0, card.width(), _CAPTION - 4), Qt.AlignmentFlag.AlignLeft, text)
        painter.translate(0, _CAPTION)
    painter.save()
    painter.translate(card.legend.x(), card.legend.y())
    card.legend.paint(painter, card.width() - card.legend.x())
    painter.restore()
    if (chart := card.chart) is not None and chart.isVisible():
        painter.translate(chart.x(), chart.y())
        chart.paint(painter)
