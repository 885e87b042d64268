"""An expression as a value, what it can give, and the error that it has no value."""

from typing import Literal

from msgspec import Struct

Constant = None | bool | int | float | str | tuple["Constant", ...]
"""A literal or a tuple of literals: nothing that runs."""

MAX_NUMBER = 2**53
"""The largest number, in either direction: up to it a real number holds every whole one."""

Reason = Literal["syntax", "name", "size", "zero", "large", "type"]
"""Why there is no value: the text, an unknown name or size, a division by zero, too large a number, a wrong type."""


class Expression(Struct, frozen=True, rename={"text": "="}):
    """A text over names that get their values later; canonical, unless it is no expression.

    `grammar.parse` gives only valid ones. A file may hold any text, which `engine.check` then reports.
    """

    text: str

    def __str__(self) -> str:
        return f"= {self.text if self.text.isprintable() else repr(self.text)}"  # a file may hold line feeds


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value, as one sentence; ``name``: the unknown name, if it is one."""

    def __init__(self, message: str, reason: Reason, *, hint: str = "", name: str = "") -> None:
        super().__init__(message)
        self.message, self.reason, self.hint, self.name = message, reason, hint, name
