"""The info card of a node: documentation, shape formula, analysis results, and problems with their fixes."""

from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.check.diagnostics import Diagnostic
from gui.canvas.card.placing import PORT_PX, beside, free_place
from gui.canvas.items.node_item import CAPTION
from gui.canvas.scene.scene import GraphScene
from gui.formatting.formats import repeated_text, short_text
from gui.widgets.removal import remove_widget

WIDTH = 320
FORMULA = "font-family: 'JetBrains Mono'; font-size: 11px"


PIN_HINT = "Press I to keep this card open and use its fix."


class InfoCard(QFrame):
    """A card near a node or wire, where it covers no other node.

    Until it is pinned, mouse events pass through it, and its fix cannot be clicked.
    """

    fix_wanted = Signal(object)  # the Diagnostic

    def __init__(self, scene: GraphScene, parent: QWidget) -> None:
        super().__init__(parent)
        self.area: Callable[[], QRect] = parent.rect  # the rectangle that it may use
        self.setObjectName("info_card")
        self.setProperty("role", "card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._scene = scene
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(8)
        self.subject, self.is_pinned = "", False
        self.hide()

    def show_node(self, name: str, about: QRect, obstacles: Sequence[QRect], *, pinned: bool) -> bool:
        """Show the card of a node; false if there is no room. A pinned card is always shown.

        ``about``: the node's rectangle on the parent; ``obstacles``: those of all nodes and notes.
        """
        node = self._scene.graph.nodes[name]
        declared = layer(node.kind)
        self._clear(name, pinned=pinned)
        self._add_title(name)
        self._add(escape(declared.summary if declared else "This version does not know this kind of layer."), "dim")
        if declared and declared.shape.text:
            self._add(f"<span style='{FORMULA}'>{escape(declared.shape.text)}</span>")
        self._add(self._results_table(name))
        if declared and declared.source:
            self._add(escape(declared.source), "dim")
        problems = self._scene.graph_results.problems.get(name, ())
        for problem in problems:
            self._add_problem(problem)
        if self._place(about, obstacles):
            return True
        self._clear(name, pinned=pinned)  # a shorter card, which takes less room
        self._add_title(name)
        for problem in problems:
            self._add_problem(problem)
        if not problems:
            self._add(self._results_table(name))
        return self._place(about, obstacles)

    def show_problem(self, problem: Diagnostic, about: QRect, obstacles: Sequence[QRect]) -> bool:
        """Show the problem of a wire; false if there is no room."""
        self._clear(problem.node or "", pinned=False)
        self._add_problem(problem)
        return self._place(about, obstacles)

    def pin(self) -> None:
        """Stay open, and accept clicks."""
        self.is_pinned = True
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)

    def _clear(self, subject: str, *, pinned: bool) -> None:
        while item := self._column.takeAt(0):
            if widget := item.widget():
                remove_widget(widget)
        self.subject, self.is_pinned = subject, pinned
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not pinned)

    def _add_title(self, name: str) -> None:
        node = self._scene.graph.nodes[name]
        self._add(
            f"<span style='font-weight: 600'>{escape(node.graph or node.kind)}</span> &nbsp;<span>{escape(name)}</span>"
        )

    def _results_table(self, name: str) -> str:
        results = self._scene.graph_results.node(name)
        if results is None:
            return ""
        rows = [(port, " × ".join(map(str, shape)) or "scalar") for port, shape in results.outputs.items()]
        if results.parameters:
            rows.append(("parameters", repeated_text("{:,}".format, results.parameters, results.times)))
        if results.macs:
            rows.append(("multiply-adds", f"{repeated_text(short_text, results.macs, results.times)} / sample"))
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
        tone = self._scene.graph_results.tone(problem)
        self._add(escape(problem.message), tone if tone in ("error", "warning") else "")
        self._add(escape(problem.hint), "dim")
        if problem.fix:
            button = QPushButton(problem.fix.label, self)
            button.clicked.connect(lambda: self.fix_wanted.emit(problem))
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            if not self.is_pinned:
                self._add(PIN_HINT, "dim")

    def _place(self, about: QRect, obstacles: Sequence[QRect]) -> bool:
        """Show the card where it covers nothing; a pinned one where it covers least of its node."""
        self.setFixedWidth(WIDTH)
        frame = 2 * self.frameWidth()  # which the layout does not count
        height = max(self._column.heightForWidth(WIDTH - frame), self._column.minimumSize().height()) + frame
        self.setFixedHeight(height)
        area, size = self.area().adjusted(8, 8, -8, -8), QSize(WIDTH, height)
        clear = _around(about)
        at = free_place(size, clear, [clear, *map(_around, obstacles)], area)
        if at is None and self.is_pinned:
            at = beside(size, clear, area)
        if at is None:
            self.hide()
            return False
        self.move(at)
        self.show()
        self.raise_()
        return True


def _around(node: QRect) -> QRect:
    """The rectangle of a node with its ports and its caption."""
    return node.adjusted(-PORT_PX, -PORT_PX, PORT_PX, PORT_PX + round(CAPTION))
