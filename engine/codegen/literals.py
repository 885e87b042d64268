"""Values as Python literals: the only way in which a value gets into source."""

import math
from collections.abc import Mapping
from typing import cast

from engine.catalog.params import Value


def literal(value: Value) -> str:
    """The expression that evaluates to ``value``; inf and nan as ``float("inf")``, text quoted as formatters do."""
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def nested_literal(value: object) -> str:
    """Like `literal`, for values with mappings from names, at any depth, and ranges from 0."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quote(name)}: {nested_literal(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, range):
        return f"range({value.stop})"
    if isinstance(value, tuple):
        return f"({', '.join(map(nested_literal, value))}{',' if len(value) == 1 else ''})"
    return literal(cast("Value", value))


def quote(text: str) -> str:
    """``text`` in double quotes, or in single ones where that needs fewer escapes; always one line."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escape(letter, quote) for letter in text) + quote


def _escape(letter: str, quote: str) -> str:
    if letter in "\"'":
        return f"\\{letter}" if letter == quote else letter
    return repr(letter)[1:-1]
