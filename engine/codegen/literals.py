"""Values as Python source."""

from collections.abc import Mapping
from typing import cast

from engine.catalog.expressions import Expression, parse
from engine.catalog.expressions import literals as constants
from engine.catalog.expressions.literals import quote
from engine.catalog.params import Value

__all__ = ["literal", "nested_literal", "quote"]


def literal(value: Value) -> str:
    """The text that evaluates to ``value``: an expression as it stands, a constant as its literal."""
    return parse(value.text).text if isinstance(value, Expression) else constants.literal(value)


def nested_literal(value: object) -> str:
    """Like `literal`, for values with mappings from names, at any depth, and ranges from 0."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quote(name)}: {nested_literal(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, range):
        return f"range({value.stop})"
    if isinstance(value, tuple):
        return f"({', '.join(map(nested_literal, value))}{',' if len(value) == 1 else ''})"
    return literal(cast("Value", value))
