"""A known sequence of edits: the same seed on the same project gives the same, step by step, in every process."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from engine.graph import compose
from engine.graph.edits import (
    AddNode,
    Batch,
    Edit,
    EditError,
    MoveNodes,
    RenameNode,
    SetFrames,
    SetNode,
    SetNotes,
    SetParam,
    SetPoints,
    SetTraining,
)
from engine.graph.model import End, Frame, Graph, Node, Note
from gui.state.document import Document

KINDS = ("Linear", "ReLU", "Dropout", "Conv2d", "BatchNorm2d", "Flatten", "add", "CrossEntropyLoss")
MAX_NODES = 40
SAVE_EVERY = 30  # steps
DRAG = 40  # edits of one


class Script:
    """Plays one step a call; ``save`` is called now and then."""

    def __init__(self, document: Document, seed: int, save: Callable[[], object]) -> None:
        self.document, self._save = document, save
        self._random = Random(seed)
        self._steps = self._drag = self._gesture = 0
        self._dragged = ""

    @property
    def graph(self) -> Graph:
        return self.document.project.graphs["Net"]

    def step(self) -> None:
        """The next of the sequence: mostly one edit, at times none, because it does not fit."""
        self._steps += 1
        if self._steps % SAVE_EVERY == 0:
            self._save()
        elif self._drag:
            self._go_on_dragging()
        else:
            acts = (self._undo, self._redo, self._begin_drag, *(self._edit,) * 5)
            self._random.choice(acts)()

    def _undo(self) -> None:
        self.document.history.undo()

    def _redo(self) -> None:
        self.document.history.redo()

    def _begin_drag(self) -> None:
        self._gesture = self.document.gesture()
        self._dragged, self._drag = self._some(), self._random.randint(5, DRAG)

    def _go_on_dragging(self) -> None:
        """One edit of a drag: of a node over the canvas, or of a value in the inspector."""
        self._drag -= 1
        if self._dragged in self.graph.nodes:
            x, y = self.graph.nodes[self._dragged].pos
            self.document.do(MoveNodes("Net", {self._dragged: (x + 7, y + 3)}, self._gesture))

    def _edit(self) -> None:
        edit: Edit | None = None
        try:
            edit = self._random.choice((self._add, self._remove, self._wire, self._cut, self._value, self._decor))()
        except EditError:
            return
        if edit is not None:
            self.document.do(edit)

    def _some(self) -> str:
        names = [*self.graph.nodes]
        return self._random.choice(names) if names else ""

    def _add(self) -> Edit | None:
        if len(self.graph.nodes) >= MAX_NODES:
            return None
        kind = self._random.choice(KINDS)
        place = (float(self._random.randrange(0, 1500, 10)), float(self._random.randrange(0, 800, 10)))
        return AddNode("Net", compose.free_name(self.graph, kind), Node(kind, pos=place))

    def _remove(self) -> Edit | None:
        name = self._some()
        how = self._random.choice((compose.remove, compose.heal))
        return how(self.document.project, "Net", (name,)) if name else None

    def _wire(self) -> Edit | None:
        source, target = self._some(), self._some()
        if not source:
            return None
        return compose.connect(self.document.project, "Net", End(source, "output"), End(target, "input"))

    def _cut(self) -> Edit | None:
        if not self.graph.wires:
            return None
        wire = self._random.choice(self.graph.wires)
        if self._random.random() < 0.5:
            return SetPoints("Net", wire.target, ((float(self._random.randrange(900)), 40.0),))
        return compose.disconnect(self.document.project, "Net", wire)

    def _value(self) -> Edit | None:
        name, number = self._some(), self._random.randint(1, 64)
        if not name:
            return None
        training = replace(self.document.project.training, epochs=number)
        return self._random.choice(
            (
                SetParam("Net", name, "p" if number % 2 else "out_channels", number),
                SetNode("Net", name, "bypass", bool(number % 2)),
                RenameNode("Net", name, f"{name.rstrip('0123456789')}{self._random.randint(100, 10**6)}"),
                SetTraining(training, "Set epochs"),
            )
        )

    def _decor(self) -> Edit:
        rect = (float(self._random.randrange(900)), float(self._random.randrange(600)), 300.0, 120.0)
        text = f"\u00fc \u4e16 {self._random.random()}"
        frames, notes = (Frame(text, rect),), (*self.graph.notes[-2:], Note(text, rect))
        return self._random.choice(
            (
                SetFrames("Net", frames),
                SetNotes("Net", notes),
                Batch("Both", (SetFrames("Net", frames), SetNotes("Net", notes))),
            )
        )
