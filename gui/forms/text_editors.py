"""Editors of values that are typed in a line: numbers, sizes, texts, paths."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine.catalog.params import FromInput, Param, Value
from engine.catalog.text_params import Text, Texts
from engine.places import from_home
from gui.forms.controls import IconButton, TextField, restyle
from gui.forms.editor import MIXED, NOTHING, Editor
from gui.forms.value_text import Unreadable, can_step, format_value, parse_value, step_value
from gui.theme import Theme


class TextEditor(Editor):
    """The editor of numbers, sizes, several numbers, and texts."""

    def __init__(self, param: Param, theme: Theme, parent: QWidget | None = None) -> None:
        self.field = TextField(theme, steps=can_step(param))
        super().__init__(param, self.field, parent)
        self._value: Value = None
        self._before: Value = None  # what it had when the present text was begun
        self._is_parsed = True
        self.field.set_suffix(param.unit)
        self.field.setPlaceholderText(self._placeholder())
        self.field.textEdited.connect(self._parse_text)
        self.field.stepped.connect(self.step)
        self.field.committed.connect(self._commit)
        self.field.reverted.connect(self._revert)

    def set_value(self, value: Value) -> None:
        self.field.setPlaceholderText(self._placeholder())
        if self.field.hasFocus() and self._has_value(value):
            return  # it is being typed
        self._value, self._before, self._is_parsed = value, value, True
        self.unreadable.emit("")
        self._show(format_value(self.param, value))

    def set_mixed(self) -> None:
        self._value = None
        if not self.field.hasFocus() or not self.field.text():
            self.field.setPlaceholderText(MIXED)
            self._show("")

    def step(self, steps: int) -> None:
        try:
            before = parse_value(self.param, self.field.text())
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

    def _has_value(self, value: Value) -> bool:
        try:
            return repr(parse_value(self.param, self.field.text())) == repr(value)
        except Unreadable:
            return repr(self._value) == repr(value)

    def _parse_text(self, text: str) -> None:
        if self.takes_expressions and text.lstrip().startswith("="):
            self._show(format_value(self.param, self._value))
            self.field.setModified(False)
            self.expression_started.emit(text)
            return
        try:
            value = parse_value(self.param, text)
        except Unreadable as wrong:
            self._is_parsed = False
            self.unreadable.emit(str(wrong))
            return
        self._value, self._is_parsed = value, True
        self.unreadable.emit("")
        self.edited.emit(value)

    def _commit(self) -> None:
        if not self._is_parsed:
            self._is_parsed = True
            self.unreadable.emit("")
            if repr(self._value) != repr(self._before):  # the first letters alone are not what was meant
                self._value = self._before
                self.edited.emit(self._before)
        self._before = self._value
        if self.field.placeholderText() != MIXED or self.field.text():
            self._show(format_value(self.param, self._value))
        self.committed.emit()

    def _revert(self) -> None:
        self._is_parsed = True
        self.unreadable.emit("")
        self.reverted.emit()

    def _placeholder(self) -> str:
        if self.param.none:
            return self.param.none if self.param.default is None else f"{NOTHING}: {self.param.none}"
        if isinstance(self.param, Text | Texts) and self.param.placeholder:
            return self.param.placeholder
        return NOTHING if self.param.problem(None) is None else ""


class DerivedEditor(TextEditor):
    """A size that is read from the wire, in grey; typing one sets it by hand, an empty field reads it again."""

    def __init__(self, param: FromInput, theme: Theme, parent: QWidget | None = None) -> None:
        self._derived = ""
        super().__init__(param, theme, parent)
        self.set_derived(None)

    def set_derived(self, value: Value) -> None:
        """Set the size that is read from the wire; None if it is unknown."""
        self._derived = format_value(self.param, value)
        self.field.setPlaceholderText(self._placeholder())
        self._show_origin()

    def set_value(self, value: Value) -> None:
        super().set_value(value)
        self._show_origin()

    def _parse_text(self, text: str) -> None:
        super()._parse_text(text)
        self._show_origin()

    def _show_origin(self) -> None:
        by_hand = bool(self.field.text())
        self.field.set_suffix("set by hand" if by_hand else "from input")
        restyle(self.field, "derived", not by_hand)

    def _placeholder(self) -> str:
        return self._derived


class PathEditor(TextEditor):
    """A file or folder, typed or selected in a dialog; a path in the project's folder is relative to it."""

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
        dialog = FileDialog(self, self._theme, f"Choose a {what}", [self.base] if self.base else [])
        path = dialog.to_choose_folder(start) if self._is_folder else dialog.to_open(start, self._filter())
        if path:
            self.set_path(path)

    def _filter(self) -> str:
        """The file filters of the dialog."""
        from gui.common_dialogs.file_dialog import ALL

        patterns = self.param.patterns if isinstance(self.param, Text) else ()
        return f"Matching files ({' '.join(patterns)});;{ALL}" if patterns else ALL

    def _commit(self) -> None:
        """Expand ~, which only a shell understands."""
        text = self.field.text()
        if text.startswith("~") and (path := from_home(text)).is_absolute():
            self.set_path(path)
        else:
            super()._commit()

    def set_path(self, path: Path) -> None:
        """Set a path, in the form that a project file has."""
        if self.base and path.is_relative_to(self.base):
            path = path.relative_to(self.base)
        self._value = path.as_posix()
        self._show(path.as_posix())
        self.edited.emit(self._value)
        self.committed.emit()
