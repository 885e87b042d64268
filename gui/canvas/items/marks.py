"""Small marks: ports by shape and colour, badges of problems."""

from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.canvas.items.node_layout import LEFT, Look, Spot
from gui.canvas.items.style import NoPen, Paints

PORT = 5.0  # half a port's size
BADGE = 7.5  # half a badge's size


class PortState(Enum):
    """How a port is shown while a wire is being drawn."""

    PLAIN = "plain"
    OPEN = "open"  # accepts the wire
    CLOSED = "closed"  # does not accept it
    TARGET = "target"  # gets the wire if it is dropped now


def paint_ports(
    painter: QPainter, look: Look, states: Mapping[tuple[str, bool], PortState] | None, paints: Paints
) -> None:
    """Draw a node's ports, and their names where it has rows for them. ``states``: while a wire is being drawn."""
    for spot in (*look.inputs, *look.outputs):
        state = states.get((spot.port, spot.is_input), PortState.CLOSED) if states is not None else PortState.PLAIN
        _paint_port(painter, spot, state, look.family, paints)
    if look.has_labels:
        painter.setFont(paints.fonts["label"])
        painter.setPen(paints.dim)
        for spot in filter(_has_label, (*look.inputs, *look.outputs)):
            inset = LEFT - 3
            x = spot.x + inset if spot.is_input else spot.x - inset - paints.measure(spot.label, "label")
            painter.drawText(QPointF(x, spot.y + 4), spot.label)


def _has_label(spot: Spot) -> bool:
    return bool(spot.label)


def _paint_port(painter: QPainter, spot: Spot, state: PortState, family_name: str, paints: Paints) -> None:
    family = paints.family(family_name)
    at = QPointF(spot.x, spot.y)
    if state in (PortState.OPEN, PortState.TARGET):
        painter.setPen(NoPen)
        painter.setBrush(paints.accent if state is PortState.TARGET else paints.halo)
        size = PORT + 4.0
        painter.drawEllipse(at, size, size)
    is_closed = state is PortState.CLOSED
    painter.setPen(QPen(paints.node_edge.color(), 1.6) if is_closed else family.port)
    painter.setBrush(paints.node if not spot.filled else paints.node_edge.color() if is_closed else family.brush)
    paint_mark(painter, spot, at, PORT)


def paint_badge(painter: QPainter, at: QPointF, severity: str, paints: Paints) -> None:
    """Draw an exclamation mark in the colour of the severity; three dots for an unfinished node."""
    if severity == "unfinished":
        _paint_dots(painter, at, paints)
        return
    painter.setPen(QPen(paints.canvas, 2))
    painter.setBrush(paints.error if severity == "error" else paints.warning)
    painter.drawEllipse(at, BADGE, BADGE)
    painter.setPen(QPen(paints.canvas, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(at + QPointF(0, -3.6), at + QPointF(0, 0.6))
    painter.drawPoint(at + QPointF(0, 3.6))


def _paint_dots(painter: QPainter, at: QPointF, paints: Paints) -> None:
    painter.setPen(paints.dim)
    painter.setBrush(paints.node)
    painter.drawEllipse(at, BADGE - 0.5, BADGE - 0.5)
    painter.setPen(QPen(paints.dim.color(), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for step in (-3.4, 0.0, 3.4):
        painter.drawPoint(at + QPointF(step, 0))


def paint_mark(painter: QPainter, spot: Spot, at: QPointF, size: float) -> None:
    """A port's shape: circle float, square integer, diamond variadic, triangle state."""
    match spot.mark:
        case "square":
            painter.drawRect(QRectF(at.x() - size + 0.5, at.y() - size + 0.5, 2 * size - 1, 2 * size - 1))
        case "diamond":
            side = size + 1
            painter.drawPolygon(QPolygonF([at + QPointF(*by) for by in ((-side, 0), (0, -side), (side, 0), (0, side))]))
        case "triangle":
            painter.drawPolygon(
                QPolygonF([at + QPointF(*by) for by in ((-size + 1, -size), (size, 0), (-size + 1, size))])
            )
        case _:
            painter.drawEllipse(at, size - 0.5, size - 0.5)
