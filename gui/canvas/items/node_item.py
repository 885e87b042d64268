"""The item that paints a node with its ports and texts."""

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.items.inner_graph import paint_inner
from gui.canvas.items.marks import PortState, paint_badge, paint_ports
from gui.canvas.items.node_layout import DETAIL_LINE, GLYPH, LEFT, NAME_GAP, RIGHT, Look, Spot, inner_areas
from gui.canvas.items.phase_tag import paint_tag
from gui.canvas.items.style import FamilyPaint, NoPen, Paints

RADIUS = 6.0
EDGE = 5.0  # the strip in the family's colour
STACK = 6.0
MARGIN = 10.0  # what is painted outside the node's rectangle: ports, selection, badge
CAPTION = 18.0  # below the rectangle: parameters and multiply-adds
TITLE_LINE = 23.0
LEVELS = 8


class Detail(Enum):
    """How much of a node is painted, by zoom."""

    FULL = "full"
    TITLE = "title"
    NONE = "none"


class NodeItem(QGraphicsItem):
    """Paints one node. Setters repaint only after a change; ``paint_count`` counts the paints of all items."""

    paint_count = 0

    # Defaults of the class: to set them on each of thousands of items would take long.
    caption = ""
    severity = ""
    level = 0
    detail = Detail.FULL
    is_selected = False
    is_hovered = False
    is_match: bool | None = None  # of the search; None without a search
    ports: dict[tuple[str, bool], PortState] | None = None  # while a wire is drawn
    _corner = (0.0, 0.0)

    def __init__(self, look: Look, paints: Paints) -> None:
        super().__init__()
        self._paints = paints
        self.look = look
        self._rect, self._bounds = _rects(look.width, look.height)
        self.scene_rect = self._rect  # the node's rectangle in the scene; not to be changed

    def boundingRect(self) -> QRectF:
        return self._bounds

    @property
    def rect(self) -> QRectF:
        """The node's rectangle, from its own corner."""
        return self._rect

    def place(self, x: float, y: float) -> None:
        """Move the upper left corner to a place in the scene."""
        if (x, y) != self._corner:
            self._corner = (x, y)
            self.setPos(x, y)
            self.scene_rect = QRectF(x, y, self.look.width, self.look.height)

    def spot_at(self, spot: Spot) -> QPointF:
        """Where a port is in the scene."""
        return QPointF(self._corner[0] + spot.x, self._corner[1] + spot.y)

    def set_look(self, look: Look) -> None:
        """Show another look."""
        if look != self.look:
            self.look = look
            self._measure()
            self.scene_rect = self._rect.translated(*self._corner)
            self.update()

    def set_paints(self, paints: Paints) -> None:
        """Use another theme."""
        self._paints = paints
        self.update()

    def show_values(self, caption: str, severity: str) -> None:
        """Show the sizes below the node, and the severity of its worst problem."""
        if (caption, severity) != (self.caption, self.severity):
            if caption != self.caption:
                self.caption = caption
                self._measure()
            self.severity = severity
            self.update()

    def _measure(self) -> None:
        """Update the bounding rectangle; a caption may be wider than its node."""
        rect, bounds = _rects(self.look.width, self.look.height)
        if self.caption:
            right = LEFT + self._paints.measure(self.caption, "caption") + MARGIN
            if right > bounds.right():
                bounds = QRectF(bounds)
                bounds.setRight(right)
        if bounds != self._bounds:
            self.prepareGeometryChange()
        self._rect, self._bounds = rect, bounds

    @property
    def caption_rect(self) -> QRectF:
        """Where the caption is in the scene; empty without one."""
        if not self.caption:
            return QRectF()
        below = self.scene_rect.bottomLeft() + QPointF(LEFT, self._stack)
        return QRectF(below, QSizeF(self._paints.measure(self.caption, "caption"), CAPTION))

    def show_level(self, level: int) -> None:
        """Show activity, 0 to 8."""
        if level != self.level:
            self.level = level
            if self.detail is not Detail.NONE:
                self.update(QRectF(0, self._rect.height() - 12, self._rect.width(), 12))

    def show_detail(self, detail: Detail) -> None:
        """Set how much is painted."""
        if detail is not self.detail:
            self.detail = detail
            self.update()

    def show_selected(self, selected: bool) -> None:
        """Show whether the node is selected."""
        if selected != self.is_selected:
            self.is_selected = selected
            self.setZValue(1 if selected else 0)
            self.update()

    def show_hovered(self, hovered: bool) -> None:
        """Show whether the pointer is over the node."""
        if hovered != self.is_hovered:
            self.is_hovered = hovered
            self.update()

    def show_match(self, is_match: bool | None) -> None:
        """Show whether the node matches a search."""
        if is_match != self.is_match:
            self.is_match = is_match
            self.update()

    def show_ports(self, ports: dict[tuple[str, bool], PortState] | None) -> None:
        """Show which ports accept the wire that is being drawn."""
        if ports != self.ports:
            self.ports = ports
            self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        del option, widget
        if self.detail is Detail.NONE:
            return
        NodeItem.paint_count += 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_body(painter)
        if self.is_match is False or self.look.bypass:
            painter.setOpacity(0.35 if self.is_match is False else 0.6)
        self._paint_edge(painter)
        if self.detail is Detail.FULL:
            self._paint_texts(painter)
            paint_ports(painter, self.look, self.ports, self._paints)
            if self.look.inner:
                paint_inner(painter, self.look.inner, inner_areas(self.look, self._paints.measure), self._paints)
            if self.look.phase:
                paint_tag(painter, self.look.phase, LEFT, self.look.width - LEFT - RIGHT, self._paints)
        else:
            self._paint_far_title(painter)
        self._paint_level(painter)
        painter.setOpacity(1.0)
        if self.severity:
            paint_badge(painter, QPointF(self.look.width - 2, 2), self.severity, self._paints)

    def _paint_body(self, painter: QPainter) -> None:
        p, rect = self._paints, self._rect
        if self.is_selected or self.is_match:
            painter.setPen(p.selected)
            painter.setBrush(p.glow)
            painter.drawRoundedRect(rect.adjusted(-3, -3, 3 + self._stack, 3 + self._stack), RADIUS + 3, RADIUS + 3)
        if self.look.repeat > 1:
            self._paint_stack(painter)
        painter.setPen(p.node_idle if self.look.bypass else p.node_hover if self.is_hovered else p.node_edge)
        painter.setBrush(p.node)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _paint_edge(self, painter: QPainter) -> None:
        family = self.colours
        painter.fillPath(_edge(self.look.height), family.brush)
        if family.divider:
            painter.setPen(family.divider)
            painter.drawLine(QPointF(EDGE, 1), QPointF(EDGE, self._rect.height() - 1))

    def _paint_stack(self, painter: QPainter) -> None:
        """A second and third sheet behind a repeated block."""
        painter.setPen(self._paints.node_edge)
        painter.setBrush(self._paints.node)
        for step in (STACK, STACK / 2):
            painter.drawRoundedRect(self._rect.adjusted(step, step, step, step), RADIUS, RADIUS)

    def _paint_texts(self, painter: QPainter) -> None:
        p, look = self._paints, self.look
        right = look.width - RIGHT
        start = LEFT + GLYPH
        p.paint_glyph(painter, look.family, QRectF(LEFT, TITLE_LINE - 11, 13, 13))
        room = right - start
        title, name_room = look.title, room - p.measure(look.title, "title") - NAME_GAP
        name_width = p.measure(look.name, "name")
        name_below = name_room < name_width
        painter.setFont(p.fonts["title"])
        painter.setPen(p.text)
        painter.drawText(QPointF(start, TITLE_LINE), p.elided(title, "title", room))
        painter.setFont(p.fonts["name"])
        painter.setPen(p.dim)
        detail_room = float(right - LEFT)
        if name_below:
            name = p.elided(
                look.name, "name", max(detail_room / 2, detail_room - NAME_GAP - p.measure(look.detail, "small"))
            )
            name_width = p.measure(name, "name")
            detail_room -= name_width + NAME_GAP
            painter.drawText(QPointF(right - name_width, DETAIL_LINE), name)
        else:
            painter.drawText(QPointF(right - name_width, TITLE_LINE), look.name)
        painter.setFont(p.fonts["small"])
        painter.drawText(QPointF(LEFT, DETAIL_LINE), p.elided(look.detail, "small", detail_room))
        if self.caption:
            painter.setFont(p.fonts["caption"])
            painter.setPen(p.dim)
            painter.drawText(QPointF(LEFT, look.height + self._stack + CAPTION - 2), self.caption)

    def _paint_far_title(self, painter: QPainter) -> None:
        p, look = self._paints, self.look
        painter.setFont(p.fonts["far"])
        painter.setPen(p.text)
        room = look.width - LEFT - 6
        painter.drawText(
            QRectF(LEFT, 0, room, look.height),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            p.elided(look.title, "far", room),
        )

    def _paint_level(self, painter: QPainter) -> None:
        if self.level:
            p, full = self._paints, self.look.width - LEFT - RIGHT
            bar = QRectF(LEFT, self.look.height - 8, full, 2.5)
            painter.setPen(NoPen)
            painter.setBrush(p.track)
            painter.drawRoundedRect(bar, 1.2, 1.2)
            bar.setWidth(full * self.level / LEVELS)
            painter.setBrush(self.colours.outline.color())
            painter.drawRoundedRect(bar, 1.2, 1.2)

    @property
    def colours(self) -> FamilyPaint:
        """The colours of the node: its family's, or of a loss its phase's."""
        phase = self.look.phase
        return (
            self._paints.phase(phase.phase_index)
            if phase and phase.phase_index >= 0
            else self._paints.family(self.look.family)
        )

    @property
    def _stack(self) -> float:
        """How far the sheets behind a repeated block extend beyond it."""
        return STACK if self.look.repeat > 1 else 0.0


@lru_cache(maxsize=1024)
def _rects(width: int, height: int) -> tuple[QRectF, QRectF]:
    """A node's rectangle and bounding rectangle, from its corner; shared by equal nodes, so not to be changed."""
    wide = max(float(width), LEFT + 170.0)
    bounds = QRectF(-MARGIN, -MARGIN, wide + 2 * MARGIN, height + 2 * MARGIN + CAPTION + STACK)
    return QRectF(0, 0, width, height), bounds


@lru_cache(maxsize=256)
def _edge(height: int) -> QPainterPath:
    """The strip at a node's left side, with the node's round corners."""
    whole, strip = QPainterPath(), QPainterPath()
    whole.addRoundedRect(QRectF(0, 0, 4 * RADIUS, height), RADIUS, RADIUS)
    strip.addRect(QRectF(0, 0, EDGE, height))
    return whole.intersected(strip)
