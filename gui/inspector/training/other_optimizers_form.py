"""The optimizers beside the first one: a card each, and a button that adds one."""

from collections.abc import Callable
from dataclasses import replace

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Choice, Value
from engine.check import no_effect
from engine.graph.model import MATRICES, OtherOptimizer, Training, Unset
from gui.forms.form import LABEL_PX, Form
from gui.forms.names_picker import NamesPicker
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.inspector.training.entry_card import CardList, EntryCard
from gui.theme import Theme

NODES = "nodes"
OPTIMIZER_WEIGHTS = (
    Choice(
        "for",
        MATRICES,
        options=(MATRICES, NODES),
        help="matrices: all weights of two axes that no other optimizer names; nodes: those that you name.",
    ),
)


class OptimizerCard(EntryCard):
    """An optimizer, and the weights that it is for."""

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

    def show_optimizer(self, training: Training, weight_owners: tuple[str, ...]) -> None:
        """Show the optimizer at the card's place of a training."""
        other = self._other = training.other_optimizers[self.place]
        is_of_nodes = other.of != MATRICES
        self.optimizer.show_part(other.kind, other.params, effects=no_effect.of_optimizer(training, other))
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


class OtherOptimizersForm(CardList[OptimizerCard]):
    """``changed`` carries a tuple of optimizers."""

    def __init__(self, theme: Theme, gesture: Callable[[], int], label_px: int = LABEL_PX) -> None:
        tip = "An optimizer for some of the weights, such as all matrices or those of some layers."
        super().__init__("Add an optimizer", tip)
        self._theme, self._gesture, self._label_px = theme, gesture, label_px
        self._others: tuple[OtherOptimizer, ...] = ()

    def show_optimizers(self, training: Training, weight_owners: tuple[str, ...]) -> None:
        """Show those of a training, or of a phase with its settings; ``weight_owners``: the nodes to choose from."""
        self._others = training.other_optimizers
        self._show_count(len(self._others))
        for card in self.cards:
            card.show_optimizer(training, weight_owners)

    def _card(self, index: int) -> OptimizerCard:
        return OptimizerCard(index, self._theme, self._gesture, self._label_px)

    def _add(self) -> None:
        free = {other.of for other in self._others}
        kinds = [kind for kind, declared in OPTIMIZERS.items() if declared.matrices_only]
        new = OtherOptimizer(kinds[0]) if MATRICES not in free else OtherOptimizer(next(iter(OPTIMIZERS)), of=())
        self.changed.emit((*self._others, new), f"Add {new.kind}")

    def _set(self, place: int, entry: object, label: str) -> None:
        self.changed.emit((*self._others[:place], entry, *self._others[place + 1 :]), label)

    def _remove(self, place: int) -> None:
        label = f"Remove {self._others[place].kind}"
        self.changed.emit((*self._others[:place], *self._others[place + 1 :]), label)
