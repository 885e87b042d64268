"""The section of a block use's page for its rounds: called once, or as a loop over an axis or a count."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.params import Choice, Int, Param, Value
from engine.graph.compose import set_rounds, usual_rounds
from engine.graph.loops import MAX_ROUNDS, LoopSettings
from engine.graph.model import Graph, Node, Unset
from gui.forms.editors import EditorContext
from gui.forms.form import Form
from gui.forms.scope import Scope
from gui.forms.sections import Section
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

ONCE, OVER, A_NUMBER_OF_TIMES = "once", "per entry", "n times"
SAME = "unchanged"
ENTRY = "axis {}"
CARRIED = "from {}"
LAST, STACKED = "last", "stacked"
TAKES = "{} in a round: unchanged, the next entry of an axis, or an output of the round before."
GIVES = "{} after the loop: the value of the last round, or those of all rounds, stacked."
AXES = (1, 2, 3, -1)
USUAL_COUNT = 3
CALLED = Choice(
    "called",
    ONCE,
    options=(ONCE, OVER, A_NUMBER_OF_TIMES),
    help="Once, a round for each entry of an axis of some inputs, or n rounds; always with the same weights.",
)
COUNT = Int("count", 1, min=1, max=MAX_ROUNDS, help="The number of rounds.")
FORMS = ((CALLED,), (COUNT,))


class RoundsSection(QWidget):
    """Shows and changes the rounds of one use of a block. ``scope``: returns what its expressions may read."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme, scope: Callable[[], Scope]) -> None:
        super().__init__()
        self._document, self._theme = document, theme
        self._graph = self._name = ""
        self._node = Node("")
        box = QWidget()
        self._inside = QVBoxLayout(box)
        self._inside.setContentsMargins(0, 0, 0, 0)
        context = EditorContext(scope=scope, literal=(CALLED.name,))
        self.form, self.count = (Form(params, theme, document.gesture, live=False, context=context) for params in FORMS)
        self.ports = Form((), theme, document.gesture, live=False)
        for form in (self.form, self.count):
            form.edited.connect(self._set)
            form.help_changed.connect(self.help_changed)
            self._inside.addWidget(form)
        self.section = Section("Rounds", theme, box, is_open=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.section)
        column.addWidget(box)

    def show_node(self, graph: str, name: str, node: Node) -> None:
        """Show a node; nothing for one that is no use of a block of the project."""
        if (graph, name) != (self._graph, self._name):
            self.count.drop_texts()
        self._graph, self._name, self._node = graph, name, node
        block = self._document.project.graphs.get(node.graph or "") if node.uses_block else None
        self.setVisible(block is not None)
        if block is None:
            return
        params = _params(block, node.loop)
        if params != self.ports.params:
            self._replace_ports(params)
        self.form.show_values(
            {CALLED.name: ONCE if node.loop is None else OVER if node.loop.over else A_NUMBER_OF_TIMES}
        )
        self.count.setVisible(node.loop is not None and not node.loop.over)
        if node.loop:
            self.count.show_values({COUNT.name: node.loop.count})
            self.ports.show_values(_values(node.loop))
        if node.loop and not self.section.isChecked():
            self.section.setChecked(True)

    def _replace_ports(self, params: tuple[Param, ...]) -> None:
        remove_widget(self.ports)
        self.ports = Form(params, self._theme, self._document.gesture, live=False)
        self.ports.edited.connect(self._set_port)
        self.ports.help_changed.connect(self.help_changed)
        self._inside.addWidget(self.ports)

    def _set(self, name: str, value: Value | Unset, _: int) -> None:
        project, loop = self._document.project, self._node.loop
        if name == CALLED.name:
            usual = usual_rounds(project, self._node.graph or "")
            rounds = replace(loop or usual, over=(), count=USUAL_COUNT)
            over = replace(loop, over=usual.over, count=None) if loop and usual.over else usual
            loop = {OVER: over, A_NUMBER_OF_TIMES: rounds}.get(str(value))
        elif loop:
            loop = replace(loop, count=COUNT.default if isinstance(value, Unset) else value)
        self._document.do(set_rounds(project, self._graph, self._name, loop))

    def _set_port(self, name: str, value: Value | Unset, _: int) -> None:
        project, loop = self._document.project, self._node.loop
        if loop:
            loop = _with_port(loop, project.graphs[self._node.graph or ""], name, value)
            self._document.do(set_rounds(project, self._graph, self._name, loop))


def _params(block: Graph, loop: LoopSettings | None) -> tuple[Param, ...]:
    if loop is None:
        return ()
    outputs = tuple(block.of_kind("Output"))
    axes = _axes(loop) if loop.over else ()
    takes = (SAME, *(ENTRY.format(axis) for axis in axes), *(CARRIED.format(output) for output in outputs))
    inputs = (
        Choice(
            port,
            SAME,
            options=takes,
            help=TAKES.format(port),
        )
        for port in block.of_kind("Input")
    )
    gives = (
        Choice(
            port,
            LAST,
            options=(LAST, STACKED),
            help=GIVES.format(port),
        )
        for port in outputs
    )
    return (*inputs, *gives)


def _axes(loop: LoopSettings) -> tuple[int, ...]:
    """The axes to choose from: the usual ones, and those of the file."""
    return tuple(dict.fromkeys((*AXES, *(axis for _, axis in loop.over))))


def _values(loop: LoopSettings) -> dict[str, Value]:
    values: dict[str, Value] = {port: ENTRY.format(axis) for port, axis in loop.over}
    values |= {port: CARRIED.format(output) for port, output in loop.carry}
    return values | dict.fromkeys(loop.collect, STACKED)


def _with_port(loop: LoopSettings, block: Graph, name: str, value: Value | Unset) -> LoopSettings:
    """The rounds after one port has another choice."""
    if name in block.of_kind("Output"):
        collect = {*loop.collect, name} if value == STACKED else {*loop.collect} - {name}
        return replace(loop, collect=tuple(port for port in block.of_kind("Output") if port in collect))
    over, carry = dict(loop.over), dict(loop.carry)
    over.pop(name, None)
    carry.pop(name, None)
    axis = next((axis for axis in _axes(loop) if value == ENTRY.format(axis)), None)
    output = next((output for output in block.of_kind("Output") if value == CARRIED.format(output)), None)
    if axis is not None:
        over[name] = axis
    elif output is not None:
        carry[name] = output
    inputs = list(block.of_kind("Input"))
    return replace(
        loop,
        over=tuple((port, over[port]) for port in inputs if port in over),
        carry=tuple((port, carry[port]) for port in inputs if port in carry),
    )
