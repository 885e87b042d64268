"""Editors of whatever can be typed in a line: numbers, sizes, texts, paths."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine.catalog.params import FromInput, Param, Text, Texts, Value
from engine.places import from_home
from gui.forms.controls import IconButton, TextField, restyle
from gui.forms.editor import MIXED, NOTHING, Editor
from gui.forms.value_text import Unreadable, can_step, format_value, read, step_value
from gui.theme import Theme


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
        self.field.dropped.connect(self._drop)

    def set_value(self, value: Value) -> None:
        self.field.setPlaceholderText(self._when_empty())
        if self.field.hasFocus() and self._means(value):
            return  # it is what is being typed
        self._value, self._is_read = value, True
        self.unreadable.emit("")
        self._show(format_value(self.param, value))

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
        after = step_value(self.param, self.param.default if before is None else before, steps)
        if after != before:
            self._value = after
            self._show(format_value(self.param, after))
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
            self._show(format_value(self.param, self._value))
        self.settled.emit()

    def _drop(self) -> None:
        self._is_read = True
        self.unreadable.emit("")
        self.dropped.emit()

    def _when_empty(self) -> str:
        if self.param.none:
            return self.param.none if self.param.default is None else f"{NOTHING}: {self.param.none}"
        if isinstance(self.param, Text | Texts) and self.param.placeholder:
            return self.param.placeholder
        return NOTHING if self.param.problem(None) is None else ""


class DerivedEditor(TextEditor):
    """A size read off the wire, greyed; typing one sets it by hand, emptying the field gives it back."""

    def __init__(self, param: FromInput, theme: Theme, parent: QWidget | None = None) -> None:
        self._derived = ""
        super().__init__(param, theme, parent)
        self.set_derived(None)

    def set_derived(self, value: Value) -> None:
        """Show what the wire says; None where that is not known."""
        self._derived = format_value(self.param, value)
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
        self.field.shows_end = True
        self.base, self._is_folder, self._theme = base, is_folder, theme
        self.browse = IconButton(theme, "folder", f"Choose {param.name}...", size_px=16)
        self.browse.clicked.connect(self._choose)
        self._row.addWidget(self.browse)

    def _choose(self) -> None:
        from gui.common_dialogs.file_dialog import FileDialog

        start = self.base or Path.home()
        what = "folder" if self._is_folder else "file"
        dialog = FileDialog(self, self._theme, f"Choose a {what}", [self.base / "here"] if self.base else [])
        chosen = dialog.to_choose_folder(start) if self._is_folder else dialog.to_open(start, self._filter())
        if chosen:
            self.take(chosen)

    def _filter(self) -> str:
        """Which files the dialog shows at first."""
        from gui.common_dialogs.file_dialog import ALL

        patterns = self.param.patterns if isinstance(self.param, Text) else ()
        return f"Files that fit ({' '.join(patterns)});;{ALL}" if patterns else ALL

    def _settle(self) -> None:
        """Write ~ out: a shell knows it, and no file has it in its path."""
        text = self.field.text()
        if text.startswith("~") and (path := from_home(text)).is_absolute():
            self.take(path)
        else:
            super()._settle()

    def take(self, path: Path) -> None:
        """Use a path, as it is written in a project file."""
        if self.base and path.is_relative_to(self.base):
            path = path.relative_to(self.base)
        self._value = path.as_posix()
        self._show(path.as_posix())
        self.edited.emit(self._value)
        self.settled.emit()
