"""The phases of a training step: a card each, in the order in which they run, and a button that adds one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.graph.compose import unused_name
from engine.graph.edits import SetTraining
from engine.graph.model import Graph, Phase, Training
from engine.graph.phases import losses_of, weight_owners
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

if TYPE_CHECKING:  # few trainings have phases
    from gui.inspector.training.phase_card import PhaseCard

ONE = (
    "Each step minimizes all losses and updates all weights. Phases divide it: a GAN, for example, has one for each "
    "network."
)
SEVERAL = "They run in this order within each step."


class PhasesForm(QWidget):
    """The cards of the phases; every change is one undo step."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("phases_form")
        self._document, self._theme = document, theme
        self.cards: list[PhaseCard] = []
        self.about = QLabel()
        self.about.setProperty("voice", "small")
        self.about.setWordWrap(True)
        self.add = QPushButton()
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.about)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def _training(self) -> Training:
        return self._document.project.training

    def _options(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The losses of the main graph, and its nodes with weights."""
        project = self._document.project
        graph = project.graphs.get(project.main, Graph())
        return losses_of(graph), tuple(weight_owners(graph))

    def displayed_settings(self) -> object:
        """What the form shows besides the training settings."""
        return self._options() if self._training.phases else None

    def refresh(self, *, open_place: int | None = None) -> None:
        """Show the present phases; ``open_place``: the place of a card to open."""
        phases = self._training.phases
        self.about.setText(SEVERAL if phases else ONE)
        self.add.setText("Add a phase" if phases else "Divide into phases")
        while len(self.cards) > len(phases):
            remove_widget(self.cards.pop())
        while len(self.cards) < len(phases):
            self._list.addWidget(self._card())
        options = self._options() if phases else ((), ())
        for card in self.cards:
            card.show_phase(self._training, *options)
            if card.place == open_place:
                card.head.setChecked(True)

    def _card(self) -> "PhaseCard":
        from gui.inspector.training.phase_card import PhaseCard

        card = PhaseCard(len(self.cards), self._document, self._theme)
        card.edited.connect(self._set)
        card.moved.connect(self._move)
        card.removed.connect(self._remove)
        card.help_changed.connect(self.help_changed)
        self.cards.append(card)
        return card

    def _do(self, phases: list[Phase], label: str) -> None:
        self._document.do(SetTraining(replace(self._training, phases=tuple(phases)), label))

    def _add(self) -> None:
        phases, (losses, _) = self._training.phases, self._options()
        used = {name for phase in phases for name in phase.losses}
        name = unused_name({phase.name for phase in phases}, "phase1")
        new = Phase(name, tuple(loss for loss in losses if loss not in used))
        self._do([*phases, new], f"Add {name}")
        self.refresh(open_place=len(phases))

    def _set(self, place: int, phase: Phase, label: str) -> None:
        phases = list(self._training.phases)
        phases[place] = phase
        self._do(phases, label)

    def _move(self, place: int, by: int) -> None:
        phases = list(self._training.phases)
        phases.insert(place + by, phases.pop(place))
        are_open = [card.head.isChecked() for card in self.cards]
        are_open.insert(place + by, are_open.pop(place))
        self._do(phases, f"Move {phases[place + by].name}")
        for card, is_open in zip(self.cards, are_open, strict=True):
            card.head.setChecked(is_open)

    def _remove(self, place: int) -> None:
        phases = list(self._training.phases)
        removed = phases.pop(place)
        are_open = [card.head.isChecked() for card in self.cards]
        del are_open[place]
        self._do(phases, f"Remove {removed.name}")
        for card, is_open in zip(self.cards, are_open, strict=True):
            card.head.setChecked(is_open)
