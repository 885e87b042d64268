"""Which panels the window has, and how each is made; modules are loaded when their panel is."""

from PySide6.QtWidgets import QUndoView, QWidget

from gui.areas import Panel
from gui.seams import Seams


def _history(seams: Seams) -> QWidget:
    view = QUndoView(seams.document.history)
    view.setEmptyLabel("As opened")
    view.setCleanIcon(seams.theme.icon("save", "text_dim"))
    return view


PANELS = (Panel("history", "History", "right", "edit.history", _history, 220, hidden=True, titled=True),)
