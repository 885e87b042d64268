"""The kinds of parameter that hold text."""

from engine.catalog.params import Param, Value
from engine.catalog.value_text import display


class Text(Param, frozen=True):
    """A line of text, such as a path or a column's name; ``path`` asks for a file chooser, with ``folder`` for folders.

    ``placeholder``: shown while the text is empty. ``patterns``: the file names that a path may have.
    """

    path: bool = False
    placeholder: str = ""
    patterns: tuple[str, ...] = ()
    folder: bool = False

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, str):
            return f"must be text, got {display(value)}"
        if any(ord(letter) < 32 for letter in value):
            return f"must be one line without control characters, got {display(value)}"
        return "is empty" if self.required and not value.strip() else None


class Texts(Param, frozen=True):
    """Several texts, such as column names. ``placeholder``: shown while the list is empty."""

    placeholder: str = ""

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
            return f"must be a list of texts, got {display(value)}"
        return None
