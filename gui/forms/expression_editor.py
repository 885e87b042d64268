"""The editor of an expression: its text, and its value at the use that is shown beside it."""

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from engine.catalog.expressions import Expression, ExpressionError
from engine.catalog.params import Choice, Flag, Param, Value
from gui.forms.completion import Completion
from gui.forms.controls import TextField
from gui.forms.editor import Editor
from gui.forms.scope import SIGN, Scope, sentence
from gui.forms.value_text import Unreadable, parse_value
from gui.theme import Theme

FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class ExpressionField(TextField):
    """A text field that completes words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.completion = Completion(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.completion.claims(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ExpressionEditor(Editor):
    """Takes a text that begins with =, when Enter is pressed or the focus leaves.

    A wrong text stays, with what is wrong, until it is corrected or discarded by Escape. A text without = is a plain
    value. ``scope`` returns what the expression may read now. ``value`` shows its value, and belongs beside the name.
    """

    def __init__(self, param: Param, scope: Callable[[], Scope], theme: Theme, parent: QWidget | None = None) -> None:
        self.field = ExpressionField(theme)
        super().__init__(param, self.field, parent)
        self._scope = scope
        self._value: Value = None
        self.is_refused = False  # whether the text is wrong, and stays
        self.completion = self.field.completion
        self.value = QLabel()
        self.value.setProperty("voice", "dim")
        self.value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.value.setToolTip("Its value at the use that is shown, and at the first repetition")
        self.field.setAccessibleName(f"{param.name}, an expression")
        self.field.textEdited.connect(self._follow)
        self.field.committed.connect(self._commit)
        self.field.reverted.connect(self._revert)

    def start(self, text: str) -> None:
        """Begin a new expression, with the cursor behind what was typed."""
        self._value = None
        self.field.setText(text)
        self.field.setModified(True)
        self._follow(text)

    def set_value(self, value: Value) -> None:
        if self.keeps_text:
            return
        self._value = value
        text = f"{SIGN}{value.text}" if isinstance(value, Expression) else ""
        if text != self.field.text():
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self._show_value(value)

    @property
    def keeps_text(self) -> bool:
        """Whether a text is being typed or was refused, which no refresh may replace."""
        return self.is_refused or (self.field.hasFocus() and self.field.isModified())

    def set_mixed(self) -> None:
        self.set_value(None)

    def drop_text(self) -> None:
        """Forget a text that was refused."""
        self.is_refused = False
        self.field.setModified(False)

    def _show_value(self, value: Value) -> None:
        scope = self._scope()
        self.completion.set_words(scope.completions())
        text = scope.value_text(self.param, value) if isinstance(value, Expression) else ""
        self.value.setText(f"\u2192 {text}" if text else "")
        description = f"an expression, now {text}" if text else "an expression"
        self.field.setAccessibleName(f"{self.param.name}, {description}")

    def _follow(self, text: str) -> None:
        """Show the value of what is typed so far; what is wrong comes when it is complete."""
        self.is_refused = False
        self.unreadable.emit("")
        try:
            self._show_value(self._scope().read(text) if text.lstrip().startswith(SIGN) else None)
        except ExpressionError:
            self._show_value(None)

    def _commit(self) -> None:
        text = self.field.text()
        if self.completion.is_open or (not self.field.isModified() and not self.is_refused and not self._differs(text)):
            return
        try:
            value = self._read(text)
        except (ExpressionError, Unreadable) as wrong:
            self.is_refused = True
            self.field.setModified(True)  # so that Escape discards it
            why = f"cannot be read: {sentence(wrong)}" if isinstance(wrong, ExpressionError) else str(wrong)
            self.unreadable.emit(why)
            return
        self.is_refused, self._value = False, value
        self.field.setModified(False)
        self.unreadable.emit("")
        if isinstance(value, Expression):
            self.field.setText(f"{SIGN}{value.text}")
        self._show_value(value)
        self.edited.emit(value)
        self.committed.emit()

    def _differs(self, text: str) -> bool:
        return text != (f"{SIGN}{self._value.text}" if isinstance(self._value, Expression) else "")

    def _read(self, text: str) -> Value:
        """Raises: `ExpressionError`, `Unreadable`."""
        if text.lstrip().startswith(SIGN):
            return self._scope().read(text)
        plain = text.strip()
        match self.param:
            case Flag():
                if plain.lower() not in FLAGS:
                    raise Unreadable("must be true or false, or an expression that begins with =")
                return FLAGS[plain.lower()]
            case Choice(options=options):
                if plain not in options:
                    raise Unreadable(f"must be {', '.join(options)}, or an expression that begins with =")
                return plain
        return parse_value(self.param, text)

    def _revert(self) -> None:
        self.is_refused = False
        self.unreadable.emit("")
        self.reverted.emit()

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible)
        self.value.setVisible(visible)
