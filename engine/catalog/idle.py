"""When a parameter changes nothing: the declaration of it."""

from msgspec import Struct


class Idle(Struct, frozen=True):
    """When a parameter changes nothing, whatever its value: while ``param`` has one of ``values``, or none of ``but``.

    ``why``: half a sentence.
    """

    param: str
    why: str
    values: tuple[object, ...] = ()
    but: tuple[object, ...] = ()

    def holds(self, value: object) -> bool:
        """Whether it is idle beside this value; (0, 0) is as good as 0."""
        alike = isinstance(value, tuple) and len(set(value)) == 1
        found = value[0] if isinstance(value, tuple) and alike else value
        return found in self.values if self.values else found not in self.but
