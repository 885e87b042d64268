"""One parameter of a form: its name, its editor, what is wrong with its value, and the way to the default."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.no_effect_reasons import NoEffect
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.text_params import Text
from engine.graph.model import UNSET, Unset
from gui.forms.controls import IconButton
from gui.forms.editor import Editor
from gui.forms.expression_switch import ExpressionSwitch, takes_expressions
from gui.forms.param_label import ParamLabel, help_text
from gui.forms.scope import Scope
from gui.forms.text_editors import DerivedEditor
from gui.forms.value_text import format_value
from gui.theme import Theme


class Mixed:
    """The value of several nodes that have different values."""


MIXED = Mixed()
FormValue = Value | Mixed | Unset


class ParamRow(QObject):
    """The widgets of one parameter.

    ``changed``: a value or `UNSET`, and the number of the gesture, 0 for an undo step of its own. ``live``: it is
    emitted while typing, else when the change is committed. ``promotion_wanted``: to a parameter of the block.
    """

    changed = Signal(object, int)
    help_changed = Signal(str)
    promotion_wanted = Signal()

    def __init__(
        self,
        param: Param,
        editor: Editor,
        theme: Theme,
        gesture: Callable[[], int],
        *,
        live: bool,
        scope: Callable[[], Scope] | None = None,
    ) -> None:
        super().__init__(editor)
        self.param, self.editor = param, editor
        self._new_gesture, self._live = gesture, live
        self._gesture = 0
        self._pending: Value | Unset = UNSET
        self._has_pending = False
        self._unreadable = ""
        self._value: FormValue = UNSET
        self._value_before: FormValue = UNSET  # when the gesture began
        self.label = ParamLabel(param, theme)
        self.label.setBuddy(editor)
        self._theme = theme
        self._head = QHBoxLayout()
        self.wrong = ""  # what is wrong with the value
        self._place: tuple[QGridLayout, int] | None = None
        self._problem: QLabel | None = None
        self._note: QLabel | None = None
        self.switch = ExpressionSwitch(editor, self.label, scope, theme) if scope and takes_expressions(param) else None
        self._tip = help_text(param, takes_expressions=self.switch is not None)
        self.label.setToolTip(self._tip)
        self._listen_to(editor)
        if self.switch is not None:
            self.switch.field_added.connect(self._listen_to)
            self.switch.plain_wanted.connect(self._reset)
            self.switch.promotion_wanted.connect(self.promotion_wanted)
        self.label.scrubbed.connect(self._step)
        self.label.released.connect(self._commit)

    def _listen_to(self, editor: Editor) -> None:
        editor.inner.setToolTip(self._tip)
        editor.edited.connect(self._edit)
        editor.committed.connect(self._commit)
        editor.reverted.connect(self._revert)
        editor.unreadable.connect(self._set_unreadable)
        editor.focused.connect(lambda on: self.help_changed.emit(self._tip if on else ""))

    @property
    def visible_editor(self) -> Editor:
        """The usual editor, or that of an expression in its place."""
        return self.switch.active if self.switch else self.editor

    def _step(self, steps: int) -> None:
        self.visible_editor.step(steps)

    def place(self, grid: QGridLayout, at: int) -> int:
        """Put the row into a grid; returns the next free line."""
        self._head.setContentsMargins(0, 0, 2, 0)
        self._head.setSpacing(0)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._head.addWidget(self.label, 1)
        grid.addLayout(self._head, at, 0)
        if self.editor.is_wide:
            at += 1
            grid.addWidget(self.editor, at, 0, 1, 2)
        else:
            grid.addWidget(self.editor, at, 1)
        if self.switch is not None:
            self.switch.place(grid, at)
            at += 1  # the field of an expression is below the name
        self._place = (grid, at)
        for below, label in ((1, self._problem), (2, self._note)):
            if label is not None:
                grid.addWidget(label, at + below, 1)
        return at + 3

    @cached_property
    def reset(self) -> IconButton:
        """The button that resets the value to the default; made when it is first needed."""
        button = IconButton(self._theme, "undo", f"Reset {self.param.name}", size_px=12)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.hide()
        button.clicked.connect(self._reset)
        self._head.addWidget(button)
        self._put_before_field(button)
        return button

    def _put_before_field(self, button: QWidget) -> None:
        """Make Tab visit a button before the field, as they are placed."""
        field = next((each for each in self.tab_stops() if each is not button), None)
        before = field.previousInFocusChain() if field else None
        tab = Qt.FocusPolicy.TabFocus
        while before is not None and before is not field and (before is button or not before.focusPolicy() & tab):
            before = before.previousInFocusChain()
        if before is not None:
            QWidget.setTabOrder(before, button)

    def tab_stops(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        window, tab = self.editor.window(), Qt.FocusPolicy.TabFocus  # the list of a combo box is a window of its own
        reset = [self.reset] if "reset" in vars(self) else []
        parts = [*reset, self.visible_editor, *self.visible_editor.findChildren(QWidget)]
        return [each for each in parts if each.focusPolicy() & tab and each.window() is window]

    @property
    def problem(self) -> QLabel:
        """The sentence below the value that explains what is wrong with it; made when it is first needed."""
        if self._problem is None:
            self._problem = self._make_label("wrong", 1)
        return self._problem

    @property
    def note(self) -> QLabel:
        """The sentence below it that explains why the value has no effect; made when it is first needed."""
        if self._note is None:
            self._note = self._make_label("small", 2)
        return self._note

    def _make_label(self, voice: str, below: int) -> QLabel:
        label = QLabel()
        label.setProperty("voice", voice)
        label.setWordWrap(True)
        label.hide()
        if self._place is not None:
            grid, at = self._place
            grid.addWidget(label, at + below, 1)
        return label

    def _show_below(self, label: QLabel | None, *, visible: bool) -> None:
        if label is not None:
            label.setVisible(visible and bool(label.text()))

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide the row."""
        for widget in (self.label, self.visible_editor):
            widget.setVisible(visible)
        self._show_below(self._problem, visible=visible)
        self._show_below(self._note, visible=visible)
        if not visible:
            self._show_reset(visible=False)

    def show_value(self, value: FormValue, derived: Value = None) -> None:
        """Show a value; `UNSET`: the default, or the size of the wire, which ``derived`` is."""
        self._value = value
        if isinstance(self.editor, DerivedEditor):
            self.editor.set_derived(derived)
        if self.switch is not None and self.switch.show_value(None if isinstance(value, Mixed | Unset) else value):
            if isinstance(value, Expression):
                self._show_problem(self._unreadable or self._problem_of(value))
        elif isinstance(value, Mixed):
            self.editor.set_mixed()
            self._show_problem(None)
        else:
            plain = self.param.default if isinstance(value, Unset) else value
            self.editor.set_value(plain)
            self._show_problem(self._problem_of(plain))
        self._offer_reset()

    def show_effect(self, without: NoEffect | None) -> None:
        """Explain why the value, or an entry of it, has no effect; grey it out if no part of it has."""
        note = without.note if without else ""
        if note or self._note is not None:
            self.note.setText(note)
            self._show_below(self._note, visible=not self.visible_editor.isHidden())
        self.visible_editor.set_idle(is_idle=without is not None and without.entry is None, note=note)

    def _offer_reset(self) -> None:
        default = self.param.default
        differs = not isinstance(self._value, Unset) and repr(self._value) != repr(default)
        if self.param.required:  # it has no default, but the value of a new node can replace an invalid one
            differs = differs and bool(self.wrong) and self.param.problem(default) is None
        self._show_reset(visible=differs)

    def _show_reset(self, *, visible: bool) -> None:
        if visible:
            default = format_value(self.param, self.param.default) or "none"
            self.reset.setToolTip(f"Back to {'what the input says' if isinstance(self.param, FromInput) else default}")
        if visible or "reset" in vars(self):
            self.reset.setVisible(visible)

    def _edit(self, value: Value) -> None:
        self._show_problem(self._problem_of(value))
        unset = isinstance(self.param, FromInput) and value is None
        new_value: Value | Unset = UNSET if unset else value
        if self.editor.is_instant:
            self.changed.emit(new_value, 0)
        elif self._live:
            if not self._gesture:
                self._gesture, self._value_before = self._new_gesture(), self._value
            self.changed.emit(new_value, self._gesture)
        else:
            self._pending, self._has_pending = new_value, True

    def _commit(self) -> None:
        self._gesture = 0
        if self._has_pending:
            self._has_pending = False
            if repr(self._pending) != repr(self._value):
                self.changed.emit(self._pending, 0)

    def _revert(self) -> None:
        """Discard the typed text. If the nodes had different values, only undo restores them."""
        gesture, self._gesture, self._has_pending = self._gesture, 0, False
        if gesture and not isinstance(self._value_before, Mixed):
            self.changed.emit(self._value_before, gesture)
        elif not isinstance(self._value, Mixed):
            self.show_value(self._value)

    def drop_text(self) -> None:
        """Forget a text that was refused, since another node is shown."""
        if self.switch is not None and self.switch.is_on:
            self.switch.drop_text()
            self._unreadable = ""

    def _reset(self) -> None:
        self._has_pending, self._gesture = False, 0
        self.drop_text()
        if self.switch is not None:
            self.switch.show_value(None)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        required = self.param.required and not isinstance(self.param, FromInput)
        self.editor.set_value(self.param.default)
        self._show_problem(None)
        self.changed.emit(self.param.default if required else UNSET, 0)

    def _set_unreadable(self, why: str) -> None:
        was, self._unreadable = self._unreadable, why
        if why:
            self._show_problem(why)
        elif was and not isinstance(self._value, Mixed):
            self._show_problem(None if isinstance(self._value, Unset) else self._problem_of(self._value))

    def _problem_of(self, value: Value) -> str | None:
        """What is wrong with a value. An empty text that is required is not a problem here: its field asks for it."""
        is_asked_for = isinstance(self.param, Text) and self.param.placeholder and value == ""
        if is_asked_for:
            return None
        return self.switch.scope().problem(self.param, value) if self.switch else self.param.problem(value)

    def _show_problem(self, wrong: str | None) -> None:
        self.wrong = f"{self.param.name} {wrong}" if wrong else ""
        if wrong or self._problem is not None:
            self.problem.setText(self.wrong)
            self.problem.setVisible(bool(wrong))
        self.visible_editor.set_invalid(invalid=bool(wrong))
