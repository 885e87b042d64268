"""The name of a parameter beside its editor, and its help text."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel

from engine.catalog.params import FromInput, Param
from gui.formatting.formats import strong
from gui.forms.value_text import can_step, format_value
from gui.theme import Theme

SCRUB_PX = 6  # of dragging for one step


class ParamLabel(QLabel):
    """The name of a parameter; dragging it sideways steps the value."""

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
        is_marked = self._param.required and self._param.default is not None
        mark = f"\u00a0<span style='color: {self._theme.tokens.accent}'>*</span>" if is_marked else ""
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


def help_text(param: Param, *, takes_expressions: bool = False) -> str:
    """The help text of a parameter, as rich text: its meaning, unit, range and default."""
    parts = [param.unit, param.range_text() if not isinstance(param, FromInput) else ""]
    if isinstance(param, FromInput):
        parts.append(f"read from axis {param.axis} of {param.port}; a value set by hand wins")
    elif param.required:
        parts.append("required")
    else:
        parts.append(f"default {format_value(param, param.default) or 'none'}")
    parts += ["= begins an expression"] if takes_expressions else []
    details = " \u00b7 ".join(escape(part) for part in parts if part)
    return f"{strong(escape(param.name))}\u2002{escape(param.help)}<br><span>{details}</span>"
