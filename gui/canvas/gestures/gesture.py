"""What all mouse gestures are: small state machines between a press and its end."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeyEvent

from gui.canvas.scene.hits import Pointer

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene
    from gui.canvas.view.view import CanvasView


class Gesture:
    """One gesture at work. It shows what would happen, changes the document once, when it is over, or not at all."""

    hint = ""
    pans_at_edge = True

    def __init__(self, view: "CanvasView", at: Pointer) -> None:
        self.view, self.start = view, at

    @property
    def scene(self) -> "GraphScene":
        """The shown graph."""
        return self.view.graph_scene

    def grab(self) -> None:
        """The gesture has the mouse now."""

    def move(self, at: Pointer) -> None:
        """The pointer or what lies under it has moved."""

    def press(self, at: Pointer) -> None:
        """A further button was pressed."""

    def release(self, at: Pointer) -> None:
        """A button was let go; by default the end."""
        del at
        self.view.end()

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key means something to this gesture."""
        del event
        return False

    def cancel(self) -> None:
        """Put back what was shown; the gesture has ended without a change."""
