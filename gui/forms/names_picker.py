"""Names chosen from those that there are: a line for each, and a list of the others to add one of them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.forms.combo import Combo
from gui.forms.controls import IconButton
from gui.forms.form import form_grid
from gui.forms.roles_editor import ColumnName
from gui.theme import Theme
from gui.widgets.removal import remove_widget

GAP_PX = 2
LEAST_PX = 72
LINE_TOP_PX = 4  # from the top of a line to its text


class NamesPicker(QWidget):
    """``changed``: the names that are chosen now. ``none``: what it means that none is chosen."""

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
        """Show what is chosen, also what is not there, and offer the rest of the options."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._make_lines()
        for name, line in self.lines.items():
            line.show_known(is_known=name in options)
        free = tuple(name for name in options if name not in self.lines)
        if free != self._options:
            self._options = free
            self.add.clear()
            self.add.addItems(free)
        self.add.setCurrentIndex(-1)
        self.add.setEnabled(bool(free))
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

    def _remove(self, gone: str) -> None:
        self.changed.emit(tuple(name for name in self._names or () if name != gone))


class NameLine(QWidget):
    """A name, and a button that removes it."""

    removed = Signal(str)

    def __init__(self, name: str, of: str, theme: Theme) -> None:
        super().__init__()
        self._name = name
        self.label = ColumnName(name)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.remove = IconButton(theme, "close", f"Remove {name} from {of}")
        self.remove.clicked.connect(lambda: self.removed.emit(self._name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self.label, 1)
        row.addWidget(self.remove)

    def show_known(self, *, is_known: bool) -> None:
        """Mark a name that is not among those that there are."""
        self.label.setProperty("voice", "" if is_known else "wrong")
        self.label.setToolTip(self._name if is_known else f"{self._name} is not in the main graph")
        self.label.style().unpolish(self.label)
        self.label.style().polish(self.label)
