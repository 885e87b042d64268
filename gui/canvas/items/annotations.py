"""Frames behind nodes, and sticky notes."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.model import Frame, Note
from gui.canvas.items.node_item import Detail
from gui.canvas.items.style import Paints

TITLE = 34.0  # height of a frame's head, by which it is dragged
PAD = 14.0
AROUND = 20.0  # between a frame and its nodes
CORNER = 14.0  # the part of the lower right corner that resizes
MIN_SIZE = (120.0, 60.0)

Rect = tuple[float, float, float, float]


def frame_rect(content: QRectF) -> Rect:
    """The rectangle of a frame around some nodes."""
    around = content.adjusted(-AROUND, -AROUND - TITLE, AROUND, AROUND + 10)
    return around.x(), around.y(), around.width(), around.height()


class AnnotationItem(QGraphicsItem):
    """What frames and notes share: a rectangle that can be selected and resized. ``index``: in the graph."""

    def __init__(self, index: int, rect: Rect, paints: Paints) -> None:
        super().__init__()
        self.index = index
        self._paints = paints
        self.rect = QRectF(*rect)
        self.detail = Detail.FULL
        self.is_selected = False

    def boundingRect(self) -> QRectF:
        return self.rect.adjusted(-4, -4, 4, 4)

    @property
    def corner(self) -> QRectF:
        """The area in the scene where the pointer resizes it."""
        return QRectF(self.rect.right() - CORNER, self.rect.bottom() - CORNER, CORNER + 4, CORNER + 4)

    @property
    def handle(self) -> QRectF:
        """The area in the scene where the pointer drags it."""
        return self.rect

    def show_rect(self, rect: QRectF) -> None:
        """Move or resize the item."""
        if rect != self.rect:
            self.prepareGeometryChange()
            self.rect = QRectF(rect)
            self.update()

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._paints = paints
        self.update()

    def show_selected(self, selected: bool) -> None:
        """Show whether it is selected."""
        if selected != self.is_selected:
            self.is_selected = selected
            self.update()

    def show_detail(self, detail: Detail) -> None:
        """Set how much is painted."""
        if detail is not self.detail:
            self.detail = detail
            self.update()

    def _paint_corner(self, painter: QPainter) -> None:
        corner = self.rect.bottomRight()
        painter.setPen(self._paints.faint)
        for step in (5.0, 9.0):
            painter.drawLine(corner + QPointF(-step, -2.5), corner + QPointF(-2.5, -step))


class FrameItem(AnnotationItem):
    """A titled, dashed rectangle behind its nodes."""

    def __init__(self, index: int, frame: Frame, paints: Paints) -> None:
        super().__init__(index, frame.rect, paints)
        self.title = frame.title
        self.caption = ""
        self.setZValue(-4)

    @property
    def handle(self) -> QRectF:
        return QRectF(self.rect.left(), self.rect.top(), self.rect.width(), TITLE)

    def show_frame(self, frame: Frame, caption: str) -> None:
        """Show the frame as it is now."""
        self.show_rect(QRectF(*frame.rect))
        if (frame.title, caption) != (self.title, self.caption):
            self.title, self.caption = frame.title, caption
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        p = self._paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(p.frame)
        painter.setPen(p.selected if self.is_selected else p.frame_edge)
        painter.drawRoundedRect(self.rect, 8, 8)
        if self.detail is not Detail.FULL:
            return
        painter.setFont(p.fonts["label"])
        painter.setPen(p.frame_text)
        head = QRectF(self.rect.left() + PAD, self.rect.top(), self.rect.width() - 2 * PAD, TITLE)
        centre = Qt.AlignmentFlag.AlignVCenter
        room = head.width() - (p.measure(self.caption, "label") + 12 if self.caption else 0)
        painter.drawText(head, centre | Qt.AlignmentFlag.AlignLeft, p.elided(self.title, "label", room))
        painter.drawText(head, centre | Qt.AlignmentFlag.AlignRight, self.caption)
        self._paint_corner(painter)


class NoteItem(AnnotationItem):
    """A sticky note."""

    def __init__(self, index: int, note: Note, paints: Paints) -> None:
        super().__init__(index, note.rect, paints)
        self.text = note.text
        self.setZValue(-2)

    def show_note(self, note: Note) -> None:
        """Show the note as it is now."""
        self.show_rect(QRectF(*note.rect))
        if note.text != self.text:
            self.text = note.text
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        p = self._paints
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(p.note)
        painter.setPen(p.selected if self.is_selected else p.note_edge)
        painter.drawRoundedRect(self.rect, 6, 6)
        if self.detail is not Detail.FULL:
            return
        painter.setFont(p.fonts["note"])
        painter.setPen(p.note_text)
        inside = self.rect.adjusted(PAD, 10, -PAD, -10)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(inside, int(flags), self.text)
        if self.is_selected:
            self._paint_corner(painter)
