"""A form made from a declaration: a row for each parameter."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.no_effect_reasons import NoEffect, idle
from engine.catalog.params import Param, Value
from engine.graph.model import UNSET
from gui.forms.editors import NO_CONTEXT, EditorContext, editor_for
from gui.forms.expression_editor import ExpressionEditor
from gui.forms.param_row import FormValue, Mixed, ParamRow
from gui.forms.text_editors import TextEditor
from gui.theme import Theme

LABEL_PX = 116
ROW_GAP_PX = 6


class Form(QWidget):
    """A row for each parameter. ``edited``: its name, its new value or `UNSET`, and the number of the gesture.

    ``promotion_wanted``: the name of one that is to become a parameter of the block.
    """

    edited = Signal(str, object, int)
    promotion_wanted = Signal(str)
    help_changed = Signal(str)

    def __init__(
        self,
        params: Sequence[Param],
        theme: Theme,
        gesture: Callable[[], int],
        *,
        live: bool,
        context: EditorContext = NO_CONTEXT,
        label_px: int = LABEL_PX,
    ) -> None:
        super().__init__()
        self.params = tuple(params)
        self.grid = form_grid(self, label_px)
        self.rows: dict[str, ParamRow] = {}
        at = 0
        for param in params:
            scope = None if param.name in context.literal else context.scope
            row = ParamRow(param, editor_for(param, theme, context), theme, gesture, live=live, scope=scope)
            row.changed.connect(lambda value, number, name=param.name: self.edited.emit(name, value, number))
            row.help_changed.connect(self.help_changed)
            row.promotion_wanted.connect(lambda name=param.name: self.promotion_wanted.emit(name))
            self.rows[param.name] = row
            at = row.place(self.grid, at)
        if not params:
            self.hide()

    def show_values(
        self,
        values: Mapping[str, FormValue],
        derived: Mapping[str, Value] | None = None,
        effects: Mapping[str, NoEffect] | None = None,
    ) -> None:
        """Show these values; the other parameters have their defaults.

        ``effects``: why some values have no effect; by default, as far as the values themselves show it.
        """
        if effects is None:
            effective = {param.name: values.get(param.name, UNSET) for param in self.params}
            effective |= {param.name: param.default for param in self.params if effective[param.name] is UNSET}
            unknown = (Mixed, Expression)
            effects = idle(
                self.params, {name: value for name, value in effective.items() if not isinstance(value, unknown)}
            )
        for name, row in self.rows.items():
            row.show_value(values.get(name, UNSET), (derived or {}).get(name))
            row.show_effect(effects.get(name))

    def drop_texts(self) -> None:
        """Forget texts that were refused, since another node is shown."""
        for row in self.rows.values():
            row.drop_text()

    def tab_stops(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        return [stop for row in self.rows.values() for stop in row.tab_stops()]

    def focus(self, name: str) -> None:
        """Give the focus to the field of a parameter, and select its text."""
        if row := self.rows.get(name):
            editor = row.visible_editor
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(editor, TextEditor | ExpressionEditor):
                editor.field.selectAll()


def form_grid(widget: QWidget, label_px: int = LABEL_PX) -> QGridLayout:
    """The layout of all forms: names at the left, controls at the right."""
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(4)
    grid.setVerticalSpacing(ROW_GAP_PX)
    grid.setColumnMinimumWidth(0, label_px)
    grid.setColumnStretch(1, 1)
    return grid
