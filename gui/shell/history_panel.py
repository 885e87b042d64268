"""The list of all undo steps; a click goes to any of them."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QUndoView, QWidget

from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.focus_ring import FocusRing

ICON_PX = 14  # not higher than the text, so that every step has the same height


class HistoryView(QUndoView):
    """The undo steps of the document; the saved one has an icon."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(document.history, parent)
        self._theme = theme
        self.ring = FocusRing(self, theme)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setEmptyLabel("As opened")
        self._draw()
        theme.changed.connect(self._draw)

    def _draw(self) -> None:
        self.setCleanIcon(self._theme.icon("save", "text_dim"))
