"""The optimizers beside the first one: a card each, and a button that adds one."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Choice, Value
from engine.graph.model import MATRICES, OtherOptimizer, Unset
from gui.forms.form import LABEL_PX, Form
from gui.forms.names_picker import NamesPicker
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.inspector.optimization.entry_card import EntryCard
from gui.theme import Theme
from gui.widgets.removal import remove_widget

NODES = "nodes"
OPTIMIZER_WEIGHTS = (
    Choice(
        "for",
        MATRICES,
        options=(MATRICES, NODES),
        help="matrices: all weights of two axes that no other optimizer names; nodes: those that you name.",
    ),
)
Others = tuple[OtherOptimizer, ...]


class OtherOptimizersForm(QWidget):
    """``changed``: the optimizers, and the label of the edit."""

    changed = Signal(tuple, str)
    help_changed = Signal(str)

    def __init__(self, theme: Theme, gesture: Callable[[], int], label_px: int = LABEL_PX) -> None:
        super().__init__()
        self._theme, self._gesture, self._label_px = theme, gesture, label_px
        self._others: Others = ()
        self.cards: list[OptimizerCard] = []
        self.add = QPushButton("Add an optimizer")
        self.add.setToolTip("An optimizer for some of the weights, such as all matrices or those of some layers.")
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_optimizers(self, others: Others, weight_owners: tuple[str, ...]) -> None:
        """Show them; ``weight_owners``: the nodes that can be chosen."""
        self._others = others
        while len(self.cards) > len(others):
            remove_widget(self.cards.pop())
        while len(self.cards) < len(others):
            card = OptimizerCard(len(self.cards), self._theme, self._gesture, self._label_px)
            card.edited.connect(self._set)
            card.removed.connect(self._remove)
            card.help_changed.connect(self.help_changed)
            self.cards.append(card)
            self._list.addWidget(card)
        for card, other in zip(self.cards, others, strict=True):
            card.show_optimizer(other, weight_owners)

    def _add(self) -> None:
        free = {other.of for other in self._others}
        kinds = [kind for kind, declared in OPTIMIZERS.items() if declared.matrices_only]
        new = OtherOptimizer(kinds[0]) if MATRICES not in free else OtherOptimizer(next(iter(OPTIMIZERS)), of=())
        self.changed.emit((*self._others, new), f"Add {new.kind}")

    def _set(self, place: int, other: OtherOptimizer, label: str) -> None:
        self.changed.emit((*self._others[:place], other, *self._others[place + 1 :]), label)

    def _remove(self, place: int) -> None:
        label = f"Remove {self._others[place].kind}"
        self.changed.emit((*self._others[:place], *self._others[place + 1 :]), label)


class OptimizerCard(EntryCard):
    """``edited``: its place, the optimizer, and the label of the edit."""

    edited = Signal(int, object, str)
    help_changed = Signal(str)

    def __init__(self, place: int, theme: Theme, gesture: Callable[[], int], label_px: int) -> None:
        self.optimizer = PartForm("optimizer", OPTIMIZERS, theme, gesture, label_px=label_px)
        self.of = Form(OPTIMIZER_WEIGHTS, theme, gesture, live=False, label_px=label_px)
        help_text = "The layers and blocks whose weights it learns."
        self.nodes = NamesPicker("nodes", "Add a layer", "No layer yet.", theme, help_text, label_px)
        super().__init__(place, "beside it", theme, (self.optimizer, self.of, self.nodes))
        self._other = OtherOptimizer("")
        self.optimizer.kind_chosen.connect(self._choose)
        self.optimizer.edited.connect(self._set_param)
        self.of.edited.connect(lambda _, value, __: self._set_of(value))
        self.nodes.changed.connect(lambda names: self._change("Change what it learns", of=names))
        for form in (self.optimizer, self.of):
            form.help_changed.connect(self.help_changed)

    def show_optimizer(self, other: OtherOptimizer, weight_owners: tuple[str, ...]) -> None:
        """Show an optimizer."""
        self._other = other
        is_of_nodes = other.of != MATRICES
        self.optimizer.show_part(other.kind, other.params)
        self.of.show_values({"for": NODES if is_of_nodes else MATRICES})
        self.nodes.setVisible(is_of_nodes)
        self.nodes.show_names(other.of if is_of_nodes else (), weight_owners)

    def _change(self, label: str, **changes: object) -> None:
        after = replace(self._other, **changes)  # type: ignore[arg-type] # each by its form's declaration
        if after != self._other:
            self.edited.emit(self.place, after, f"{label} of {after.kind}")

    def _choose(self, kind: str) -> None:
        if kind in OPTIMIZERS:
            params = compatible_values(self._other.params, OPTIMIZERS[kind])
            self.edited.emit(self.place, replace(self._other, kind=kind, params=params), f"Use {kind}")

    def _set_param(self, name: str, value: Value | Unset) -> None:
        self._change(f"Set {name}", params=with_value(self._other.params, name, value))

    def _set_of(self, value: Value | Unset) -> None:
        self._change("Change what it learns", of=() if value == NODES else MATRICES)
