"""One editor a kind of parameter: all look and behave alike, whatever declaration the parameter is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from engine.catalog.params import Choice, Flag, FromInput, Param, Text, Value
from gui.inspector.fields import Combo, IconButton, Switch, TextField, restyle
from gui.inspector.spelling import Unreadable, can_step, read, spell, stepped
from gui.theme import Theme

MIXED = "mixed"
NOTHING = "none"


class Editor(QWidget):
    """Shows and changes one value. ``edited`` while it changes, ``settled`` when the change is over.

    ``unreadable``: what is typed means no value, with the reason; nothing when it does again.
    """

    edited = Signal(object)
    settled = Signal()
    unreadable = Signal(str)
    focused = Signal(bool)
    is_instant = False  # a change is over at once

    def __init__(self, param: Param, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param, self.inner = param, inner
        inner.setAccessibleName(param.name)
        inner.setAccessibleDescription(param.help)
        inner.installEventFilter(self)
        self.setFocusProxy(inner)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(inner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.inner and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.focused.emit(event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def set_value(self, value: Value) -> None:
        """Show a value."""
        raise NotImplementedError

    def set_mixed(self) -> None:
        """Show that several nodes have several values."""
        raise NotImplementedError

    def step(self, steps: int) -> None:
        """Go some steps up or down, where that means something."""

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as illegal."""
        restyle(self.inner, "wrong", wrong)


class TextEditor(Editor):
    """Numbers, sizes, several numbers, texts: whatever can be typed in a line."""

    def __init__(self, param: Param, theme: Theme, parent: QWidget | None = None) -> None:
        self.field = TextField(theme, steps=can_step(param))
        super().__init__(param, self.field, parent)
        self._value: Value = None
        self._is_read = True
        self.field.set_suffix(param.unit)
        self.field.setPlaceholderText(self._when_empty())
        self.field.textEdited.connect(self._typed)
        self.field.stepped.connect(self.step)
        self.field.settled.connect(self._settle)

    def set_value(self, value: Value) -> None:
        self.field.setPlaceholderText(self._when_empty())
        if self.field.hasFocus() and self._means(value):
            return  # it is what is being typed
        self._value, self._is_read = value, True
        self.unreadable.emit("")
        self._show(spell(self.param, value))

    def set_mixed(self) -> None:
        self._value = None
        if not self.field.hasFocus() or not self.field.text():
            self.field.setPlaceholderText(MIXED)
            self._show("")

    def step(self, steps: int) -> None:
        try:
            before = read(self.param, self.field.text())
        except Unreadable:
            before = self._value
        after = stepped(self.param, self.param.default if before is None else before, steps)
        if after != before:
            self._value = after
            self._show(spell(self.param, after))
            self.edited.emit(after)

    def _show(self, text: str) -> None:
        if text != self.field.text():
            self.field.setText(text)
            self.field.setCursorPosition(0)

    def _means(self, value: Value) -> bool:
        try:
            return repr(read(self.param, self.field.text())) == repr(value)
        except Unreadable:
            return repr(self._value) == repr(value)

    def _typed(self, text: str) -> None:
        try:
            value = read(self.param, text)
        except Unreadable as wrong:
            self._is_read = False
            self.unreadable.emit(str(wrong))
            return
        self._value, self._is_read = value, True
        self.unreadable.emit("")
        self.edited.emit(value)

    def _settle(self) -> None:
        if not self._is_read:
            self._is_read = True
            self.unreadable.emit("")
        if self.field.placeholderText() != MIXED or self.field.text():
            self._show(spell(self.param, self._value))
        self.settled.emit()

    def _when_empty(self) -> str:
        if self.param.none:
            return f"{NOTHING}: {self.param.none}"
        return NOTHING if self.param.problem(None) is None else ""


class DerivedEditor(TextEditor):
    """A size read off the wire, greyed; typing one sets it by hand, emptying the field gives it back."""

    def __init__(self, param: FromInput, theme: Theme, parent: QWidget | None = None) -> None:
        self._derived = ""
        super().__init__(param, theme, parent)
        self.set_derived(None)

    def set_derived(self, value: Value) -> None:
        """Show what the wire says; None where that is not known."""
        self._derived = spell(self.param, value)
        self.field.setPlaceholderText(self._when_empty())
        self._look()

    def set_value(self, value: Value) -> None:
        super().set_value(value)
        self._look()

    def _typed(self, text: str) -> None:
        super()._typed(text)
        self._look()

    def _look(self) -> None:
        by_hand = bool(self.field.text())
        self.field.set_suffix("set by hand" if by_hand else "from input")
        restyle(self.field, "derived", not by_hand)

    def _when_empty(self) -> str:
        return self._derived


