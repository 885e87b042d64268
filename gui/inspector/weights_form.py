"""The settings of a node's weights, as forms made from declarations; every change is one undo step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.catalog.params import Choice, Flag, Float, Int, Param, Value
from engine.catalog.text_params import Text
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.graph.model import Node, Part, Unset
from engine.graph.node_expressions import LOOP_NAMES
from engine.graph.weights import NO_SETTINGS, Field, Follows, WeightSettings, WeightsFile
from gui.forms.choice_editors import ChoiceEditor
from gui.forms.combo import Combo
from gui.forms.editors import NO_CONTEXT, EditorContext
from gui.forms.form import Form, form_grid
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.forms.scope import Scope
from gui.forms.text_editors import PathEditor
from gui.theme import Theme

Sizes = Mapping[str, tuple[int, ...]]

LR_SCALE = Float("lr_scale", 1.0, above=0.0, help="A factor of the learning rate, in addition to the LR schedule.")
FROZEN = Flag("frozen", False, help="The weights stay as they are, and the layer is in evaluation mode.")
DECAY = Flag("decay", True, help="Whether weight decay and the penalties l1 and l2 apply.")
OF_BLOCK = (
    Choice("frozen", None, options=("yes", "no"), none="as inside", help=FROZEN.help),
    Float("lr_scale", None, above=0.0, none="as inside", help=LR_SCALE.help),
    Choice("decay", None, options=("yes", "no"), none="as inside", help=DECAY.help),
)
START = (
    Text(
        "start_from",
        "",
        path=True,
        placeholder="a file, a run, or shipped:NAME",
        patterns=("*.safetensors",),
        help="Weights to begin with: a safetensors file, the folder of a run, or shipped:NAME. Names must fit exactly.",
    ),
    Text("prefix", "", help="The prefix of the names of this node's weights in the file, such as encoder."),
)
FOLLOWS = (
    Choice("follows", None, none="no other", help="Follow the weights of another node, and do not learn."),
    Choice(
        "moves",
        "a little",
        options=("a little", "now and then"),
        help="A little after each step, or by a copy every so many steps.",
    ),
    Float("keeps", 0.999, min=0.0, max=1.0, help="The share of its own value that a weight keeps in a step."),
    Int("every", 100, min=1, unit="steps", help="The steps from one copy to the next."),
)
SHARED = (
    Choice(
        "shares",
        None,
        none="its own numbers",
        help="Let this weight be one of equal shape of another node, as a head has that of an embedding.",
    ),
)


class WeightsForm(QWidget):
    """Shows and changes the settings of one node. ``edited``: the new settings."""

    edited = Signal(object)
    help_changed = Signal(str)

    def __init__(self, theme: Theme, gesture: Callable[[], int], scope: Callable[[], Scope]) -> None:
        super().__init__()
        self._theme, self._gesture = theme, gesture
        self._scope = lambda: scope().without(LOOP_NAMES)
        self._name, self._node = "", Node("")
        self._sizes: Sizes = {}
        self._others: Sizes = {}
        self._weight = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(6)
        self.of_layer = self._form((FROZEN, LR_SCALE, DECAY), self._set_learning)
        self.of_block = self._form(OF_BLOCK, self._set_learning)
        self.follows = self._form(FOLLOWS, self._set_follows)
        self.start = self._form(START, self._set_start)
        self.weight, self.weights = QWidget(), Combo()
        self.weights.setAccessibleName("weight")
        self.weights.activated.connect(self._choose_weight)
        self._names: list[str] = []  # of the weights in the list
        label = QLabel("weight")
        label.setProperty("voice", "dim")
        label.setBuddy(self.weights)
        label.setToolTip("The weight that the settings below are about.")
        grid = form_grid(self.weight)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.weights, 0, 1)
        self._column.addWidget(self.weight)
        self.shared = self._form(SHARED, lambda _, value: self._set_shared(value))
        self.parts: dict[Field, PartForm] = {
            "init": PartForm("begins with", INITIALIZERS, theme, gesture, none="torch's own"),
            "parametrize": PartForm("computed by", PARAMETRIZATIONS, theme, gesture, none="nothing"),
        }
        for field, part in self.parts.items():
            part.kind_chosen.connect(lambda kind, field=field: self._choose_part(field, kind))
            part.edited.connect(lambda name, value, field=field: self._set_part(field, name, value))
            part.help_changed.connect(self.help_changed)
            self._column.addWidget(part)

    def _form(self, params: tuple[Param, ...], handler: Callable[[str, Value | Unset], None]) -> Form:
        form = Form(params, self._theme, self._gesture, live=False)
        form.edited.connect(lambda name, value, _: handler(name, value))
        form.help_changed.connect(self.help_changed)
        self._column.addWidget(form)
        return form

    @property
    def learning(self) -> Form:
        """The form of how the weights learn; that of a block has the option "as inside", too."""
        return self.of_block if self._node.uses_block else self.of_layer

    def show_settings(
        self, name: str, node: Node, sizes: Sizes, others: Sizes, leaders: tuple[str, ...], base: Path | None
    ) -> None:
        """Show the settings of a node.

        ``sizes``: the shapes of its weights, as far as they are known. ``others``: the shapes of those that it can
        share, by their names in the graph. ``leaders``: the nodes that it can follow. ``base``: the folder of the
        project.
        """
        if name != self._name or node.kind != self._node.kind:
            self._weight = ""
        self._name, self._node, self._sizes, self._others = name, node, sizes, others
        editor = self.start.rows["start_from"].editor
        if isinstance(editor, PathEditor):
            editor.base = base
        settings = node.settings
        is_block, frozen, decay = node.uses_block, settings.frozen, settings.decay
        scale = settings.lr_scale if is_block or settings.lr_scale is not None else 1.0
        self.learning.show_values(
            {
                "frozen": _word(frozen) if is_block else frozen is True,
                "lr_scale": scale,
                "decay": _word(decay) if is_block else decay is not False,
            }
        )
        self._show_follows(settings.follows, leaders)
        file = settings.weights or WeightsFile("")
        self.start.show_values({"start_from": file.path, "prefix": file.prefix})
        self.start.rows["prefix"].set_visible(visible=bool(settings.weights))
        self._show_weight()
        own = not settings.follows or replace(settings, follows=None) != NO_SETTINGS
        self.start.setVisible(own)
        for form in (self.of_layer, self.of_block):
            form.setVisible(own and form is self.learning)

    def _show_follows(self, follows: Follows | None, leaders: tuple[str, ...]) -> None:
        editor = self.follows.rows["follows"].editor
        if isinstance(editor, ChoiceEditor):
            editor.set_options({name: name for name in leaders})
        moves = "now and then" if follows and follows.every is not None else "a little"
        keeps = follows.decay if follows and follows.decay is not None else 0.999
        every = follows.every if follows and follows.every is not None else 100
        self.follows.show_values(
            {"follows": follows.node if follows else None, "moves": moves, "keeps": keeps, "every": every}
        )
        for name, applies in (("moves", True), ("keeps", moves == "a little"), ("every", moves != "a little")):
            self.follows.rows[name].set_visible(visible=bool(follows) and applies)
        self.follows.setVisible(bool(leaders) or bool(follows))

    def _show_weight(self) -> None:
        settings = self._node.settings
        with_settings = list(dict.fromkeys([*settings.init, *settings.parametrize, *settings.shares]))
        names = dict.fromkeys([*self._sizes, *with_settings])
        if self._weight not in names:
            self._weight = next(iter([*with_settings, *names]), "")
        is_shown = bool(names) and not settings.follows
        texts = [self._text(name, with_settings) for name in names]
        if texts != [self.weights.itemText(at) for at in range(self.weights.count())]:
            self.weights.clear()
            self.weights.addItems(texts)
        self._names = list(names)
        if self._weight:
            self.weights.setCurrentIndex(self._names.index(self._weight))
        self.weight.setVisible(is_shown)
        owner = settings.shares.get(self._weight)
        self._show_shared(owner, is_shown=is_shown)
        for field, part in self.parts.items():
            of_weight = settings.parts(field).get(self._weight, Part(""))
            part.show_part(of_weight.kind, of_weight.params, self._context(field, of_weight.kind))
            part.setVisible(is_shown and (owner is None or bool(of_weight.kind)))

    def _context(self, field: Field, kind: str) -> EditorContext:
        """The values of an initializer may be expressions, but for those that depend on the shape of the weight."""
        declaration = INITIALIZERS.get(kind) if field == "init" else None
        return EditorContext(scope=self._scope, literal=declaration.fixed) if declaration else NO_CONTEXT

    def _show_shared(self, owner: str | None, *, is_shown: bool) -> None:
        """Show the weight that the chosen one is, and those that it can be."""
        shape = self._sizes.get(self._weight)
        alike = [name for name, other in self._others.items() if other == shape]
        names = dict.fromkeys([*([owner] if owner else []), *alike])
        editor = self.shared.rows["shares"].editor
        if isinstance(editor, ChoiceEditor):
            editor.set_options({name: name for name in names})
        self.shared.show_values({"shares": owner})
        self.shared.setVisible(is_shown and bool(names))

    def _text(self, name: str, with_settings: list[str]) -> str:
        """A weight for the list: its name, its shape, and whether it has settings."""
        parts = [name, " \u00d7 ".join(map(str, self._sizes.get(name, ()))), "\u2022" if name in with_settings else ""]
        return "  ".join(filter(None, parts))

    def _choose_weight(self, at: int) -> None:
        self._weight = self._names[at]
        self._show_weight()

    def _choose_part(self, field: Field, kind: str) -> None:
        declarations = INITIALIZERS if field == "init" else PARAMETRIZATIONS
        settings, before = self._node.settings, self._node.settings.parts(field).get(self._weight)
        if not kind:
            self._change(settings.without(field, self._weight))
        elif declaration := declarations.get(kind):
            self._put(field, Part(kind, compatible_values(before.params if before else {}, declaration)))

    def _set_shared(self, value: Value | Unset) -> None:
        """Share a weight, without what fills or computes one of its own; or do not."""
        own = {name: weight for name, weight in self._node.settings.shares.items() if name != self._weight}
        settings = replace(self._node.settings, shares=own)
        if isinstance(value, str):
            settings = settings.without("init", self._weight).without("parametrize", self._weight)
            settings = replace(settings, shares={**own, self._weight: value})
        self._change(settings)

    def _set_part(self, field: Field, name: str, value: Value | Unset) -> None:
        part = self._node.settings.parts(field).get(self._weight)
        if part is not None:
            self._put(field, replace(part, params=with_value(part.params, name, value)))

    def _put(self, field: Field, part: Part) -> None:
        settings = self._node.settings
        parts = {**settings.parts(field), self._weight: part}
        self._change(replace(settings, init=parts) if field == "init" else replace(settings, parametrize=parts))

    def _set_learning(self, name: str, value: Value | Unset) -> None:
        settings = self._node.settings
        if name == "lr_scale":
            usual = not self._node.uses_block and value == 1.0
            scale = float(value) if isinstance(value, int | float) and not usual else None
            self._change(replace(settings, lr_scale=scale))
        elif name == "frozen":
            self._change(replace(settings, frozen=_flag(value, usual=False, is_block=self._node.uses_block)))
        else:
            self._change(replace(settings, decay=_flag(value, usual=True, is_block=self._node.uses_block)))

    def _set_start(self, name: str, value: Value | Unset) -> None:
        text, settings = value if isinstance(value, str) else "", self._node.settings
        file = settings.weights or WeightsFile("")
        if name == "prefix":
            self._change(replace(settings, weights=replace(file, prefix=text)))
        else:
            self._change(replace(settings, weights=replace(file, path=text) if text else None))

    def _set_follows(self, name: str, value: Value | Unset) -> None:
        settings = self._node.settings
        follows = settings.follows
        if name == "follows":
            leader = value if isinstance(value, str) else None
            new = replace(follows or Follows("", decay=0.999), node=leader) if leader else None
            self._change(WeightSettings(follows=new) if new else replace(settings, follows=None))
        elif follows is not None and name == "moves":
            by_copies = value == "now and then"
            decay, every = (None, 100) if by_copies else (0.999, None)
            self._change(replace(settings, follows=replace(follows, decay=decay, every=every)))
        elif follows is not None and name == "keeps":
            decay = float(value) if isinstance(value, int | float) else 0.999
            self._change(replace(settings, follows=replace(follows, decay=decay, every=None)))
        elif follows is not None:
            every = value if isinstance(value, int) else 100
            self._change(replace(settings, follows=replace(follows, decay=None, every=every)))

    def _change(self, settings: WeightSettings) -> None:
        if settings != self._node.settings:
            self.edited.emit(NO_SETTINGS if settings == NO_SETTINGS else settings)


def _word(flag: bool | None) -> Literal["yes", "no"] | None:
    return None if flag is None else "yes" if flag else "no"


def _flag(value: Value | Unset, *, usual: bool, is_block: bool) -> bool | None:
    if is_block:
        return {"yes": True, "no": False}.get(value) if isinstance(value, str) else None
    return None if isinstance(value, Unset) or value is usual else value is True
