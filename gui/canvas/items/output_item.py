"""What a node gives for one sample: a picture with its range, above the node."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.protocol.asking import NodeOutput
from gui.canvas.items.style import Paints
from gui.formatting.formats import number

PAD, GAP, TEXT = 4.0, 6.0, 14.0
HIGHEST = 52.0  # of the picture
LEAST_ROW = 9.0  # the height of a row of numbers


class OutputItem(QGraphicsItem):
    """A card above its parent, the item of the node."""

    def __init__(self, parent: QGraphicsItem, width: float) -> None:
        super().__init__(parent)
        self._width = width
        self._picture: QImage | None = None
        self._texts = ("", "")
        self._paints: Paints | None = None
        self._rect = QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(5)

    def boundingRect(self) -> QRectF:
        return self._rect

    def show_output(self, output: NodeOutput, picture: QImage, paints: Paints) -> None:
        """Show an output."""
        self.prepareGeometryChange()
        self._picture, self._paints = picture, paints
        low, high = number(output["min"]), number(output["max"])
        self._texts = (low if low == high else f"{low} \u2013 {high}", _zeros(output["zero_share"]))
        inner = self._width - 2 * PAD
        is_number = picture.width() == picture.height() == 1
        height = LEAST_ROW if is_number else min(HIGHEST, inner * picture.height() / picture.width())
        height = max(height, min(HIGHEST, LEAST_ROW * picture.height()))
        total = height + TEXT + 2 * PAD
        self._rect = QRectF(0, -GAP - total, self._width, total)
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        if self._picture is None or self._paints is None:
            return
        tokens = self._paints.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.chip_edge))
        painter.setBrush(QColor(tokens.popup))
        painter.drawRoundedRect(self._rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        room = self._rect.adjusted(PAD, PAD, -PAD, -PAD - TEXT)
        size = self._picture.size()
        is_flat = size.width() > 4 * size.height() or size.width() == 1  # a strip may be stretched, a map may not
        target = QRectF(room)
        if not is_flat:
            scale = min(room.width() / size.width(), room.height() / size.height())
            target = QRectF(0, 0, size.width() * scale, size.height() * scale)
            target.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(target, self._picture)
        text = QRectF(room.left(), room.bottom() + 1, room.width(), TEXT)
        painter.setFont(self._paints.fonts["caption"])
        painter.setPen(self._paints.dim)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._texts[0])
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._texts[1])


def _zeros(share: float) -> str:
    """The share of zeros, where it is worth a word."""
    return f"{share:.0%} zero" if share >= 0.01 else ""
