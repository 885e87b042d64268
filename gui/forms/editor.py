"""What all editors of a parameter are: a widget that shows one value and tells of changes."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.catalog.params import Param, Value
from gui.forms.controls import restyle

MIXED = "mixed"
NOTHING = "none"


class Editor(QWidget):
    """Shows and changes one value. ``edited`` while it changes, ``settled`` when the change is over.

    ``dropped``: what was typed is taken back. ``unreadable``: what is typed means no value, with the reason; nothing
    when it does again.
    """

    edited = Signal(object)
    settled = Signal()
    dropped = Signal()
    unreadable = Signal(str)
    focused = Signal(bool)
    is_instant = False  # a change is over at once
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

    def set_idle(self, *, is_idle: bool, note: str) -> None:
        """Grey a value that has no effect; ``note``: what a screen reader says of it besides."""
        restyle(self.inner, "idle", is_idle)
        self.inner.setAccessibleDescription(f"{self.param.help} {note}".strip())

    def set_wrong(self, *, wrong: bool) -> None:
        """Mark the value as illegal."""
        restyle(self.inner, "wrong", wrong)
