"""Constants as Python literals: the only way in which a value gets into source."""

import math

from engine.catalog.expressions.expression import Constant


def literal(value: Constant) -> str:
    """The expression that evaluates to ``value``; inf and nan as ``float("inf")``, text quoted as formatters do."""
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def quote(text: str) -> str:
    """``text`` in double quotes, or in single ones where that needs fewer escapes; always one line."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escape(letter, quote) for letter in text) + quote


def _escape(letter: str, quote: str) -> str:
    if letter in "\"'":
        return f"\\{letter}" if letter == quote else letter
    return repr(letter)[1:-1]
