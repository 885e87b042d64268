"""The fields of samples as text."""

from collections.abc import Mapping, Sequence

from engine.protocol.data_answers import FieldShown
from gui.formatting.formats import number_text

MAX_VALUES = 12
Names = Mapping[str, Sequence[str]]
"""The names of the values of a field, by field, where the data has them."""


def field_text(value: FieldShown, most: int = MAX_VALUES) -> str:
    """The text of a field of a sample, cut after ``most`` values."""
    if "class" in value:
        return str(value["class"])
    if "image" in value:
        image = value["image"]
        return f"{image['height']} \u00d7 {image['width']} image"
    if "mask" in value:
        mask = value["mask"]
        return f"{mask['height']} \u00d7 {mask['width']} mask"
    if "text" in value:
        return value["text"]
    values = value.get("values", [])
    text = " ".join(value_text(each) for each in values[:most])
    return f"{text} \u2026" if len(values) > most else text


def value_text(value: object) -> str:
    """The text of a number, as in a table."""
    return number_text(value) if isinstance(value, float) else str(value)
