"""The roles of columns: a line for each column with a role, and a list of the others to add one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.catalog.data.roles import Roles, pairs
from engine.catalog.params import Value
from gui.forms.combo import Combo
from gui.forms.controls import IconButton
from gui.forms.editor import MIXED, Editor
from gui.theme import Theme
from gui.widgets.removal import remove_widget

GAP_PX = 4
MAX_LINES = 50  # more are shown as a count; the data page has a table of all columns
USUAL = "ignore"  # for most columns that were read wrongly


class RolesEditor(Editor):
    """Gives columns roles. ``set_options`` sets the columns that can be added."""

    is_instant = True
    is_wide = True

    def __init__(self, param: Roles, theme: Theme, parent: QWidget | None = None) -> None:
        self._roles, self._theme = param.options, theme
        self._value: tuple[tuple[str, str], ...] = ()
        self._options: tuple[str, ...] = ()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        self.lines = QWidget()
        self._grid = QGridLayout(self.lines)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        self._grid.setColumnStretch(0, 1)
        self.more = QLabel()
        self.more.setProperty("voice", "small")
        self.add = Combo()
        self.add.setEditable(True)
        self.add.setInsertPolicy(Combo.InsertPolicy.NoInsert)
        self.add.setAccessibleName(f"{param.noun} to add")
        column.addWidget(self.lines)
        column.addWidget(self.more)
        column.addWidget(self.add)
        super().__init__(param, inner, parent)
        self.setFocusProxy(self.add)
        self.visible_lines: list[RoleLine] = []
        line = self.add.lineEdit()
        if line is not None:
            line.setPlaceholderText(f"Add {'an' if param.noun[0] in 'aeiou' else 'a'} {param.noun}...")
            line.setAccessibleName(f"{param.noun} to add")
            line.returnPressed.connect(lambda: self._add(self.add.currentText()))
        self.add.activated.connect(lambda at: self._add(self.add.itemText(at)))
        self._show()

    def set_options(self, columns: Sequence[str]) -> None:
        """Set the columns that can be added."""
        if tuple(columns) != self._options:
            self._options = tuple(columns)
            self._offer()

    def set_value(self, value: Value) -> None:
        roles = pairs(value)
        if roles != self._value:
            self._value = roles
            self._show()

    def set_mixed(self) -> None:
        self.set_value(())
        self.more.setText(MIXED)
        self.more.show()

    def _show(self) -> None:
        visible_roles = self._value[:MAX_LINES]
        if [each.name for each in self.visible_lines] != [name for name, _ in visible_roles]:
            self._make_lines(visible_roles)
        for each, (_, role) in zip(self.visible_lines, visible_roles, strict=True):
            each.show_role(role)  # in the same line, so that it keeps the focus
        self.lines.setVisible(bool(self.visible_lines))
        hidden = len(self._value) - len(self.visible_lines)
        self.more.setText(f"and {hidden:,} more")
        self.more.setVisible(hidden > 0)
        self._offer()

    def _make_lines(self, visible_roles: tuple[tuple[str, str], ...]) -> None:
        for each in self.visible_lines:
            remove_widget(each)
        self.visible_lines = [RoleLine(name, self._roles, self._theme) for name, _ in visible_roles]
        # Otherwise Tab would visit them last, since they are made later.
        before = self.add.previousInFocusChain() or self
        for at, each in enumerate(self.visible_lines):
            each.changed.connect(self._change)
            self._grid.addWidget(each, at, 0)
            for stop in (each.combo, each.remove):
                QWidget.setTabOrder(before, stop)
                before = stop

    def _offer(self) -> None:
        used = {name for name, _ in self._value}
        unused = [name for name in self._options if name not in used]
        if unused != [self.add.itemText(at) for at in range(self.add.count())]:
            self.add.clear()
            self.add.addItems(unused)
        self.add.setCurrentIndex(-1)
        self.add.setEditText("")

    def _add(self, name: str) -> None:
        if name and name not in dict(self._value):
            self._take((*self._value, (name, USUAL)))

    def _change(self, name: str, role: str) -> None:
        """Change the role of a column, or remove it if it is empty."""
        changed = ((each, role if each == name else old) for each, old in self._value)
        self._take(tuple(pair for pair in changed if pair[1]))

    def _take(self, value: tuple[tuple[str, str], ...]) -> None:
        self._value = value
        self._show()
        self.edited.emit(value)


class RoleLine(QWidget):
    """A column, its role, and a button that removes the role. ``changed``: the column and its role, or empty."""

    changed = Signal(str, str)

    def __init__(self, name: str, roles: Sequence[str], theme: Theme) -> None:
        super().__init__()
        self.name = name
        label = ElidedName(name)
        self.combo = Combo()
        self.combo.setAccessibleName(f"role of {name}")
        self.combo.addItems(roles)
        self.combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
        self.combo.activated.connect(lambda at: self.changed.emit(name, self.combo.itemText(at)))
        self.remove = IconButton(theme, "close", f"Read {name} according to its cells")
        self.remove.clicked.connect(lambda: self.changed.emit(name, ""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(label, 1)
        row.addWidget(self.combo)
        row.addWidget(self.remove)

    def show_role(self, role: str) -> None:
        """Show a role, also one that this version does not know."""
        if self.combo.findText(role) < 0:
            self.combo.addItem(role)
        self.combo.setCurrentText(role)


class ElidedName(QLabel):
    """A name that is elided in its middle to the width."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: object) -> None:
        """Elide the name to the new width."""
        del event
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))
