"""Find nodes in the shown graph, by name, kind, parameter or problem, and blocks also by what is inside them."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.graph.model import Node, Project
from gui.canvas.scene.scene import GraphScene
from gui.matching.fuzzy import WORD, score
from gui.theme.theme import Theme


def texts(scene: GraphScene, name: str, node: Node) -> Iterator[str]:
    """The texts by which a node can be found."""
    yield name
    yield node.kind
    yield node.graph or ""
    yield scene.nodes[name].look.detail
    declared = layer(node.kind)
    usual = {param.name: param.default for param in declared.params if param.required} if declared else {}
    for parameter, value in (usual | node.params).items():  # a node may leave out the default of a required one
        yield f"{parameter}={value.text if isinstance(value, Expression) else value}"
    for problem in scene.graph_results.problems.get(name, ()):
        yield f"{problem.code} {problem.message}"
    yield from _inner_texts(scene.document.project, node.graph, {scene.graph_name})


def _inner_texts(project: Project, block: str | None, above: set[str]) -> Iterator[str]:
    """The names and kinds within a block, so that what is inside is found at its use."""
    graph = project.graphs.get(block or "")
    if graph is None or block is None or block in above:
        return
    for name, node in graph.nodes.items():
        yield f"{name} {node.graph or node.kind}"
        yield from _inner_texts(project, node.graph, {*above, block})


def matches(scene: GraphScene, query: str) -> list[str]:
    """The nodes that match every word, in the graph's order; letters with gaps count only in names."""
    words = query.lower().replace("\u00d7", "x").split()
    names = []
    for name, node in scene.graph.nodes.items() if words else ():
        node_texts = [text.lower().replace("\u00d7", "x") for text in texts(scene, name, node)]
        if all(any(word in text for text in node_texts) or score(word, name) >= WORD - 100 for word in words):
            names.append(name)
    return names


class FindBar(QFrame):
    """A field at the canvas's upper edge. Enter goes to the next match, Shift+Enter to the previous one."""

    matches_changed = Signal(object)  # the names, or None when the search is over
    match_activated = Signal(str)  # the match to go to
    closed = Signal()

    def __init__(self, scene: GraphScene, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self.setProperty("role", "card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._scene, self._theme = scene, theme
        self._names: list[str] = []
        self._index = 0
        self.field = QLineEdit(self, placeholderText="Name, kind, parameter or problem")
        self.field.setObjectName("find_field")
        self.field.setAccessibleName("Find in the graph")
        self.field.setMinimumWidth(220)
        self.count = QLabel(self)
        self.count.setProperty("voice", "small")
        self.count.setMinimumWidth(62)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.field)
        row.addWidget(self.count)
        self._buttons = [
            self._button("chevron-up", "Previous match", lambda: self.step(-1)),
            self._button("chevron-down", "Next match", lambda: self.step(1)),
            self._button("close", "Close", self.finish),
        ]
        for button, _ in self._buttons:
            row.addWidget(button)
        self.field.textEdited.connect(self._search)
        self.field.installEventFilter(self)
        theme.changed.connect(self._show_icons)
        self._show_icons()
        self.hide()

    def keep_clear(self, node_rects: Sequence[QRect], area: QRect) -> None:
        """Move along the upper edge: to the right if that covers no node, or else where it covers the fewest."""
        self.adjustSize()
        spare = area.width() - self.width()
        places = [QRect(area.left() + spare * part // 2, area.top(), self.width(), self.height()) for part in (2, 0, 1)]
        self.move(min(places, key=lambda place: sum(map(place.intersects, node_rects))).topLeft())

    def open(self) -> None:
        """Open with the last query."""
        self.show()
        self.raise_()
        self.adjustSize()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._search(self.field.text())

    def finish(self) -> None:
        """Close."""
        if self.isVisible():
            self.hide()
            self.matches_changed.emit(None)
            self.closed.emit()

    def step(self, by: int) -> None:
        """Go to another match."""
        if self._names:
            self._index = (self._index + by) % len(self._names)
            self._show_count()
            self.match_activated.emit(self._names[self._index])

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.finish()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return super().eventFilter(target, event)

    def _search(self, query: str) -> None:
        self._names, self._index = matches(self._scene, query), -1
        self._show_count()
        self.matches_changed.emit(frozenset(self._names) if query.strip() else None)

    def _show_count(self) -> None:
        total = len(self._names)
        if not self.field.text().strip():
            self.count.setText("")
        elif not total:
            self.count.setText("none")
        else:
            self.count.setText(f"{self._index + 1} of {total}" if self._index >= 0 else f"{total} found")

    def _button(self, icon: str, tip: str, act: Callable[[], None]) -> tuple[QToolButton, str]:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setAccessibleName(tip)
        button.clicked.connect(act)
        return button, icon

    def _show_icons(self) -> None:
        for button, icon in self._buttons:
            button.setIcon(self._theme.icon(icon, "text_dim"))