class PathEditor(TextEditor):
    """A file or folder, typed or chosen; relative to the project's folder where it lies in it."""

    def __init__(self, param: Param, theme: Theme, base: Path | None, *, is_folder: bool) -> None:
        super().__init__(param, theme)
        self.base, self._is_folder = base, is_folder
        self.browse = IconButton(theme, "folder", f"Choose {param.name}...", size_px=16)
        self.browse.clicked.connect(self._choose)
        self._row.addWidget(self.browse)

    def _choose(self) -> None:
        start = str(self.base or Path.home())
        if self._is_folder:
            chosen = QFileDialog.getExistingDirectory(self, "Choose a folder", start)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, "Choose a file", start)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Use a path, as it is written in a project file."""
        if self.base and path.is_relative_to(self.base):
            path = path.relative_to(self.base)
        self._value = path.as_posix()
        self._show(path.as_posix())
        self.edited.emit(self._value)
        self.settled.emit()


class SuggestEditor(Editor):
    """A text with suggestions, such as the fields of the data."""

    def __init__(self, param: Param, options: tuple[str, ...], parent: QWidget | None = None) -> None:
        self.combo = Combo()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(Combo.InsertPolicy.NoInsert)
        super().__init__(param, self.combo, parent)
        self.set_options(options)
        self._value: Value = ""
        self.combo.activated.connect(lambda _: self._take(self.combo.currentText()))
        line = self.combo.lineEdit()
        if line is not None:
            line.setAccessibleName(param.name)
            line.editingFinished.connect(lambda: self._take(self.combo.currentText()))

    def set_options(self, options: tuple[str, ...]) -> None:
        """Offer these."""
        if options == tuple(self.combo.itemText(at) for at in range(self.combo.count())):
            return
        text = self.combo.currentText()
        self.combo.clear()
        self.combo.addItems(options)
        self.combo.setEditText(text)

    def set_value(self, value: Value) -> None:
        self._value = value
        if self.combo.currentText() != (value or ""):
            self.combo.setEditText(str(value or ""))

    def set_mixed(self) -> None:
        self._value = None
        self.combo.setEditText("")

    def _take(self, text: str) -> None:
        if text != (self._value or ""):
            self._value = text
            self.edited.emit(text)
        self.settled.emit()


class FlagEditor(Editor):
    """Yes or no."""

    is_instant = True

    def __init__(self, param: Param, theme: Theme, parent: QWidget | None = None) -> None:
        self.switch = Switch(theme)
        super().__init__(param, self.switch, parent)
        self._row.addStretch(1)
        self.switch.clicked.connect(lambda: self.edited.emit(self.switch.isChecked()))

    def set_value(self, value: Value) -> None:
        self.switch.setTristate(False)
        self.switch.setChecked(value is True)

    def set_mixed(self) -> None:
        self.switch.setTristate(True)
        self.switch.setCheckState(Qt.CheckState.PartiallyChecked)


class ChoiceEditor(Editor):
    """One of a few words; none, where that is legal, comes first."""

    is_instant = True

    def __init__(self, param: Choice, parent: QWidget | None = None) -> None:
        self.combo = Combo()
        super().__init__(param, self.combo, parent)
        self._values: list[Value] = []
        self._value: Value = param.default
        self.combo.setPlaceholderText(MIXED)
        self.set_options({each: each for each in param.options})
        self.combo.activated.connect(self._choose)

    def set_options(self, options: Mapping[str, str]) -> None:
        """Offer these words, each with its text."""
        none: dict[Value, str] = {None: self.param.none or NOTHING} if self.param.problem(None) is None else {}
        texts: dict[Value, str] = none | {value: text for value, text in options.items()}  # noqa: C416 (another type)
        there = {value: self.combo.itemText(at) for at, value in enumerate(self._values)}
        if texts == there:
            return
        self.combo.clear()
        self._values = list(texts)
        self.combo.addItems(list(texts.values()))
        self.set_value(self._value)

    def set_value(self, value: Value) -> None:
        self._value = value
        if value not in self._values:
            self._values.append(value)  # an illegal one, from a file: shown, and marked
            self.combo.addItem(str(value))
        self.combo.setCurrentIndex(self._values.index(value))

    def _choose(self, at: int) -> None:
        self._value = self._values[at]
        self.edited.emit(self._value)

    def set_mixed(self) -> None:
        self.combo.setCurrentIndex(-1)

    def step(self, steps: int) -> None:
        at = max(0, min(self.combo.count() - 1, self.combo.currentIndex() - steps))
        if at != self.combo.currentIndex():
            self.combo.setCurrentIndex(at)
            self._choose(at)


@dataclass(frozen=True, slots=True)
class Around:
    """What an editor may need to know of the place where it stands.

    ``suggestions``: for texts that had best be one of these, by parameter. ``base``: the project's folder, if it has
    one. ``folders``: paths lead to folders, not files.
    """

    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: Path | None = None
    folders: bool = False


NOWHERE = Around()


def editor_for(param: Param, theme: Theme, around: Around = NOWHERE) -> Editor:
    """The editor of a parameter."""
    match param:
        case Flag():
            return FlagEditor(param, theme)
        case Choice():
            return ChoiceEditor(param)
        case FromInput():
            return DerivedEditor(param, theme)
        case Text(path=True):
            return PathEditor(param, theme, around.base, is_folder=around.folders)
        case Text(name=name) if name in around.suggestions:
            return SuggestEditor(param, around.suggestions[name])
    return TextEditor(param, theme)
