"""The inputs or the outputs of a block: a line for each, in their order, and a button that adds one."""

from collections.abc import Callable, Container, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.catalog.params import Value
from engine.graph.compose import add_port, move_port, remove, rename
from engine.graph.compose.block_ports import Side
from engine.graph.edits import Edit, EditError
from engine.graph.model import Project, Unset
from gui.forms.entry_buttons import EntryButtons
from gui.forms.form import Form
from gui.forms.node_name import NodeName
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

LABEL_PX = 66


class PortsForm(QWidget):
    """The ports of one side; every change is one undo step, and holds for all uses of the block."""

    help_changed = Signal(str)

    def __init__(self, side: Side, document: Document, theme: Theme) -> None:
        super().__init__()
        self._side: Side = side
        self._document, self._theme = document, theme
        self._block = ""
        self.lines: list[PortLine] = []
        self.add = QPushButton(f"Add an {side.lower()}")
        self.add.clicked.connect(lambda: self._do(lambda project: add_port(project, self._block, self._side)))
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_block(self, block: str) -> None:
        """Show the present ports of a block."""
        self._block = block
        names = list(self._document.project.graphs[block].of_kind(self._side))
        while len(self.lines) > len(names):
            remove_widget(self.lines.pop())
        while len(self.lines) < len(names):
            self._list.addWidget(self._line())
        for place, (line, name) in enumerate(zip(self.lines, names, strict=True)):
            line.show_port(name, is_first=place == 0, is_last=place == len(names) - 1)

    def _line(self) -> "PortLine":
        title = f"{self._side.lower()} {len(self.lines) + 1}"
        line = PortLine(title, self._node_names, self._document.gesture, self._theme)
        line.renamed.connect(lambda old, new: self._do(lambda project: rename(project, self._block, old, new)))
        line.moved.connect(lambda name, by: self._do(lambda project: move_port(project, self._block, name, by)))
        line.removed.connect(lambda name: self._do(lambda project: remove(project, self._block, [name])))
        line.help_changed.connect(self.help_changed)
        self.lines.append(line)
        return line

    def _node_names(self) -> Iterable[str]:
        return self._document.project.graphs[self._block].nodes

    def _do(self, make_edit: Callable[[Project], Edit]) -> None:
        try:
            edit = make_edit(self._document.project)
        except EditError as wrong:
            self._document.edit_refused.emit(f"{self._block}: {wrong}.")
        else:
            self._document.do(edit)


class PortLine(QWidget):
    """The name of one port, and buttons that move or remove it. The signals carry its name first."""

    renamed = Signal(str, str)
    moved = Signal(str, int)
    removed = Signal(str)
    help_changed = Signal(str)

    def __init__(
        self, title: str, names: Callable[[], Iterable[str]], gesture: Callable[[], int], theme: Theme
    ) -> None:
        super().__init__()
        self._title, self._names, self._port = title, names, ""
        param = NodeName(
            title, None, required=True, help="Its name, in the code and at all uses.", other_names=self._other_names
        )
        self.form = Form((param,), theme, gesture, live=False, label_px=LABEL_PX)
        self.form.edited.connect(lambda _, value, __: self._rename(value))
        self.form.help_changed.connect(self.help_changed)
        self.buttons = EntryButtons(theme)
        self.buttons.moved.connect(lambda by: self.moved.emit(self._port, by))
        self.buttons.removed.connect(lambda: self.removed.emit(self._port))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.form, 1)
        row.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignTop)

    def show_port(self, name: str, *, is_first: bool, is_last: bool) -> None:
        """Show a port; an invalid name that was typed for it stays, with the reason, until it is corrected."""
        if name != self._port or not self.form.rows[self._title].wrong:
            self._port = name
            self.form.show_values({self._title: name})
        self.buttons.show_place(name, is_first=is_first, is_last=is_last)

    def _other_names(self) -> Container[str]:
        return {each for each in self._names() if each != self._port}

    def _rename(self, value: Value | Unset) -> None:
        if isinstance(value, str) and not self.form.params[0].problem(value) and value != self._port:
            self.renamed.emit(self._port, value)
