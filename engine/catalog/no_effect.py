"""The declaration of when a parameter has no effect."""

from msgspec import Struct


class Idle(Struct, frozen=True):
    """A parameter has no effect while ``param`` has one of ``values``, or none of ``but``.

    ``why``: half a sentence.
    """

    param: str
    why: str
    values: tuple[object, ...] = ()
    but: tuple[object, ...] = ()

    def holds(self, value: object) -> bool:
        """Whether the parameter is idle with this value of the other; (0, 0) counts as 0."""
        alike = isinstance(value, tuple) and len(set(value)) == 1
        number = value[0] if isinstance(value, tuple) and alike else value
        return number in self.values if self.values else number not in self.but
