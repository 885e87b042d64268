"""Parameter values as JSON: by their declaration in files, and exact in edits."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from engine.catalog.data.roles import Roles
from engine.catalog.expressions import Constant, Expression, read
from engine.catalog.params import NON_FINITE, Param, Value, find, freeze, thaw
from engine.errors import FileProblem
from engine.graph.json_form.schema import MAX_SHOWN, MAX_TEXT, Fields, Json, an_object, inside, text, wrong
from engine.graph.model import UNSET, Raw, Unset


def declared_to_json(params: Mapping[str, Value], extra: Raw, declared: Sequence[Param] | None) -> Json:
    """Values and unknown fields as the object that `read_declared` reads.

    A value is written as it will be read, 9 as 9.0 for a real number, so that a project has one text.
    """
    values = {name: _to_json(value, find(declared or (), name)) for name, value in params.items()}
    opaque = extra.get("params")
    if isinstance(opaque, dict) and declared is None:
        values |= opaque
    return {"params": values} | {name: item for name, item in extra.items() if name != "params"}


def read_declared(
    fields: Fields, declared: Sequence[Param] | None, *, expressions: bool = False
) -> tuple[dict[str, Value], Raw]:
    """The parameters as their declarations read them, and the fields that are left.

    ``declared``: ``None`` for an unknown kind; its values that are not literals stay in the fields, as ``params``.
    ``expressions``: whether a value may be one, as in nodes.
    """
    if declared is not None:
        values = fields.take("params", lambda raw, where: _values(raw, where, declared, expressions=expressions), {})
        return values, fields.rest()
    items = fields.read("params", an_object, {})
    values = {name: freeze(item) for name, item in items.items() if is_literal(item)}
    values |= {name: read(item["="]) for name, item in items.items() if expressions and _is_expression(item)}
    opaque = {name: item for name, item in items.items() if name not in values}
    return values, fields.rest() | ({"params": opaque} if opaque else {})


def _values(raw: object, where: str, declared: Sequence[Param], *, expressions: bool) -> dict[str, Value]:
    """The values; one of the wrong type is kept for `Param.problem`, but an object that is no expression raises."""
    values: dict[str, Value] = {}
    for name, item in an_object(raw, where).items():
        param = find(declared, name)
        if isinstance(param, Roles) and isinstance(item, dict):
            _check_roles(item, inside(where, name))
        elif expressions and _is_expression(item):
            values[name] = expression_from_json(item, inside(where, name))
            continue
        elif not is_literal(item):
            raise _not_literal(inside(where, name), item)
        values[name] = param.from_json(item) if param else freeze(item)
    return values


def expression_from_json(raw: object, where: str) -> Expression:
    """The expression of ``{"=": text}``, whose text `engine.check` judges."""
    if not _is_expression(raw):
        raise wrong(where, 'an expression such as {"=": "channels * 2"}', raw)
    return read(text(raw["="], f"{where}.="))


def _is_expression(raw: object) -> TypeGuard[dict[str, str]]:
    return isinstance(raw, dict) and raw.keys() == {"="} and isinstance(raw["="], str)


def _not_literal(where: str, raw: object) -> FileProblem:
    problem = wrong(where, "a value or a list of values", raw)
    if isinstance(raw, dict) and "=" in raw:
        problem.hint = 'An expression is a text alone, such as {"=": "channels * 2"}; only nodes of a graph have one.'
    elif isinstance(raw, list) and any(map(_is_expression, raw)):
        problem.hint = 'Write the whole list as one expression, such as {"=": "(width, 1)"}.'
    return problem


def _check_roles(raw: dict[str, object], where: str) -> None:
    """Refuse an object that holds other values than texts; `Param.problem` checks which texts are roles."""
    for name, role in raw.items():
        if len(name) > MAX_TEXT or not isinstance(role, str) or len(role) > MAX_TEXT:
            raise wrong(inside(where, name[:MAX_SHOWN]), "one word, the role of the column", role)


def _to_json(value: Value, param: Param | None) -> object:
    if param is None or isinstance(value, Expression):
        return thaw(value)
    return param.to_json(param.from_json(thaw(value)))


def is_literal(raw: object) -> bool:
    """Whether JSON's ``raw`` is a value without objects."""
    if isinstance(raw, list | tuple):
        return all(map(is_literal, raw))
    if isinstance(raw, str):
        return len(raw) <= MAX_TEXT
    return raw is None or isinstance(raw, bool | int | float)


def exact_to_json(value: Value | Unset) -> object:
    """A value in a form that can be read back exactly without its declaration."""
    if isinstance(value, Unset):
        return {"unset": True}
    if isinstance(value, Expression):
        return thaw(value)
    if isinstance(value, tuple):
        return [exact_to_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": thaw(value)}
    return value


def exact_from_json(raw: object, where: str) -> Value | Unset:
    """The value that `exact_to_json` wrote."""
    if raw == {"unset": True}:
        return UNSET
    return Expression(raw["="]) if _is_expression(raw) else _exact(raw, where)


def _exact(raw: object, where: str) -> Constant:
    match raw:
        case {"float": str(text), **rest} if text in NON_FINITE and not rest:
            return NON_FINITE[text]
        case list() | tuple():
            return tuple(_exact(item, where) for item in raw)
        case _ if is_literal(raw):
            return freeze(raw)
    raise wrong(where, "a value that a parameter can hold", raw)
