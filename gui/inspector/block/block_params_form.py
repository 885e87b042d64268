"""The parameters of a block: a card each, in their order, and a button that adds one."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.graph.block_params import BlockParam
from engine.graph.compose import add_param, remove_param
from engine.graph.edits import (
    RESERVED_PARAMS,
    Edit,
    EditError,
    MoveBlockParam,
    RenameBlockParam,
    SetBlockParam,
)
from engine.graph.model import Project
from gui.inspector.block.block_param_card import BlockParamCard
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

USUAL_NAME = "channels"
USUAL = BlockParam("int", 64, min=1)
NONE = "Values inside that differ from use to use. A field reads one by its name, as in =channels*2."


class BlockParamsForm(QWidget):
    """The cards of the parameters; every change is one undo step, and holds for all uses of the block."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self._document, self._theme = document, theme
        self._block = ""
        self.cards: list[BlockParamCard] = []
        self._about = QLabel(NONE)
        self._about.setProperty("voice", "small")
        self._about.setWordWrap(True)
        self.add = QPushButton("Add a parameter")
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._about)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_block(self, block: str) -> None:
        """Show the present parameters of a block."""
        self._block = block
        params = self._document.project.graphs[block].params
        self._about.setVisible(not params)
        while len(self.cards) > len(params):
            remove_widget(self.cards.pop())
        while len(self.cards) < len(params):
            self._list.addWidget(self._card())
        for place, (card, (name, param)) in enumerate(zip(self.cards, params.items(), strict=True)):
            card.show_param(name, param, is_first=place == 0, is_last=place == len(params) - 1)

    def _card(self) -> BlockParamCard:
        card = BlockParamCard(self._names, self._theme, self._document.gesture)
        card.renamed.connect(lambda old, new: self._do(lambda _: RenameBlockParam(self._block, old, new)))
        card.edited.connect(lambda name, param: self._do(lambda _: SetBlockParam(self._block, name, param)))
        card.moved.connect(self._move)
        card.removed.connect(lambda name: self._do(lambda project: remove_param(project, self._block, name)))
        card.help_changed.connect(self.help_changed)
        self.cards.append(card)
        return card

    def _names(self) -> set[str]:
        """The names that no other parameter can have."""
        graph = self._document.project.graphs[self._block]
        return {*graph.nodes, *graph.params, *RESERVED_PARAMS}

    def _add(self) -> None:
        if self._do(lambda project: add_param(project, self._block, USUAL, USUAL_NAME)):
            self.show_block(self._block)
            self.cards[-1].head.setChecked(True)
            self.cards[-1].name.focus("name")

    def _move(self, name: str, by: int) -> None:
        place = list(self._document.project.graphs[self._block].params).index(name)
        are_open = [card.head.isChecked() for card in self.cards]
        if self._do(lambda _: MoveBlockParam(self._block, name, place + by)):
            are_open.insert(place + by, are_open.pop(place))
            for card, is_open in zip(self.cards, are_open, strict=True):
                card.head.setChecked(is_open)

    def _do(self, make_edit: Callable[[Project], Edit]) -> bool:
        try:
            edit = make_edit(self._document.project)
        except EditError as wrong:
            self._document.edit_refused.emit(f"{self._block}: {wrong}.")
            return False
        return self._document.do(edit)
