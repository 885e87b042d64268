"""The keyboard shortcuts and what the mouse does, made from the table of actions."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from gui.actions.actions import ACTION_SPECS, MENUS, Actions, ActionSpec
from gui.common_dialogs.dialog import Dialog, text_label

COLUMNS = 3
OTHER_PX = 172  # height of title, search field and button
ON_GRAPH = (
    ("Follow a wire, or go to the nearest node", ("Arrows",)),
    ("Add to the selection on the way", ("Shift+Arrows",)),
    ("Move nodes, a frame or a note", ("Ctrl+Arrows",)),
    ("Finish writing a note", ("Ctrl+Return",)),
)
EVERYWHERE = (
    ("Next, previous control", ("Tab", "Shift+Tab")),
    ("Back to the graph; discard what was typed", ("Esc",)),
    ("Open a menu, choose an entry", ("Alt+letter", "letter")),
)
MOUSE = (
    ("Add a layer", "Double-click the canvas"),
    ("Wire", "Drag from a port, or click two ports"),
    ("Reconnect a wire", "Drag it off its input"),
    ("Insert into a wire", "Drop a node on it; Shift suspends"),
    ("Pan", "Middle-drag, or Space and drag"),
    ("Zoom", "Wheel"),
    ("Select many", "Drag over the canvas; Ctrl toggles, Shift adds"),
    ("Cut wires", "Ctrl and right-drag"),
    ("Add reroute dots", "Shift and right-drag, or Alt and click"),
)


class ShortcutsDialog(Dialog):
    """Every action that has a shortcut, by menu, and what the mouse does; the search field filters them."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("shortcuts", "Keyboard and mouse", parent)
        self.field = QLineEdit()
        self.field.setObjectName("shortcuts_search")
        self.field.setPlaceholderText("Search")
        self.field.setAccessibleName("Search")
        self.field.textChanged.connect(self._filter)
        self.body.addWidget(self.field)
        self._lines: list[tuple[str, QWidget]] = []
        self._sections: list[tuple[QWidget, list[QWidget]]] = []
        inside = QWidget()
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(0, 4, 12, 0)
        self._columns.setSpacing(30)
        self._stacks = [_stack(column) for column in _in_columns(self._make_sections(actions))]
        for stack in self._stacks:
            self._columns.addWidget(stack, 1)
        self._free_space = self._columns.count()
        self._columns.addStretch(0)
        self.nothing = text_label("", "dim")
        self.nothing.hide()
        self.body.addWidget(self.nothing)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(inside.minimumSizeHint().width() + area.verticalScrollBar().sizeHint().width())
        self.body.addWidget(area, 1)
        self.add_close()
        self.resize(1060, inside.sizeHint().height() + OTHER_PX)

    def _make_sections(self, actions: Actions) -> list[QWidget]:
        groups = [(menu, _rows(actions, menu)) for menu in MENUS]
        sections = [
            self._section(menu, [(row.text.rstrip("."), _keys(row)) for row in rows]) for menu, rows in groups if rows
        ]
        sections += [self._section("On the graph", ON_GRAPH), self._section("Everywhere", EVERYWHERE)]
        sections.append(self._section("Mouse", [(what, [how]) for what, how in MOUSE], keys=False))
        return sections

    def _section(self, title: str, lines: Sequence[tuple[str, Sequence[str]]], *, keys: bool = True) -> QWidget:
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        grid.addWidget(text_label(title, "section"), 0, 0, 1, 2)
        names: list[QWidget] = []
        for row, (what, how) in enumerate(lines, 1):
            name = text_label(what)
            value = _key_caps(how) if keys else text_label(how[0], "small", wrap=True)
            alignment = Qt.AlignmentFlag.AlignVCenter if keys else Qt.AlignmentFlag.AlignTop
            grid.addWidget(name, row, 0, alignment)
            grid.addWidget(value, row, 1, alignment)
            if not keys:
                grid.setColumnStretch(1, 1)
            search_text = f"{title} {what} {' '.join(how)}".casefold()
            self._lines += [(search_text, name), (search_text, value)]
            names.append(name)
        self._sections.append((section, names))
        return section

    def _filter(self, text: str) -> None:
        terms = text.casefold().split()
        for words, widget in self._lines:
            widget.setVisible(all(word in words for word in terms))
        for section, names in self._sections:
            section.setVisible(any(not name.isHidden() for name in names))
        visible_stacks = [
            stack for stack in self._stacks if any(not section.isHidden() for section in _sections(stack))
        ]
        for stack in self._stacks:
            stack.setVisible(stack in visible_stacks)
        free_columns = COLUMNS - len(visible_stacks)  # which take room, so that the others keep their width
        self._columns.setStretch(self._free_space, free_columns)
        self.nothing.setText(f"No shortcut has all of: {text.strip()}")
        self.nothing.setVisible(not visible_stacks)


def _stack(sections: Sequence[QWidget]) -> QWidget:
    """A column of sections."""
    stack = QWidget()
    down = QVBoxLayout(stack)
    down.setContentsMargins(0, 0, 0, 0)
    down.setSpacing(18)
    for section in sections:
        down.addWidget(section)
    down.addStretch(1)
    return stack


def _sections(stack: QWidget) -> list[QWidget]:
    return [each for each in stack.children() if isinstance(each, QWidget)]


def _rows(actions: Actions, menu: str) -> list[ActionSpec]:
    """The rows of a menu that have keys and do something in this window."""
    return [row for row in ACTION_SPECS if row.menu == menu and row.keys and actions[row.id].isVisible()]


def _keys(row: ActionSpec) -> list[str]:
    return [QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in row.keys[:2]]


def _key_caps(keys: Sequence[str]) -> QWidget:
    """Key names drawn like the keys of a keyboard."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    row.addStretch(1)
    for text in keys:
        cap = QLabel(text)
        cap.setProperty("role", "key")
        row.addWidget(cap)
    return box


def _in_columns(sections: Sequence[QWidget]) -> list[list[QWidget]]:
    """The sections in columns of about equal height, with their order kept."""
    heights = [section.sizeHint().height() for section in sections]
    columns: list[list[int]] = [[] for _ in range(COLUMNS)]
    for index in sorted(range(len(sections)), key=lambda index: -heights[index]):
        min(columns, key=lambda column: sum(heights[each] for each in column)).append(index)
    return [[sections[index] for index in sorted(column)] for column in sorted(columns, key=min)]
