"""Values and their bounds as text for messages."""

from engine.catalog.expressions import Expression, shortened


def display(value: object) -> str:
    """A value as messages show it, cut to 60 characters."""
    try:
        text = str(value) if isinstance(value, Expression) else repr(value)
    except ValueError:  # Python spells out no number of more than 4300 digits
        return "a number too long to show"
    return shortened(text)


def bounds_text(low: float | None, high: float | None) -> str:
    """The bounds of a number as text, or ``""``."""
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f">= {low}"
    return f"<= {high}" if high is not None else ""


def out_of_bounds(value: float, low: float | None, high: float | None) -> str | None:
    """What is wrong with a number that is out of bounds, or ``None``."""
    if (low is not None and value < low) or (high is not None and value > high):
        return f"must be {bounds_text(low, high)}, got {value}"
    return None
