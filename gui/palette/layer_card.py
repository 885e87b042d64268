"""The card about a layer: summary, shape formula, ports, source."""

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port
from gui.formatting.formats import strong
from gui.theme import Theme
from gui.theme.glyph import Glyph

WIDTH_PX = 340
MARGIN_PX = 8


class LayerCard(QFrame):
    """A card beside the pointer or the selected row; it takes no focus, and hides on a key or a move of the pointer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("layer_card")
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH_PX)
        self._theme = theme
        self._glyph = Glyph(theme, 16)
        self._title, self._summary, self._shape, self._more = QLabel(), QLabel(), QLabel(), QLabel()
        self._title.setProperty("voice", "title")
        self._more.setProperty("voice", "small")
        for label in (self._summary, self._shape, self._more):
            label.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._glyph)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(head)
        for label in (self._summary, self._shape, self._more):
            column.addWidget(label)

    def set_layer(self, title: str, family: str, summary: str, kind: str) -> None:
        """Show the entry with that title, which adds a node of ``kind``."""
        declared = layer(kind)
        self._glyph.set_family(family)
        self._title.setText(title)
        self._summary.setText(escape(summary))
        has_shape = declared is not None and declared.role in ("layer", "loss", "metric")
        lines = (declared.formula, declared.shape.text) if declared and has_shape else ()
        shape = "\n".join(filter(None, lines))
        self._shape.setFont(self._theme.font("mono"))
        self._shape.setText(shape.replace("->", "\u2192"))
        self._shape.setVisible(bool(shape))
        more = _more(declared) if declared else ""
        self._more.setText(more)
        self._more.setVisible(bool(more))
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
