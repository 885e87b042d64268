"""The base of all editors of a parameter."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.catalog.params import Param, Value
from gui.forms.controls import restyle

MIXED = "mixed"
NOTHING = "none"


class Editor(QWidget):
    """Shows and changes one value. ``edited`` is emitted while it changes, ``committed`` when the change is complete.

    ``reverted``: the typed text was discarded. ``unreadable``: the reason why the typed text is not a value; empty when
    it is one again. ``takes_expressions``: = begins an expression.
    """

    edited = Signal(object)
    committed = Signal()
    reverted = Signal()
    unreadable = Signal(str)
    focused = Signal(bool)
    expression_started = Signal(str)  # with what was typed, which begins with =
    takes_expressions = False
    is_instant = False  # each change is complete at once
    is_wide = False  # it takes the whole width below the name

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

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self.inner and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.focused.emit(event.type() is QEvent.Type.FocusIn)
        if target is self.inner and self.is_instant and self.takes_expressions and _is_equal_sign(event):
            self.expression_started.emit("=")
            return True
        return super().eventFilter(target, event)

    def set_value(self, value: Value) -> None:
        """Show a value."""
        raise NotImplementedError

    def set_mixed(self) -> None:
        """Show that several nodes have different values."""
        raise NotImplementedError

    def step(self, steps: int) -> None:
        """Step the value up or down, if it can be stepped."""

    def set_idle(self, *, is_idle: bool, note: str) -> None:
        """Grey out a value that has no effect; screen readers read ``note``, too."""
        restyle(self.inner, "idle", is_idle)
        self.inner.setAccessibleDescription(f"{self.param.help} {note}".strip())

    def set_invalid(self, *, invalid: bool) -> None:
        """Mark the value as invalid, or not."""
        restyle(self.inner, "wrong", invalid)


def _is_equal_sign(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.text() == "="
