"""The base of the editors with which a person gives a field."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.protocol.asking import SampleGiven


class Editor(QWidget):
    """Gives the value of one field. ``changed``: there is another value, or none.

    ``path``: a file that is asked about as it is, instead of the value.
    """

    changed = Signal()
    path = ""

    def value(self) -> object | None:
        """The value as a question takes it; ``None`` while there is none."""
        raise NotImplementedError

    def fill(self, sample: SampleGiven) -> None:
        """Show what the network got of a sample of the data, so that it can be changed from there."""
        raise NotImplementedError
