"""Work in slices that ends in an edit."""

from typing import TYPE_CHECKING

from gui.system.time_slices import TimeSlices

if TYPE_CHECKING:
    from gui.canvas.scene.scene import GraphScene


class SlicedEdit(TimeSlices):
    """Is done before the document changes in another way, is saved or left, and before another graph is shown.

    It is dropped where the history goes to one of the steps it has: there is no place for one more.
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
