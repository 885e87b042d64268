"""The parameter that holds the shape of one sample."""

from engine.catalog.params import Sizes, Value

SAMPLES_LETTER = "N"
"""The letter of the samples in shapes, which is no axis of one sample."""


class SampleShape(Sizes, frozen=True):
    """The sizes of the axes of one sample; a letter, such as T, is an axis of variable length."""

    def _problem(self, value: Value) -> str | None:
        entries = value if isinstance(value, tuple) else ()
        if SAMPLES_LETTER in entries:
            return f"must not contain {SAMPLES_LETTER}, which is the axis of the samples: take T, for instance"
        return super()._problem(tuple(1 if is_axis_letter(each) else each for each in entries) if entries else value)

    @property
    def type_name(self) -> str:
        return "sizes"

    def _legal_form(self) -> str:
        return "a tuple of whole numbers, or of letters for variable axes"


def is_axis_letter(entry: object) -> bool:
    """Whether an entry of a shape is the letter of an axis of variable length, such as T."""
    return isinstance(entry, str) and len(entry) == 1 and entry.isascii() and entry.isupper()


def has_letter(shape: object) -> bool:
    """Whether a shape has an axis of variable length."""
    return isinstance(shape, tuple) and any(map(is_axis_letter, shape))
