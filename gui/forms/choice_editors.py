"""Editors of choices: a switch, a list of options, and a text with suggestions."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.catalog.params import Choice, Param, Value
from engine.catalog.text_params import Text
from gui.forms.combo import Combo
from gui.forms.controls import Switch
from gui.forms.editor import MIXED, NOTHING, Editor
from gui.theme import Theme


class SuggestEditor(Editor):
    """A text with suggestions, such as the fields of the data."""

    def __init__(self, param: Param, options: tuple[str, ...], parent: QWidget | None = None) -> None:
        self.combo = Combo()
        self.combo.setEditable(True)
        self.line = self.combo.lineEdit() or QLineEdit()  # an editable one has it
        self.combo.setInsertPolicy(Combo.InsertPolicy.NoInsert)
        super().__init__(param, self.combo, parent)
        self.set_options(options)
        self._value: Value = ""
        self.combo.activated.connect(lambda _: self._take(self.combo.currentText()))
        self.line.installEventFilter(self)
        self.line.setAccessibleName(param.name)
        self.line.setPlaceholderText(param.placeholder if isinstance(param, Text) else "")
        self.line.editingFinished.connect(lambda: self._take(self.combo.currentText()))

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        """Open the list at a click, so that the suggestions are visible at once; Escape or Tab closes it for typing."""
        is_release = event.type() is QEvent.Type.MouseButtonRelease
        if (
            target is self.line
            and is_release
            and isinstance(event, QMouseEvent)
            and event.button() is Qt.MouseButton.LeftButton
            and not self.line.hasSelectedText()
        ):
            self.combo.showPopup()
        return super().eventFilter(target, event)

    def set_options(self, options: tuple[str, ...]) -> None:
        """Replace the suggestions."""
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
            self.line.setCursorPosition(0)  # show the beginning of a long text

    def set_mixed(self) -> None:
        self._value = None
        self.combo.setEditText("")

    def _take(self, text: str) -> None:
        if text != (self._value or ""):
            self._value = text
            self.edited.emit(text)
        self.committed.emit()


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
    """One of a few options; None, where it is legal, comes first."""

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
        """Replace the options, given as texts by value."""
        none: dict[Value, str] = {None: self.param.none or NOTHING} if self.param.problem(None) is None else {}
        texts: dict[Value, str] = none | {value: text for value, text in options.items()}  # noqa: C416 (another type)
        current = {value: self.combo.itemText(at) for at, value in enumerate(self._values)}
        if texts == current:
            return
        self.combo.clear()
        self._values = list(texts)
        self.combo.addItems(list(texts.values()))
        self.set_value(self._value)

    def set_value(self, value: Value) -> None:
        self._value = value
        if value not in self._values:
            self._values.append(value)  # an invalid one from a file: it is shown, and marked
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
