"""What a node is: documentation, shape formula, what is known of it, and what is wrong, with a fix to click."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from gui.canvas.node_item import CAPTION
from gui.canvas.scene import GraphScene
from gui.retiring import retire
from gui.wording import repeated, short_text

WIDTH = 320
PORT_PX = 14  # around a node, where its ports are
FORMULA = "font-family: 'JetBrains Mono'; font-size: 11px"


class InfoCard(QFrame):
    """A card beside a node or wire."""

    fix_wanted = Signal(object)  # the Diagnostic

    def __init__(self, scene: GraphScene, parent: QWidget) -> None:
        super().__init__(parent)
        self.area: Callable[[], QRect] = parent.rect  # where there is room for it
        self.setObjectName("info_card")
        self.setProperty("role", "card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._scene = scene
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(8)
        self.subject = ""
        self.hide()

    def show_node(self, name: str, beside: QRect) -> None:
        """Tell about a node; ``beside``: its rectangle on the parent."""
        node = self._scene.graph.nodes[name]
        declared = layer(node.kind)
        self._clear()
        self.subject = name
        title = node.graph or node.kind
        self._add(f"<b>{escape(title)}</b> &nbsp;<span>{escape(name)}</span>")
        self._add(escape(declared.summary if declared else "This version does not know this kind of layer."), "dim")
        if declared and declared.shape:
            self._add(f"<span style='{FORMULA}'>{escape(declared.shape)}</span>")
        self._add(self._known(name))
        if declared and declared.source:
            self._add(escape(declared.source), "dim")
        for problem in self._scene.knowledge.problems.get(name, ()):
            self._add_problem(problem)
        self._place(beside)

    def show_problem(self, problem: Diagnostic, beside: QRect) -> None:
        """Tell what is wrong with a wire."""
        self._clear()
        self.subject = problem.node or ""
        self._add_problem(problem)
        self._place(beside)

    def _known(self, name: str) -> str:
        known = self._scene.knowledge.node(name)
        if known is None:
            return ""
        rows = [(port, " × ".join(map(str, shape)) or "scalar") for port, shape in known.outputs.items()]
        if known.parameters:
            rows.append(("parameters", repeated("{:,}".format, known.parameters, known.times)))
        if known.macs:
            rows.append(("multiply-adds", f"{repeated(short_text, known.macs, known.times)} / sample"))
        cells = "".join(f"<tr><td>{escape(left)}&nbsp;&nbsp;</td><td>{escape(right)}</td></tr>" for left, right in rows)
        return f"<table cellspacing='0' cellpadding='1'>{cells}</table>" if rows else ""

    def _add(self, text: str, role: str = "") -> None:
        if text:
            label = QLabel(text, self)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setProperty("voice", role or "plain")
            self._column.addWidget(label)

    def _add_problem(self, problem: Diagnostic) -> None:
        colour = self._scene.paints.tokens.error if problem.severity == "error" else self._scene.paints.tokens.warning
        self._add(f"<span style='color:{colour}'>{escape(problem.message)}</span>")
        self._add(escape(problem.hint), "dim")
        if problem.fix:
            button = QPushButton(problem.fix.label, self)
            button.clicked.connect(lambda: self.fix_wanted.emit(problem))
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _clear(self) -> None:
        while item := self._column.takeAt(0):
            if widget := item.widget():
                retire(widget)

    def _place(self, beside: QRect) -> None:
        self.setFixedWidth(WIDTH)
        height = max(self._column.heightForWidth(WIDTH), self._column.minimumSize().height())
        self.setFixedHeight(height)
        self.move(beside_of(beside, self.size(), self.area().adjusted(8, 8, -8, -8)))
        self.show()
        self.raise_()


def beside_of(about: QRect, size: QSize, area: QRect) -> QPoint:
    """Where a card of that size lies in the area without covering what it is about, ports and captions included.

    To the right where there is room, else to the left, below or above; where there is none, where it covers least.
    """
    kept = about.adjusted(-PORT_PX, -PORT_PX, PORT_PX, PORT_PX + round(CAPTION))
    right, bottom = area.right() + 1 - size.width(), area.bottom() + 1 - size.height()
    x = max(area.left(), min(kept.left() + PORT_PX, right))
    y = max(area.top(), min(kept.top() + PORT_PX, bottom))
    beside = (
        QPoint(min(kept.right() + 1, right), y),
        QPoint(max(kept.left() - size.width(), area.left()), y),
        QPoint(x, min(kept.bottom() + 1, bottom)),
        QPoint(x, max(kept.top() - size.height(), area.top())),
    )
    corners = (QPoint(across, down) for across in (area.left(), right) for down in (area.top(), bottom))
    return min((*beside, *corners), key=lambda at: _size(QRect(at, size) & kept))


def _size(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)
