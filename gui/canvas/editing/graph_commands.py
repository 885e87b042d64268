"""Commands of keys and menus that change the shown graph, each as one undo step."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import QPointF, QRectF, QSizeF

from engine.errors import EngineError
from engine.graph import compose
from engine.graph.algorithms import downstream, upstream
from engine.graph.compose.draft import Draft
from engine.graph.edits import Batch, Edit, EditError, MoveNodes, SetFrames, SetNode, SetNotes
from engine.graph.fragment import parse
from engine.graph.model import End, Frame, Note, Project
from gui.canvas.editing import clipboard
from gui.canvas.editing.availability import bypassable
from gui.canvas.editing.sliced_edit import SlicedEdit
from gui.canvas.items.annotations import FrameItem, NoteItem, frame_rect
from gui.canvas.placement.alignment import GRID, on_grid
from gui.canvas.placement.moves_with import one_step
from gui.canvas.scene.port_matching import PortMatcher
from gui.canvas.scene.scene import GraphScene
from gui.formatting.formats import sentence

T = TypeVar("T")

LONG = 20_000  # characters: a hundred nodes
NOTE_SIZE = QSizeF(240, 80)


class GraphCommands:
    """Commands on the selection; the document's signal ``edit_refused`` says why one cannot run.

    ``ask_about_blocks``: of blocks to paste whose names other blocks have, those whose names keep their meaning here;
    ``None`` to paste nothing.
    """

    def __init__(self, scene: GraphScene) -> None:
        self.ask_about_blocks: Callable[[Sequence[str]], Sequence[str] | None] = lambda _: ()
        self._scene = scene
        self._document, self._selection = scene.document, scene.selection
        self._sliced = SlicedEdit(scene)
        self._nudge_gesture = 0  # the gesture of a held arrow key

    def do(self, make_edit: Callable[[Project, str], Edit]) -> Edit | None:
        """Apply an edit of the shown graph; returns it, or ``None`` if it was refused."""
        edit = self._attempt(lambda: make_edit(self._document.project, self._scene.graph_name))
        return edit if edit is not None and self._document.do(edit) else None

    def _attempt(self, make: Callable[[], T]) -> T | None:
        """The result of ``make``; ``None``, with a message, if it raises an error."""
        try:
            return make()
        except EditError as wrong:
            self.refuse(str(wrong))
        except EngineError as wrong:
            self.refuse(f"{wrong.message} {wrong.hint}".strip())
        return None

    def refuse(self, reason: str) -> None:
        """Show why a command did nothing."""
        self._document.edit_refused.emit(sentence(reason, self._scene.graph.nodes))

    # Removing

    def delete(self) -> None:
        """Remove what is selected: nodes, a wire, a frame or a note."""
        names, wire, annotation = self._selection.nodes, self._selection.wire, self._scene.selected_annotation
        if names:
            self.do(lambda project, graph: compose.remove(project, graph, names))
        elif wire:
            self.do(lambda project, graph: compose.disconnect(project, graph, wire))
        elif isinstance(annotation, FrameItem):
            frames = self._scene.graph.frames
            rest = tuple(each for index, each in enumerate(frames) if index != annotation.index)
            self.do(lambda _, graph: SetFrames(graph, rest, "Remove a frame"))
        elif isinstance(annotation, NoteItem):
            notes = self._scene.graph.notes
            left = tuple(each for index, each in enumerate(notes) if index != annotation.index)
            self.do(lambda _, graph: SetNotes(graph, left, "Remove a note"))
        self._scene.select_annotation(None)

    def heal(self) -> None:
        """Remove the selected nodes and connect their neighbours."""
        names = self._selection.nodes
        if names:
            self.do(lambda project, graph: compose.heal(project, graph, names))

    def cut(self) -> None:
        """Move the selected nodes to the clipboard."""
        if clipboard.copy(self._scene):
            names = self._selection.nodes
            self.do(lambda project, graph: compose.remove(project, graph, names))

    # Adding copies

    def copy(self) -> None:
        """Put the selected nodes on the clipboard."""
        clipboard.copy(self._scene)

    def paste(self, at: QPointF, *, keep_incoming: bool = False) -> None:
        """Add the nodes on the clipboard around a place; many of them a few turns of the event loop later."""
        text = clipboard.text()
        self._sliced.finish()
        self._sliced.start(self._pasting(text, at, keep_incoming=keep_incoming))
        if len(text) <= LONG:
            self._sliced.finish()

    def _pasting(self, text: str, at: QPointF, *, keep_incoming: bool) -> Iterator[None]:
        scene = self._scene
        part = self._attempt(lambda: parse(text))
        yield
        if part is None:
            return
        others = self._attempt(lambda: compose.other_blocks(self._document.project, scene.graph_name, part))
        own_blocks = self.own_blocks(others or ())
        if own_blocks is None:
            return
        edit = self._attempt(
            lambda: clipboard.paste(scene, part, at, keep_incoming=keep_incoming, own_blocks=own_blocks)
        )
        yield
        if edit is not None:
            self.add(lambda *_: edit)

    def own_blocks(self, others: Sequence[str]) -> Sequence[str] | None:
        """Of blocks whose names others have, those for which the project's are used; ``None``: add nothing."""
        return self.ask_about_blocks(others) if others else ()

    def duplicate(self) -> None:
        """Copy the selected nodes beside themselves."""
        names = self._selection.nodes
        if names:
            self.add(lambda project, graph: compose.duplicate(project, graph, names))

    def add(self, make_edit: Callable[[Project, str], Batch]) -> None:
        """Apply an edit of the shown graph, and select the nodes that it adds."""
        old_names, before = set(self._scene.graph.nodes), self._selection.nodes
        if (edit := self.do(make_edit)) and self._selection.graph == self._scene.graph_name:
            self._selection.select_added(self._scene.graph.nodes.keys() - old_names, edit, before)

    # Changing

    def bypass(self) -> None:
        """Bypass the selected nodes; if all are bypassed already, use them again."""
        nodes = self._scene.graph.nodes
        names = bypassable(self._scene)
        on = not all(nodes[name].bypass for name in names)
        edits = [
            (name, SetNode(self._scene.graph_name, name, "bypass", on)) for name in names if nodes[name].bypass != on
        ]
        if edits:
            label = f"{'Bypass' if on else 'Use'} {names[0] if len(names) == 1 else f'{len(names)} nodes'}"
            self.do(lambda *_: Batch(label, tuple(edit for _, edit in edits)))

    def connect(self) -> None:
        """Connect two selected nodes: the left one's first output to the first free input that fits.

        If no input is free and they are connected already, remove their wires.
        """
        names = sorted(self._selection.nodes, key=lambda name: self._scene.nodes[name].pos().x())
        if len(names) != 2:
            self.refuse("Select two nodes to connect them")
            return
        ends = self._ends(*names) or self._ends(*reversed(names))
        if ends:
            self.do(lambda project, graph: compose.connect(project, graph, *ends))
        elif wires := [wire for wire in self._scene.graph.wires if {wire.source.node, wire.target.node} == set(names)]:
            draft = Draft(self._document.project, self._scene.graph_name)
            draft.cut(wires)
            self.do(lambda *_: one_step(f"Disconnect {names[0]} and {names[1]}", draft.edits))
        else:
            self.refuse(f"No output of {names[0]} fits a free input of {names[1]}")

    def _ends(self, source: str, target: str) -> tuple[End, End] | None:
        project, graph = self._document.project, self._scene.graph_name
        wired_ports = {wire.target.port for wire in self._scene.into(target)}
        for out in self._scene.nodes[source].look.outputs:
            fixed = End(source, out.port)
            element = self._scene.element(fixed, is_input=False)
            matcher = PortMatcher(project, graph, fixed, from_output=True, element=element)
            for spot in self._scene.nodes[target].look.inputs:
                end = End(target, spot.port)
                if spot.port not in wired_ports and not matcher.reason(end, is_input=True):
                    return matcher.fixed, end
        return None

    def nudge(self, dx: float, dy: float, *, repeat: bool) -> None:
        """Move the selected nodes by steps of the grid; a held key makes one undo step."""
        names = self._selection.nodes
        if names:
            self._nudge_gesture = self._nudge_gesture if repeat and self._nudge_gesture else self._document.gesture()
            nodes = self._scene.graph.nodes
            places = {name: (nodes[name].pos[0] + dx * GRID, nodes[name].pos[1] + dy * GRID) for name in names}
            self.do(lambda _, graph: MoveNodes(graph, places, self._nudge_gesture))

    # Frames and notes

    def frame(self, gesture: int = 0) -> int | None:
        """Draw a frame around the selected nodes; returns its index among the frames."""
        names = self._selection.nodes
        if not names:
            self.refuse("Select nodes to draw a frame around them")
            return None
        frames = (*self._scene.graph.frames, Frame("Frame", frame_rect(self._scene.rect_of(names))))
        return len(frames) - 1 if self.do(lambda _, graph: SetFrames(graph, frames, "Add a frame", gesture)) else None

    def note(self, at: QPointF, text: str) -> int | None:
        """Add a note at a place; returns its index among the notes."""
        rect = QRectF(on_grid(at), NOTE_SIZE)
        notes = (*self._scene.graph.notes, Note(text, (rect.x(), rect.y(), rect.width(), rect.height())))
        return len(notes) - 1 if self.do(lambda _, graph: SetNotes(graph, notes, "Add a note")) else None

    # Selecting

    def select_all(self) -> None:
        """Select every node."""
        self._selection.select(self._scene.graph.nodes)

    def select_upstream(self) -> None:
        """Add everything that feeds the selection."""
        self._selection.add(upstream(self._scene.graph, self._selection.nodes))

    def branch(self) -> frozenset[str]:
        """The selection and everything that it feeds."""
        return frozenset(downstream(self._scene.graph, self._selection.nodes))

    def select_downstream(self) -> None:
        """Add everything that the selection feeds."""
        self._selection.add(downstream(self._scene.graph, self._selection.nodes))
