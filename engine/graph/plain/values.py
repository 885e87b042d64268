"""Parameter values as JSON: by their declaration in files, exactly in edits."""

import math
from collections.abc import Mapping, Sequence

from engine.catalog.params import NON_FINITE, Param, Value, find, frozen, thawed
from engine.graph.model import UNSET, Raw, Unset
from engine.graph.plain.fields import MAX_TEXT, Json, an_object, inside, wrong


def params_to_json(params: Mapping[str, Value]) -> Json:
    """The values by name, tuples as lists, inf and nan as strings."""
    return {name: thawed(value) for name, value in params.items()}


def params_from_json(raw: object, where: str, declared: Sequence[Param]) -> dict[str, Value]:
    """The values by name, as their declarations read them.

    A value of the wrong type is kept, for `Param.problem` to name.
    Raises: `FileProblem` for an object, which no parameter can hold.
    """
    values = {}
    for name, item in an_object(raw, where).items():
        if not _is_literal(item):
            raise wrong(inside(where, name), "a value or a list of values", item)
        param = find(declared, name)
        values[name] = param.from_json(item) if param else frozen(item)
    return values


def opaque_from_json(raw: object, where: str) -> tuple[dict[str, Value], Raw]:
    """The values of an unknown kind: those that a parameter can hold, and all others as they came."""
    items = an_object(raw, where)
    values = {name: frozen(item) for name, item in items.items() if _is_literal(item)}
    return values, {name: item for name, item in items.items() if name not in values}


def _is_literal(raw: object) -> bool:
    if isinstance(raw, list | tuple):
        return all(map(_is_literal, raw))
    if isinstance(raw, str):
        return len(raw) <= MAX_TEXT
    return raw is None or isinstance(raw, bool | int | float)


def exact_to_json(value: Value | Unset) -> object:
    """A value that comes back as itself without a declaration at hand."""
    if isinstance(value, Unset):
        return {"unset": True}
    if isinstance(value, tuple):
        return [exact_to_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": thawed(value)}
    return value


def exact_from_json(raw: object, where: str) -> Value | Unset:
    """What `exact_to_json` wrote."""
    if raw == {"unset": True}:
        return UNSET
    return _exact(raw, where)


def _exact(raw: object, where: str) -> Value:
    match raw:
        case {"float": str(text), **rest} if text in NON_FINITE and not rest:
            return NON_FINITE[text]
        case list() | tuple():
            return tuple(_exact(item, where) for item in raw)
        case _ if _is_literal(raw):
            return frozen(raw)
    raise wrong(where, "a value that a parameter can hold", raw)
