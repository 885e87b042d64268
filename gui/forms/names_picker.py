"""Names selected among options: a line for each, and a list of the others to add one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.forms.combo import Combo
from gui.forms.controls import IconButton
from gui.forms.form import form_grid
from gui.forms.roles_editor import ElidedName
from gui.theme import Theme
from gui.widgets.removal import remove_widget

GAP_PX = 2
LEAST_PX = 72
LINE_TOP_PX = 4  # from the top of a line to its text


class NamesPicker(QWidget):
    """``changed``: the names that are selected now. ``none``: the text shown while there are none."""

    changed = Signal(tuple)

    def __init__(self, title: str, add: str, none: str, theme: Theme, help_text: str, label_px: int) -> None:
        super().__init__()
        self._title, self._theme = title, theme
        self._names: tuple[str, ...] | None = None  # that are shown
        self._options: tuple[str, ...] = ()
        self.lines: dict[str, NameLine] = {}
        self.add = Combo()
        self.add.setPlaceholderText(add)
        self.add.setMinimumWidth(LEAST_PX)  # else as wide as the placeholder
        self.add.setAccessibleName(f"{title}: {add}")
        self.add.setToolTip(help_text)
        self.add.activated.connect(self._add)
        label = QLabel(title)
        label.setProperty("voice", "dim")
        label.setBuddy(self.add)
        label.setToolTip(help_text)
        label.setContentsMargins(0, LINE_TOP_PX, 0, 0)
        self.none = QLabel(none)
        self.none.setProperty("voice", "small")
        self.none.setWordWrap(True)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_PX)
        self._column.addWidget(self.none)
        self._column.addWidget(self.add)
        grid = form_grid(self, label_px)
        grid.addWidget(label, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(inner, 0, 1)

    def show_names(self, names: Sequence[str], options: Sequence[str]) -> None:
        """Show the selected names, even those that are not options, and offer the other options."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._make_lines()
        for name, line in self.lines.items():
            line.show_validity(is_valid=name in options)
        free_names = tuple(name for name in options if name not in self.lines)
        if free_names != self._options:
            self._options = free_names
            self.add.clear()
            self.add.addItems(free_names)
        self.add.setCurrentIndex(-1)
        self.add.setEnabled(bool(free_names))
        self.none.setVisible(not self.lines)

    def _make_lines(self) -> None:
        for line in self.lines.values():
            remove_widget(line)
        self.lines = {}
        before = self.add.previousInFocusChain() or self
        for at, name in enumerate(self._names or ()):
            if name not in self.lines:
                line = self.lines[name] = NameLine(name, self._title, self._theme)
                line.removed.connect(self._remove)
                self._column.insertWidget(at, line)
                QWidget.setTabOrder(before, line.remove)
                before = line.remove

    def _add(self, at: int) -> None:
        self.changed.emit((*(self._names or ()), self.add.itemText(at)))

    def _remove(self, removed_name: str) -> None:
        self.changed.emit(tuple(name for name in self._names or () if name != removed_name))


class NameLine(QWidget):
    """A name, and a button that removes it."""

    removed = Signal(str)

    def __init__(self, name: str, of: str, theme: Theme) -> None:
        super().__init__()
        self._name = name
        self.label = ElidedName(name)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.remove = IconButton(theme, "close", f"Remove {name} from {of}")
        self.remove.clicked.connect(lambda: self.removed.emit(self._name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self.label, 1)
        row.addWidget(self.remove)

    def show_validity(self, *, is_valid: bool) -> None:
        """Mark a name that is not an option."""
        self.label.setProperty("voice", "" if is_valid else "wrong")
        self.label.setToolTip(self._name if is_valid else f"{self._name} is not in the main graph")
        self.label.style().unpolish(self.label)
        self.label.style().polish(self.label)
