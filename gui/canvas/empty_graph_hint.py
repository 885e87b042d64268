"""The hint on an empty graph: the next step, with buttons for it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.graph.compose import free_name, new_node
from engine.graph.edits import AddNode, Batch, Edit
from gui.actions.actions import Actions
from gui.canvas.items.node_layout import HEIGHT
from gui.canvas.scene.scene import GraphScene
from gui.state.data_fields import available_fields

GAP_PX = 88  # between two inputs
SPACE_PX = 16  # between the text and the buttons
MAX_FIELDS = 6
NO_FILE = "D108"  # the file that holds the data is not named


class Step(NamedTuple):
    """The next step. ``action``: the text of the first button, and its function."""

    title: str
    hint: str
    action: tuple[str, Callable[[], object]] | None = None


class Greeting(QWidget):
    """The text in the middle of an empty canvas, transparent to the mouse, with ``buttons`` below it."""

    data_wanted = Signal()

    def __init__(self, scene: GraphScene, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("greeting")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.buttons = QWidget(parent)
        self._host = parent
        self._scene, self._actions = scene, actions
        self._title, self._hint = QLabel(), QLabel()
        self._title.setProperty("voice", "dialog_title")
        self._hint.setProperty("voice", "dim")
        for label in (self._title, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
        self._first = self._button("greeting_first", self._do_first)
        self._add = self._button("greeting_add", actions["graph.add"].trigger, "Add a layer  (Tab)")
        self._template = self._button("greeting_template", actions["file.new"].trigger, "Templates...")
        self._action: Callable[[], object] | None = None
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self._first, self._add, self._template):
            row.addWidget(button)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        self.hide()
        self.buttons.hide()

    def refresh(self) -> None:
        """Show the next step while the graph is empty."""
        is_empty = not self._scene.graph.nodes and not self._scene.document.read_only
        self.setVisible(is_empty)
        self.buttons.setVisible(is_empty)
        if not is_empty:
            return
        step = self._step()
        self._title.setText(step.title)
        self._hint.setText(step.hint)
        self._first.setVisible(step.action is not None)
        if step.action is not None:
            label, self._action = step.action
            self._first.setText(label)
        self._template.setVisible(self._is_main)
        self.place()

    def place(self) -> None:
        """Move to the middle of the canvas, as large as the text needs."""
        room, bar = self._host.rect(), self.buttons.sizeHint()
        width = min(640, room.width() - 20)
        height = self._column.totalHeightForWidth(width)
        top = max(8, (room.height() - height - SPACE_PX - bar.height()) // 2)
        self.setGeometry((room.width() - width) // 2, top, width, height)
        self.buttons.setGeometry((room.width() - bar.width()) // 2, top + height + SPACE_PX, bar.width(), bar.height())

    @property
    def _is_main(self) -> bool:
        return self._scene.graph_name == self._scene.document.project.main

    def _step(self) -> Step:
        if not self._is_main:
            hint = "Add an Input for each value that it takes, and an Output for each that it gives."
            return Step("This block is empty", hint, ("Add Input and Output", lambda: self._add_nodes(_ends())))
        fields = [field.name for field in available_fields(self._scene.document.project.data, self._scene.fields)]
        if not fields or self._scene.lacks(NO_FILE):
            hint = "What the network learns from: a table, images, arrays, or a data set that comes with Torchloom."
            return Step("First choose the data", hint, ("Choose data", self.data_wanted.emit))
        fields_text = " and ".join(fields) if len(fields) < 3 else "the inputs"
        hint = "Then add layers after them: press Tab, double-click here, or drag one from the list at the left."
        inputs = [("Input", name, {"field": name}) for name in fields[:MAX_FIELDS]]
        return Step("Start with the network's inputs", hint, (f"Add {fields_text}", lambda: self._add_nodes(inputs)))

    def _do_first(self) -> None:
        if self._action is not None:
            self._action()

    def _add_nodes(self, nodes: list[tuple[str, str, dict[str, str]]]) -> None:
        graph, edits = self._scene.graph, list[Edit]()
        for row, (kind, like, params) in enumerate(nodes):
            across = 0.0 if kind == "Input" else 480.0
            node = new_node(kind, (across, row * (HEIGHT + GAP_PX) if kind == "Input" else 0.0))
            node.params.update(params)
            edits.append(AddNode(self._scene.graph_name, free_name(graph, kind, like), node))
        self._scene.document.do(Batch(self._first.text(), tuple(edits)))

    def _button(self, name: str, act: Callable[[], object], text: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(act)
        return button


def _ends() -> list[tuple[str, str, dict[str, str]]]:
    return [("Input", "x", {}), ("Output", "y", {})]
