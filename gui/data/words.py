"""Fields of sample rows as words."""

from collections.abc import Mapping
from typing import Any

MOST_WORDS = 12


def field_words(value: Mapping[str, Any], most: int = MOST_WORDS) -> str:
    """What a field of a row says, cut after ``most`` values."""
    if "class" in value:
        return str(value["class"])
    if "image" in value:
        image = value["image"]
        return f"{image['height']} \u00d7 {image['width']} image"
    values = value.get("values", [])
    told = " ".join(number_words(each) for each in values[:most])
    return f"{told} \u2026" if len(values) > most else told


def number_words(value: object) -> str:
    """A number as a table shows it."""
    if not isinstance(value, float):
        return str(value)
    if 10_000 <= abs(value) < 1e9:  # a price or a year reads better whole than as a power of ten
        return f"{value:,.0f}"
    return f"{value:.4g}"
