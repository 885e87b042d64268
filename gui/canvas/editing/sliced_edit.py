"""An edit that is computed in time slices."""

from typing import TYPE_CHECKING

from gui.system.time_slices import TimeSlices

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class SlicedEdit(TimeSlices):
    """Work that ends in an edit; finished before any other change of the document, its end, or another graph.

    Undo and redo drop it, since no step can be added then.
    """

    def __init__(self, scene: "GraphScene") -> None:
        super().__init__(scene)
        self._document = scene.document
        scene.document.changing.connect(self._end)
        scene.changing.connect(self._end)

    def _end(self) -> None:
        if self._document.is_stepping:
            self.stop()
        else:
            self.finish()
