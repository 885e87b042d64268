"""Editing the titles of frames and the texts of notes in place."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF

from engine.graph.edits import SetFrames, SetNotes
from gui.canvas.editing.graph_commands import NOTE_SIZE, GraphCommands
from gui.canvas.items.annotations import AnnotationItem, FrameItem, NoteItem
from gui.canvas.view.inline_editor import InlineEditor
from gui.canvas.view.view import CanvasView


class TextEditor:
    """Opens an editor over a frame's title or a note; the new text becomes one undo step."""

    def __init__(self, view: CanvasView, commands: GraphCommands) -> None:
        self._view, self._commands = view, commands

    def edit(self, item: AnnotationItem, gesture: int = 0) -> None:
        """Change the text of a frame or note. ``gesture``: that of the edit that added the frame."""
        index = item.index
        if isinstance(item, FrameItem):
            done = partial(self._retitle, index, gesture)
            InlineEditor(self._view, item.handle, item.title, done, multiline=False)
        elif isinstance(item, NoteItem):
            InlineEditor(self._view, item.rect, item.text, lambda text: self._rewrite(index, text), multiline=True)

    def new_note(self, at: QPointF) -> None:
        """Open an editor for a new note; without a text, no note is added."""
        InlineEditor(self._view, QRectF(at, NOTE_SIZE), "", lambda text: self._note(at, text), multiline=True)

    def _note(self, at: QPointF, text: str) -> None:
        if text:
            self._commands.note(at, text)

    def _retitle(self, index: int, gesture: int, title: str) -> None:
        frames = list(self._view.graph_scene.graph.frames)
        if index < len(frames) and frames[index].title != title:
            frames[index] = replace(frames[index], title=title)
            self._commands.do(lambda _, graph: SetFrames(graph, tuple(frames), "Rename a frame", gesture))

    def _rewrite(self, index: int, text: str) -> None:
        notes = list(self._view.graph_scene.graph.notes)
        if index < len(notes) and notes[index].text != text:
            notes[index] = replace(notes[index], text=text)
            self._commands.do(lambda _, graph: SetNotes(graph, tuple(notes), "Write a note"))
