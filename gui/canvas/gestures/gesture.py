"""The base of all mouse gestures: small state machines from a press to its end."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent

from gui.canvas.scene.hit_test import Pointer

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene
    from gui.canvas.view.view import CanvasView


class Gesture:
    """A gesture in progress. It shows a preview, and changes the document once at its end, or not at all."""

    hint = ""
    pans_at_edge = True

    def __init__(self, view: "CanvasView", at: Pointer) -> None:
        self.view, self.start = view, at

    @property
    def scene(self) -> "GraphScene":
        """The shown graph."""
        return self.view.graph_scene

    def grab(self) -> None:
        """Called when the gesture gets the mouse."""

    def move(self, at: Pointer) -> None:
        """Called when the pointer or the view below it has moved."""

    def press(self, at: Pointer) -> None:
        """Called when another button is pressed."""

    def release(self, at: Pointer) -> None:
        """Called when a button is released; by default the end."""
        del at
        self.view.end()

    def key(self, event: QKeyEvent) -> bool:
        """Whether the gesture uses a key."""
        del event
        return False

    def cancel(self) -> None:
        """Undo the preview; the gesture has ended without a change."""
