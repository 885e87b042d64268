"""The kinds of parameter that hold text."""

import re

from engine.catalog.expressions import shortened
from engine.catalog.params import Param, Value
from engine.catalog.value_text import display

TERM = re.compile(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*")
"""The letters of one value, with at most one place for any axes."""


class Text(Param, frozen=True):
    """A line of text, such as a path or a column's name; ``path`` asks for a file chooser, with ``folder`` for folders.

    ``placeholder``: shown while the text is empty. ``patterns``: the file names that a path may have. ``column``: it
    names a column of the table at the parameter ``path``.
    """

    path: bool = False
    placeholder: str = ""
    patterns: tuple[str, ...] = ()
    folder: bool = False
    column: bool = False

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, str):
            return f"must be text, got {display(value)}"
        if any(ord(letter) < 32 for letter in value):
            return f"must be one line without control characters, got {display(value)}"
        return "is empty" if self.required and not value.strip() else None


class Equation(Text, frozen=True):
    """The letters of ``torch.einsum``: of each value, with commas between, then ``->`` and those of the result."""

    def _problem(self, value: Value) -> str | None:
        wrong = super()._problem(value)
        if wrong or not isinstance(value, str):
            return wrong
        left, arrow, result = value.replace(" ", "").partition("->")
        operands = left.split(",")
        if bad := next((each for each in [*operands, result] if not TERM.fullmatch(each)), None):
            return f"must be letters, commas, ... and one ->, got {display(bad)}"
        letters = set(result.replace(".", ""))
        if lost := next((each for each in sorted(letters) if not any(each in term for term in operands)), None):
            return f"has the letter {lost} in its result, but in no value"
        if len(letters) < len(result.replace(".", "")):
            return f"has a letter twice in its result {shortened(result)}"
        if arrow and "..." in result and "..." not in left:
            return "has ... in its result, but in no value"
        return None


def terms(equation: str) -> list[str]:
    """The letters of each value, of a legal equation."""
    return equation.replace(" ", "").partition("->")[0].split(",")


class Texts(Param, frozen=True):
    """Several texts, such as column names. ``placeholder``: shown while the list is empty."""

    placeholder: str = ""

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
            return f"must be a list of texts, got {display(value)}"
        return None
