"""The editor of each kind of field: a new kind of data is one entry here."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from engine.protocol.asking import InputWanted
from gui.asking.drawing_board import DrawingBoard
from gui.asking.editor import Editor
from gui.asking.numbers_editor import NumbersEditor
from gui.asking.row_editor import RowEditor
from gui.theme import Theme

Maker = Callable[[Theme, InputWanted], Editor]


def _board(theme: Theme, entry: InputWanted) -> Editor:
    return (DrawingBoard if entry["way"] == "picture" else NumbersEditor)(theme, entry)


def _row(theme: Theme, entry: InputWanted) -> Editor:
    return (RowEditor if entry["columns"] else NumbersEditor)(theme, entry)


EDITORS: Mapping[str, tuple[str, Maker]] = MappingProxyType({"image": ("Draw", _board), "table": ("Row", _row)})
"""By the kind of the field: the name of the way to give it, and the editor."""
OTHER: tuple[str, Maker] = ("Numbers", NumbersEditor)


def editor_for(theme: Theme, entry: InputWanted) -> Editor:
    """The editor of a field."""
    return EDITORS.get(entry["kind"], OTHER)[1](theme, entry)


def title_for(entry: InputWanted) -> str:
    """The name of the way to give a field."""
    return EDITORS.get(entry["kind"], OTHER)[0] if entry["way"] != "numbers" else OTHER[0]
