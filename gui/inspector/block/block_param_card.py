"""One parameter of a block: its name, type, default, range or options, and help."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from msgspec.structs import replace as with_fields
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.catalog.expressions import Constant, Expression
from engine.catalog.params import Choice, Float, Int, Param, Value
from engine.catalog.text_params import Text, Texts
from engine.graph.block_params import BlockParam, ParamType
from engine.graph.model import Unset
from gui.forms.entry_buttons import EntryButtons
from gui.forms.form import Form
from gui.forms.node_name import NodeName
from gui.forms.sections import Section
from gui.forms.value_text import format_value
from gui.theme import Theme
from gui.widgets.removal import remove_widget

LABEL_PX = 74  # of the names in a card, which is narrower than a form
TYPES: tuple[ParamType, ...] = ("int", "float", "flag", "choice", "tuple")
TYPE = Choice("type", "int", options=TYPES, help="A whole number, a number, yes or no, one of some words, or sizes.")
OPTIONS = Texts("options", (), help="The words to choose from.")
HELP = Text("help", "", help="What it is for, as each use of the block says it.")
DEFAULT = "default"
FIRST_VALUES: dict[ParamType, BlockParam] = {
    "int": BlockParam("int", 1),
    "float": BlockParam("float", 1.0),
    "flag": BlockParam("flag", default=False),
    "choice": BlockParam("choice", "a", options=("a", "b")),
    "tuple": BlockParam("tuple", (1, 1)),
}


class BlockParamCard(QFrame):
    """The signals carry the parameter's name, and what is wanted: another name, another declaration, a move."""

    renamed = Signal(str, str)
    edited = Signal(str, object)
    moved = Signal(str, int)
    removed = Signal(str)
    help_changed = Signal(str)

    def __init__(self, names: Callable[[], set[str]], theme: Theme, gesture: Callable[[], int]) -> None:
        super().__init__()
        self.setObjectName("block_param_card")
        self.setProperty("role", "problem")
        self._theme, self._gesture = theme, gesture
        self._name, self._param = "", FIRST_VALUES["int"]
        name = NodeName(
            "name", None, required=True, help="Its name, in expressions and in the code.",
            other_names=lambda: names() - {self._name}, what="parameter or node",
        )  # fmt: skip
        self.name = Form((name,), theme, gesture, live=False, label_px=LABEL_PX)
        self.name.edited.connect(lambda _, value, __: self._rename(value))
        self.name.help_changed.connect(self.help_changed)
        self.form = Form((), theme, gesture, live=False)
        self.buttons = EntryButtons(theme)
        self.buttons.moved.connect(lambda by: self.moved.emit(self._name, by))
        self.buttons.removed.connect(lambda: self.removed.emit(self._name))
        body = QWidget()
        self._inside = QVBoxLayout(body)
        self._inside.setContentsMargins(0, 4, 0, 2)
        self._inside.setSpacing(6)
        self._inside.addWidget(self.name)
        self._inside.addWidget(self.form)
        self.head = Section("", theme, body, is_open=False)
        self.head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long name widens nothing
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.head, 1)
        row.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 6, 6)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(body)

    @property
    def param_name(self) -> str:
        """The name of the parameter."""
        return self._name

    def show_param(self, name: str, param: BlockParam, *, is_first: bool, is_last: bool) -> None:
        """Show a parameter; an invalid name that was typed for it stays, with the reason, until it is corrected."""
        if name != self._name or not self.name.rows["name"].wrong:
            self._name = name
            self.name.show_values({"name": name})
        params = _params(param)
        if params != self.form.params:
            self._replace_form(params)
        self._param = param
        self.head.setText(f"{name} = {format_value(param.declared(name), param.default)}")
        self.head.setToolTip(param.help)
        self.buttons.show_place(name, is_first=is_first, is_last=is_last)
        self.form.show_values(
            {
                "type": param.type,
                DEFAULT: param.default,
                "min": param.min,
                "max": param.max,
                "options": param.options,
                "help": param.help,
            }
        )

    def _replace_form(self, params: tuple[Param, ...]) -> None:
        focus = QApplication.focusWidget()
        has_focus = [name for name, row in self.form.rows.items() if focus and row.editor.isAncestorOf(focus)]
        remove_widget(self.form)
        self.form = Form(params, self._theme, self._gesture, live=False, label_px=LABEL_PX)
        self.form.edited.connect(lambda name, value, _: self._set(name, value))
        self.form.help_changed.connect(self.help_changed)
        self._inside.addWidget(self.form)
        for name in has_focus:
            self.form.focus(name)

    def _rename(self, value: Value | Unset) -> None:
        if isinstance(value, str) and not self.name.params[0].problem(value) and value != self._name:
            self.renamed.emit(self._name, value)

    def _set(self, name: str, value: Value | Unset) -> None:
        changed = _changed(self._param, name, value)
        if changed != self._param:
            self.edited.emit(self._name, changed)


def _params(param: BlockParam) -> tuple[Param, ...]:
    """The fields that fit a type; the default has the editor and the range that it has at a use."""
    default = param.declared(DEFAULT)
    none = "no bound"
    bounds: dict[ParamType, tuple[Param, ...]] = {
        "int": (
            Int("min", None, none=none, help="The least value."),
            Int("max", None, none=none, help="The largest value."),
        ),
        "float": (
            Float("min", None, none=none, help="The least value."),
            Float("max", None, none=none, help="The largest value."),
        ),
        "tuple": (Int("min", None, none=none, help="The least size."),),
        "choice": (OPTIONS,),
        "flag": (),
    }
    return (TYPE, with_fields(default, help="Its value at a use that sets none."), *bounds[param.type], HELP)


def _changed(param: BlockParam, name: str, value: Value | Unset) -> BlockParam:
    """The parameter with another type, default, bound, options or help; the default stays where it is legal."""
    plain = None if isinstance(value, Unset | Expression) else value
    changes: dict[str, Any] = {name: plain}
    match name, plain:
        case "type", str():
            kind = next(each for each in TYPES if each == plain)
            return replace(FIRST_VALUES[kind], default=_as_type(kind, param.default), help=param.help)
        case "options", tuple():
            options = tuple(str(each) for each in plain)
            is_kept = param.default in options or not options
            changes = {"options": options, "default": param.default if is_kept else options[0]}
        case "help", _:
            changes = {"help": plain or ""}
        case (("default" | "type" | "options"), None):
            changes = {}
    return replace(param, **changes)


def _as_type(kind: ParamType, value: Constant) -> Constant:
    """A default of another type, similar to the present one."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    match kind:
        case "int" if number is not None:
            return int(number)
        case "float" if number is not None:
            return float(number)
        case "tuple" if number is not None:
            return (int(number), int(number))
        case "flag":
            return bool(value)
    return FIRST_VALUES[kind].default
