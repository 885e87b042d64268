"""One parameter of a form: its name, its editor, what is wrong with its value, and the way to the default."""

from collections.abc import Callable
from functools import cached_property
from html import escape

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from engine.catalog.effect import NoEffect
from engine.catalog.params import FromInput, Param, Text, Value
from engine.graph.model import UNSET, Unset
from gui.forms.controls import IconButton
from gui.forms.editor import Editor
from gui.forms.text_editors import DerivedEditor
from gui.forms.value_text import can_step, format_value
from gui.text.formats import strong
from gui.theme import Theme

SCRUB_PX = 6  # of the pointer's way, for a step


class Mixed:
    """The value of nodes that differ."""


MIXED = Mixed()
FormValue = Value | Mixed | Unset


class ParamLabel(QLabel):
    """A parameter's name; dragging it sideways steps the value."""

    scrubbed = Signal(int)
    released = Signal()

    def __init__(self, param: Param, theme: Theme) -> None:
        super().__init__()
        self._param, self._theme = param, theme
        self.setProperty("voice", "dim")
        self.setWordWrap(True)
        self.setAccessibleName(f"{param.name}, required" if param.required else param.name)
        self._scrubs = can_step(param)
        self._from: float | None = None
        if self._scrubs:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        name = escape(self._param.name).replace("_", "_\u200b")
        marked = self._param.required and self._param.default is not None
        mark = f"\u00a0<span style='color: {self._theme.tokens.accent}'>*</span>" if marked else ""
        self.setText(f"<span>{name}</span>{mark}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._scrubs and event.button() is Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            steps = int((event.globalPosition().x() - self._from) / SCRUB_PX)
            if steps:
                self._from += steps * SCRUB_PX
                self.scrubbed.emit(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        if self._from is not None:
            self._from = None
            self.released.emit()


class ParamRow(QObject):
    """The widgets of one parameter, and what it takes to show and change it.

    ``changed`` brings a value (or `UNSET`) and a gesture's number, 0 for a step of its own. ``live``: while typing;
    else when typing is over.
    """

    changed = Signal(object, int)
    helped = Signal(str)

    def __init__(self, param: Param, editor: Editor, theme: Theme, gesture: Callable[[], int], *, live: bool) -> None:
        super().__init__(editor)
        self.param, self.editor = param, editor
        self._new_gesture, self._live = gesture, live
        self._gesture = 0
        self._pending: Value | Unset = UNSET
        self._has_pending = False
        self._unreadable = ""
        self._shown: FormValue = UNSET
        self._before: FormValue = UNSET  # when the gesture began
        self.label = ParamLabel(param, theme)
        self.label.setBuddy(editor)
        self._theme = theme
        self._head = QHBoxLayout()
        self.wrong = ""  # what is wrong with the value
        self._place: tuple[QGridLayout, int] | None = None
        self._problem: QLabel | None = None
        self._note: QLabel | None = None
        tip = help_text(param)
        for widget in (self.label, editor.inner):
            widget.setToolTip(tip)
        editor.edited.connect(self._edited)
        editor.settled.connect(self._settled)
        editor.dropped.connect(self._dropped)
        editor.unreadable.connect(self._set_unreadable)
        editor.focused.connect(lambda on: self.helped.emit(tip if on else ""))
        self.label.scrubbed.connect(editor.step)
        self.label.released.connect(self._settled)

    def place(self, grid: QGridLayout, at: int) -> int:
        """Put the row into a grid; gives the next free line."""
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
        self._place = (grid, at)
        for below, label in ((1, self._problem), (2, self._note)):
            if label is not None:
                grid.addWidget(label, at + below, 1)
        return at + 3

    @cached_property
    def reset(self) -> IconButton:
        """Brings the default back; made when there is something to bring back."""
        button = IconButton(self._theme, "undo", f"Reset {self.param.name}", size_px=12)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.hide()
        button.clicked.connect(self._reset)
        self._head.addWidget(button)
        self._lead_to(button)
        return button

    def _lead_to(self, button: QWidget) -> None:
        """Have Tab come to a button before it comes to the field, as they are seen."""
        field = next((each for each in self.stops() if each is not button), None)
        before = field.previousInFocusChain() if field else None
        tab = Qt.FocusPolicy.TabFocus
        while before is not None and before is not field and (before is button or not before.focusPolicy() & tab):
            before = before.previousInFocusChain()
        if before is not None:
            QWidget.setTabOrder(before, button)

    def stops(self) -> list[QWidget]:
        """What Tab comes to, in order."""
        window, tab = self.editor.window(), Qt.FocusPolicy.TabFocus  # the list of a combo box is a window of its own
        reset = [self.reset] if "reset" in vars(self) else []
        parts = [*reset, self.editor, *self.editor.findChildren(QWidget)]
        return [each for each in parts if each.focusPolicy() & tab and each.window() is window]

    @property
    def problem(self) -> QLabel:
        """The sentence below the value that says what is wrong with it; made when there is something to say."""
        if self._problem is None:
            self._problem = self._made("wrong", 1)
        return self._problem

    @property
    def note(self) -> QLabel:
        """The sentence below that says why the value has no effect; made likewise."""
        if self._note is None:
            self._note = self._made("small", 2)
        return self._note

    def _made(self, voice: str, below: int) -> QLabel:
        label = QLabel()
        label.setProperty("voice", voice)
        label.setWordWrap(True)
        label.hide()
        if self._place is not None:
            grid, at = self._place
            grid.addWidget(label, at + below, 1)
        return label

    def _show_below(self, label: QLabel | None, *, shown: bool) -> None:
        if label is not None:
            label.setVisible(shown and bool(label.text()))

    def set_visible(self, *, shown: bool) -> None:
        """Show the row, or leave it out."""
        for widget in (self.label, self.editor):
            widget.setVisible(shown)
        self._show_below(self._problem, shown=shown)
        self._show_below(self._note, shown=shown)
        if not shown:
            self._show_reset(shown=False)

    def show_value(self, value: FormValue, derived: Value = None) -> None:
        """Show the value that the parameter has; `UNSET`: the default, or what the wire says."""
        self._shown = value
        if isinstance(self.editor, DerivedEditor):
            self.editor.set_derived(derived)
        if isinstance(value, Mixed):
            self.editor.set_mixed()
            self._show_problem(None)
        else:
            plain = self.param.default if isinstance(value, Unset) else value
            self.editor.set_value(plain)
            self._show_problem(self._judged(plain))
        self._offer_reset()

    def show_effect(self, without: NoEffect | None) -> None:
        """Say beside the value that it has no effect, and why; grey it where nothing of it has."""
        note = without.note if without else ""
        if note or self._note is not None:
            self.note.setText(note)
            self._show_below(self._note, shown=not self.editor.isHidden())
        self.editor.set_idle(is_idle=without is not None and without.entry is None, note=note)

    def _offer_reset(self) -> None:
        default = self.param.default
        differs = not isinstance(self._shown, Unset) and repr(self._shown) != repr(default)
        if self.param.required:  # there is no default to go back to, but what a new node gets mends a wrong value
            differs = differs and bool(self.wrong) and self.param.problem(default) is None
        self._show_reset(shown=differs)

    def _show_reset(self, *, shown: bool) -> None:
        if shown:
            default = format_value(self.param, self.param.default) or "none"
            self.reset.setToolTip(f"Back to {'what the input says' if isinstance(self.param, FromInput) else default}")
        if shown or "reset" in vars(self):
            self.reset.setVisible(shown)

    def _edited(self, value: Value) -> None:
        self._show_problem(self._judged(value))
        unset = isinstance(self.param, FromInput) and value is None
        given: Value | Unset = UNSET if unset else value
        if self.editor.is_instant:
            self.changed.emit(given, 0)
        elif self._live:
            if not self._gesture:
                self._gesture, self._before = self._new_gesture(), self._shown
            self.changed.emit(given, self._gesture)
        else:
            self._pending, self._has_pending = given, True

    def _settled(self) -> None:
        self._gesture = 0
        if self._has_pending:
            self._has_pending = False
            if repr(self._pending) != repr(self._shown):
                self.changed.emit(self._pending, 0)

    def _dropped(self) -> None:
        """What was typed is not meant; where nodes differed, it has reached them all, and is for undo to take back."""
        gesture, self._gesture, self._has_pending = self._gesture, 0, False
        if gesture and not isinstance(self._before, Mixed):
            self.changed.emit(self._before, gesture)
        elif not isinstance(self._shown, Mixed):
            plain = self.param.default if isinstance(self._shown, Unset) else self._shown
            self.editor.set_value(plain)
            self._show_problem(self._judged(plain))

    def _reset(self) -> None:
        self._has_pending, self._gesture = False, 0
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        required = self.param.required and not isinstance(self.param, FromInput)
        self.editor.set_value(self.param.default)
        self._show_problem(None)
        self.changed.emit(self.param.default if required else UNSET, 0)

    def _set_unreadable(self, why: str) -> None:
        was, self._unreadable = self._unreadable, why
        if why:
            self._show_problem(why)
        elif was and not isinstance(self._shown, Mixed):
            self._show_problem(None if isinstance(self._shown, Unset) else self._judged(self._shown))

    def _judged(self, value: Value) -> str | None:
        """What is wrong with a value; a text that is yet to be given is asked for by the field itself, calmly."""
        is_asked_for = isinstance(self.param, Text) and self.param.placeholder and value == ""
        return None if is_asked_for else self.param.problem(value)

    def _show_problem(self, wrong: str | None) -> None:
        self.wrong = f"{self.param.name} {wrong}" if wrong else ""
        if wrong or self._problem is not None:
            self.problem.setText(self.wrong)
            self.problem.setVisible(bool(wrong))
        self.editor.set_wrong(wrong=bool(wrong))


def help_text(param: Param) -> str:
    """What a person should know of a parameter, as rich text."""
    parts = [param.unit, param.range_text() if not isinstance(param, FromInput) else ""]
    if isinstance(param, FromInput):
        parts.append(f"read off axis {param.axis} of {param.port}; a value set by hand wins")
    elif param.required:
        parts.append("required")
    else:
        parts.append(f"default {format_value(param, param.default) or 'none'}")
    told = " \u00b7 ".join(escape(part) for part in parts if part)
    return f"{strong(escape(param.name))}\u2002{escape(param.help)}<br><span>{told}</span>"
