"""The parameter that holds the shape of one sample."""

from engine.catalog.params import Sizes, Value


class SampleShape(Sizes, frozen=True):
    """The sizes of the axes of one sample. A letter is an axis of variable length: it is kept, and reported."""

    def _problem(self, value: Value) -> str | None:
        entries = value if isinstance(value, tuple) else ()
        variable = next((each for each in entries if is_axis_letter(each)), None)
        if variable is None:
            return super()._problem(value)
        fixed = tuple(1 if is_axis_letter(each) else each for each in entries)
        later = f"has an axis {variable} of variable length, which this version cannot compute: give a number for it"
        return super()._problem(fixed) or later

    @property
    def type_name(self) -> str:
        return "sizes"


def is_axis_letter(entry: object) -> bool:
    """Whether an entry of a shape is the letter of an axis of variable length, such as T."""
    return isinstance(entry, str) and len(entry) == 1 and entry.isascii() and entry.isupper()
