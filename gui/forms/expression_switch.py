"""Either the usual editor of a parameter, or in its place the field of an expression."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.catalog.data.roles import Roles
from engine.catalog.expressions import Expression
from engine.catalog.params import Param, Value
from engine.catalog.text_params import Text, Texts
from gui.actions.menu import Menu
from gui.forms.editor import Editor
from gui.forms.expression_editor import ExpressionEditor
from gui.forms.scope import SIGN, Scope
from gui.theme import Theme


def takes_expressions(param: Param) -> bool:
    """Whether = begins an expression; in a text it is a letter like others."""
    return not isinstance(param, Text | Texts | Roles)


class ExpressionSwitch(QObject):
    """Shows the editor that fits a value; = and a menu begin an expression, whose field is made when it is needed.

    It takes the whole width below the name, and its value the place of the usual editor.

    ``field_added``: the field, for the row to listen to. ``plain_wanted``: the user wants to set a value instead.
    ``promotion_wanted``: the value is to become a parameter of the block.
    """

    field_added = Signal(object)
    plain_wanted = Signal()
    promotion_wanted = Signal()

    def __init__(self, editor: Editor, label: QWidget, scope: Callable[[], Scope], theme: Theme) -> None:
        super().__init__(editor)
        self.plain, self.scope, self._theme = editor, scope, theme
        self.expression: ExpressionEditor | None = None
        self._place: tuple[QGridLayout, int] | None = None
        editor.takes_expressions = True
        editor.expression_started.connect(self.start)
        for widget in (label, editor.inner) if editor.is_instant else (label,):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(lambda at, over=widget: self._offer(over.mapToGlobal(at)))

    @property
    def is_on(self) -> bool:
        """Whether the field of the expression is shown."""
        return self.expression is not None and not self.expression.isHidden()

    @property
    def active(self) -> Editor:
        """The editor that is shown."""
        return self.expression if self.expression is not None and self.is_on else self.plain

    def place(self, grid: QGridLayout, at: int) -> None:
        """Note the place of the usual editor."""
        self._place = (grid, at)

    def start(self, text: str = SIGN) -> None:
        """Begin an expression with what was typed."""
        field = self._field()
        self._show(is_expression=True)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.start(text)

    def show_value(self, value: Value) -> bool:
        """Show an expression, or keep a text that is not accepted yet; false for a plain value."""
        if isinstance(value, Expression):
            self._field().set_value(value)
            self._show(is_expression=True)
        elif self.expression is not None and self.is_on and not self.expression.keeps_text:
            self._show(is_expression=False)
        return self.is_on

    def drop_text(self) -> None:
        """Forget a text that was refused."""
        if self.expression is not None:
            self.expression.drop_text()

    def _field(self) -> ExpressionEditor:
        if self.expression is None:
            self.expression = ExpressionEditor(self.plain.param, self.scope, self._theme)
            self.expression.hide()
            if self._place is not None:
                grid, at = self._place
                grid.addWidget(self.expression.value, at, 1)
                grid.addWidget(self.expression, at + 1, 0, 1, 2)
            QWidget.setTabOrder(self.plain.inner, self.expression.field)
            self.field_added.emit(self.expression)
        return self.expression

    def _show(self, *, is_expression: bool) -> None:
        field = self._field()
        had_focus = (self.plain if is_expression else field).inner.hasFocus()
        is_visible = not (self.plain.isHidden() and field.isHidden())
        for editor, is_active in ((self.plain, not is_expression), (field, is_expression)):
            if editor.isHidden() is is_active and is_visible:
                editor.setVisible(is_active)
        if had_focus:
            self.active.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, at: QPoint) -> None:
        menu = Menu(self.plain)
        menu.setObjectName("param_menu")
        if self.is_on:
            menu.addAction("Set a value instead", self.plain_wanted.emit)
        else:
            menu.addAction("Set by an expression  (=)", self.start)
            if self.scope().is_block:
                menu.addAction(f"Make it a parameter of {self.scope().place}", self.promotion_wanted.emit)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
