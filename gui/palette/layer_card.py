"""The card about a layer: summary, shape formula, ports, source; that of a block has a picture and its parameters."""

from collections.abc import Callable
from html import escape
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port
from engine.graph.model import Graph
from gui.formatting.formats import strong
from gui.matching.typed_values import values_text
from gui.theme import Theme
from gui.theme.glyph import Glyph
from gui.theme.tokens import Tokens

WIDTH_PX = 340
MARGIN_PX, SIDE_PX = 8, 14
PICTURE_PX = 150  # at most
EDGE_PX = 12  # around a picture


class Picture(Protocol):
    """Draws a graph small."""

    def height_for(self, width: float) -> float:
        """The height that it needs at a width, in pixels."""

    def paint(self, painter: QPainter, tokens: Tokens, area: QRectF) -> None:
        """Draw it to fit a rectangle."""


MakePicture = Callable[[Graph], Picture]


class PictureArea(QWidget):
    """The place of a picture in the card, on the canvas's colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._picture: Picture | None = None

    def set_picture(self, picture: Picture | None, width: int) -> None:
        """Show a picture at a width, or nothing."""
        self._picture = picture
        if picture is not None:
            self.setFixedHeight(min(PICTURE_PX, round(picture.height_for(width - 2 * EDGE_PX)) + 2 * EDGE_PX))
        self.setVisible(picture is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("canvas"))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        area = QRectF(self.rect()).adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        self._picture.paint(painter, self._theme.tokens, area)
        painter.end()


class LayerCard(QFrame):
    """A card beside the pointer or the selected row; it takes no focus, and hides on a key or a move of the pointer."""

    def __init__(self, theme: Theme, make_picture: MakePicture | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("layer_card")
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_PX)
        self._theme, self._make_picture = theme, make_picture
        self._area = PictureArea(theme)
        self._glyph = Glyph(theme, 16)
        self._title, self._summary, self._shape, self._more = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setProperty("voice", "title")
        self._more.setProperty("voice", "small")
        for label in (self._summary, self._shape, self._more):
            label.setWordWrap(True)
        for label in (self._title, self._summary, self._shape):
            label.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._glyph)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 12, SIDE_PX, 12)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self._summary, self._area, self._shape, self._more):
            column.addWidget(part)

    def set_layer(self, title: str, family: str, summary: str, kind: str) -> None:
        """Show the entry with that title, which adds a node of ``kind``."""
        declared = layer(kind)
        has_shape = declared is not None and declared.role in ("layer", "loss", "metric")
        lines = (declared.formula, declared.shape.text) if declared and has_shape else ()
        shape = "\n".join(filter(None, lines)).replace("->", "\u2192")
        self._set(title, family, summary, shape, _more(declared) if declared else "")

    def set_block(self, title: str, summary: str, graph: Graph, origin: str = "") -> None:
        """Show a block; ``origin``: its library and version, if it is from one."""
        lines = [_inside(graph), origin and escape(origin)]
        self._set(title, "structure", summary, "", "<br>".join(filter(None, lines)), graph)

    def set_problem(self, title: str, text: str) -> None:
        """Show why there is nothing of that title to add."""
        self._set(title, "structure", text)

    def _set(
        self, title: str, family: str, summary: str, shape: str = "", more: str = "", graph: Graph | None = None
    ) -> None:
        self._glyph.set_family(family)
        self._title.setText(title)
        self._summary.setText(summary)
        self._shape.setFont(self._theme.font("mono"))
        self._shape.setText(shape)
        self._shape.setVisible(bool(shape))
        self._more.setText(more)
        self._more.setVisible(bool(more))
        picture = self._make_picture(graph) if graph and graph.nodes and self._make_picture else None
        self._area.set_picture(picture, WIDTH_PX - 2 * SIDE_PX)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{summary} {shape}")

    def show_beside(self, anchor: QRect) -> None:
        """Show the card to the right of a rectangle on the screen, or to its left where there is no room."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = anchor.right() + MARGIN_PX
        if x + self.width() > screen.right():
            x = anchor.left() - MARGIN_PX - self.width()
        y = max(screen.top(), min(anchor.top() - MARGIN_PX, screen.bottom() - self.height()))
        self.move(QPoint(x, y))
        self.show()


def _more(declared: Layer) -> str:
    lines = [f"{_ports('in', declared.inputs)}", f"{_ports('out', declared.outputs)}"]
    if declared.source:
        lines.append(escape(declared.source))
    return "<br>".join(line for line in lines if line)


def _ports(side: str, ports: tuple[Port, ...]) -> str:
    if len(ports) < 2 and not any(port.help for port in ports):
        return ""
    parts = [f"{strong(port.name)}{f' ({port.help.rstrip(chr(46))})' if port.help else ''}" for port in ports]
    return f"{side}: {', '.join(parts)}"


def _inside(graph: Graph) -> str:
    """The ports and parameters of a block."""
    lines = [f"{side}: {', '.join(map(strong, map(escape, names)))}" for side, names in _sides(graph) if names]
    if graph.params:
        values = values_text(tuple((name, param.default) for name, param in graph.params.items()))
        lines.append(f"parameters: {escape(values)}")
    return "<br>".join(lines)


def _sides(graph: Graph) -> tuple[tuple[str, list[str]], ...]:
    return ("in", list(graph.of_kind("Input"))), ("out", list(graph.of_kind("Output")))
