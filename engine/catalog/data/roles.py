"""A parameter that gives each of several names, such as a table's columns, one of a few roles."""

from collections.abc import Mapping

from engine.catalog.expressions import Constant
from engine.catalog.params import Param, Value, freeze, thaw
from engine.catalog.value_text import display

MAX_NAMES = 200_000


class Roles(Param, frozen=True):
    """Pairs of a name and its role, each name once; in a file an object: ``{"town": "category"}``.

    ``options``: the roles. ``stands_for``: by role, the parameter that names the same thing, such as the target.
    ``noun``: what has the names.
    """

    default: Value = ()
    options: tuple[str, ...] = ()
    stands_for: tuple[tuple[str, str], ...] = ()
    noun: str = "column"

    def _problem(self, value: Value) -> str | None:
        if not is_pairs(value):
            return f"must give {self.noun}s one of {', '.join(self.options)}, got {display(value)}"
        entries = pairs(value)
        roles = dict(entries)
        if not set(self.options).issuperset(roles.values()) or len(roles) < len(entries):
            return self._first_wrong(entries)
        if len(roles) > MAX_NAMES:
            return f"can name {MAX_NAMES:,} {self.noun}s at most, got {len(roles):,}"
        return None

    def _first_wrong(self, entries: tuple[tuple[str, str], ...]) -> str | None:
        """The first unknown role, or the first name that occurs twice."""
        names = set()
        for name, role in entries:
            if role not in self.options:
                return (
                    f"must be one of {', '.join(self.options)} for each {self.noun}, "
                    f"got {display(role)} for {display(name)}"
                )
            if name in names:
                return f"has the {self.noun} {display(name)} twice"
            names.add(name)
        return None

    def from_json(self, raw: object) -> Constant:
        if isinstance(raw, dict):
            return tuple((str(name), freeze(role)) for name, role in raw.items())
        return freeze(raw)

    def to_json(self, value: Value) -> object:
        roles = dict(pairs(value))
        return roles if is_pairs(value) and len(roles) == len(pairs(value)) else thaw(value)

    def range_text(self) -> str:
        return " | ".join(self.options)


_LAST_PAIRS: list[Value] = [()]
"""The last value that `is_pairs` accepted: a table may have 100,000 pairs, and ten rules check the same value."""


def is_pairs(value: Value) -> bool:
    """Whether a value is a tuple of pairs of texts."""
    if value is _LAST_PAIRS[0]:
        return True
    are_pairs = isinstance(value, tuple) and all(map(_is_pair, value))
    if are_pairs:
        _LAST_PAIRS[0] = value
    return are_pairs


def _is_pair(value: Value) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str)


def pairs(value: Value) -> tuple[tuple[str, str], ...]:
    """The names and their roles; empty where the value has another form."""
    return value if is_pairs(value) else ()  # type: ignore[return-value] # `is_pairs` checked it


def name_by_role(params: tuple[Param, ...], values: Mapping[str, Value], name: str) -> str:
    """The name whose role replaces the parameter ``name``, or ``""``."""
    for param in params:
        if isinstance(param, Roles):
            roles = dict(param.stands_for)
            for column, role in pairs(values.get(param.name, ())):
                if roles.get(role) == name:
                    return column
    return ""
