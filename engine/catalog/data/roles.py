"""A parameter that gives each of several names, such as a table's columns, one of a few words."""

from collections.abc import Mapping

from engine.catalog.params import Param, Value, display, freeze, thaw

MOST_NAMES = 200_000


class Roles(Param, frozen=True):
    """Pairs of a name and its role, each name once; in a file an object: ``{"town": "category"}``.

    ``options``: the roles. ``stands_for``: by role, the parameter that names the same thing, such as the target.
    """

    default: Value = ()
    options: tuple[str, ...] = ()
    stands_for: tuple[tuple[str, str], ...] = ()

    def _problem(self, value: Value) -> str | None:
        if not is_pairs(value):
            return f"must give columns one of {', '.join(self.options)}, got {display(value)}"
        given = pairs(value)
        roles = dict(given)
        if not set(self.options).issuperset(roles.values()) or len(roles) < len(given):
            return self._first_wrong(given)
        if len(roles) > MOST_NAMES:
            return f"can name {MOST_NAMES:,} columns at most, got {len(roles):,}"
        return None

    def _first_wrong(self, given: tuple[tuple[str, str], ...]) -> str | None:
        """The first role that is none, or the first name that is given twice."""
        seen = set()
        for name, role in given:
            if role not in self.options:
                return (
                    f"must be one of {', '.join(self.options)} for each column, got {display(role)} for {display(name)}"
                )
            if name in seen:
                return f"has the column {display(name)} twice"
            seen.add(name)
        return None

    def from_json(self, raw: object) -> Value:
        if isinstance(raw, dict):
            return tuple((str(name), freeze(role)) for name, role in raw.items())
        return freeze(raw)

    def to_json(self, value: Value) -> object:
        roles = dict(pairs(value))
        return roles if is_pairs(value) and len(roles) == len(pairs(value)) else thaw(value)

    def range_text(self) -> str:
        return " | ".join(self.options)


_LAST_PAIRS: list[Value] = [()]
"""The value that was last found to be pairs: a table may have 100,000 of them, and ten rules ask the same."""


def is_pairs(value: Value) -> bool:
    """Whether a value is of pairs of texts."""
    if value is _LAST_PAIRS[0]:
        return True
    found = isinstance(value, tuple) and all(map(_is_pair, value))
    if found:
        _LAST_PAIRS[0] = value
    return found


def _is_pair(value: Value) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str)


def pairs(value: Value) -> tuple[tuple[str, str], ...]:
    """The names and their roles; nothing where the value is no such pairs."""
    return value if is_pairs(value) else ()  # type: ignore[return-value] # just looked at


def given_by_role(params: tuple[Param, ...], given: Mapping[str, Value], name: str) -> str:
    """The name that a role gives in place of the parameter ``name``, or nothing."""
    for param in params:
        if isinstance(param, Roles):
            roles = dict(param.stands_for)
            for column, role in pairs(given.get(param.name, ())):
                if roles.get(role) == name:
                    return column
    return ""
