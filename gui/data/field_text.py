"""Fields of sample rows as words."""

from collections.abc import Mapping, Sequence

from engine.protocol.data_answers import FieldShown
from gui.text.formats import number_text

MOST_WORDS = 12
Names = Mapping[str, Sequence[str]]
"""What each value of a field is, by field, where the data names it."""


def field_text(value: FieldShown, most: int = MOST_WORDS) -> str:
    """What a field of a row says, cut after ``most`` values."""
    if "class" in value:
        return str(value["class"])
    if "image" in value:
        image = value["image"]
        return f"{image['height']} \u00d7 {image['width']} image"
    values = value.get("values", [])
    told = " ".join(value_text(each) for each in values[:most])
    return f"{told} \u2026" if len(values) > most else told


def value_text(value: object) -> str:
    """A number as a table shows it."""
    return number_text(value) if isinstance(value, float) else str(value)
