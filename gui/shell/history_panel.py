"""The list of all steps, from which a click goes back or forth to any of them."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QUndoView, QWidget

from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

SIGN_PX = 14  # not higher than the words, so that every step has the same height


class HistoryView(QUndoView):
    """The document's history; the step that the file holds bears a sign."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document.history, parent)
        self._theme = theme
        self.ring = FocusRing(self, theme)
        self.setIconSize(QSize(SIGN_PX, SIGN_PX))
        self.setEmptyLabel("As opened")
        self._draw()
        theme.changed.connect(self._draw)

    def _draw(self) -> None:
        self.setCleanIcon(self._theme.icon("save", "text_dim"))
