"""The phase of a training that a loss belongs to: its colour, and its name on the node's upper edge."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from engine.graph.model import Project
from engine.graph.phases import phases_of_loss
from gui.canvas.items.style import Paints

HEIGHT, PAD = 15.0, 6.0
NO_PHASE = "no phase"


class Tag(NamedTuple):
    """The names of the phases that use a loss, and the first one's index; -1 if none does."""

    text: str
    phase_index: int


def phase_tag(project: Project, graph: str, name: str) -> Tag | None:
    """The tag of a loss; ``None`` where the training lists no phases, or the graph is a block."""
    phases = project.training.phases
    if not phases or graph != project.main:
        return None
    places = phases_of_loss(project.training, name)
    return Tag(", ".join(phases[index].name for index in places) or NO_PHASE, places[0] if places else -1)


def paint_tag(painter: QPainter, tag: Tag, left: float, room: float, paints: Paints) -> None:
    """Paint a tag across the upper edge of a node."""
    text = paints.elided(tag.text, "label", room - 2 * PAD)
    rect = QRectF(left, -HEIGHT / 2, paints.measure(text, "label") + 2 * PAD, HEIGHT)
    painter.setPen(paints.phase(tag.phase_index).outline if tag.phase_index >= 0 else paints.node_idle)
    painter.setBrush(paints.node)
    painter.drawRoundedRect(rect, HEIGHT / 2, HEIGHT / 2)
    painter.setFont(paints.fonts["label"])
    painter.setPen(paints.text if tag.phase_index >= 0 else paints.dim)
    painter.drawText(QPointF(rect.left() + PAD, 4.0), text)
