"""The text of values in a field, and back: ``3 × 3``, ``1e-3``, ``same``, ``0.9, 0.999``."""

import csv
import math
import re

from engine.catalog.data.roles import Roles, pairs
from engine.catalog.expressions import Constant, Expression
from engine.catalog.params import Float, Floats, FromInput, Int, Number, Param, Sizes, Value
from engine.catalog.sample_shape import SampleShape, is_axis_letter
from engine.catalog.text_params import Text, Texts
from engine.catalog.value_text import display
from engine.graph.json_form.schema import BIGGEST_EXACT

TIMES = " \u00d7 "
NONE = ("none", "null")
_BETWEEN_SIZES = re.compile(r"[\s,;()\[\]*x\u00d7]+")
_BETWEEN_NUMBERS = re.compile(r"[\s,;()\[\]]+")


class Unreadable(ValueError):
    """A text that is not a value of the parameter; the message continues the parameter's name."""


def format_value(param: Param, value: Value) -> str:  # noqa: PLR0911 (one line per kind)
    """The text of a value in the field of its parameter; empty for None."""
    match param, value:
        case _, None:
            return ""
        case Sizes(), ():
            return "()"
        case Texts(), tuple():
            return _join(value)
        case Roles(), tuple():
            return _join(tuple(f"{column}: {role}" for column, role in pairs(value)))
        case Sizes(n=n), int() if n > 1 and not isinstance(value, bool):
            return TIMES.join([str(value)] * n)
        case ((Sizes() | FromInput()), tuple()):
            return TIMES.join("none" if each is None else str(each) for each in value)
        case _, tuple():
            return ", ".join("none" if each is None else _format_number(each) for each in value)
        case _, float():
            return _format_number(value)
    return str(value)


def parse_value(param: Param, text: str) -> Value:
    """The value of a text, legal or not. Raises: `Unreadable`, also for a value that a project file cannot hold."""
    value = _parse(param, text)
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, int) and abs(each) > BIGGEST_EXACT:
            least = "least -" if each < 0 else "most "
            raise Unreadable(f"must be at {least}{BIGGEST_EXACT:,}, which is all that a project file holds exactly")
    if isinstance(param, Float) and param.finite and isinstance(value, float) and not math.isfinite(value):
        raise Unreadable(f"must be finite, got {value}")
    if isinstance(param, Sizes) and param.n == 1 and not param.allows_none_entries and isinstance(value, tuple):
        raise Unreadable(param.problem(value) or "must be one whole number")
    return value


def _parse(param: Param, text: str) -> Value:  # noqa: PLR0911 (one line per kind)
    if isinstance(param, Text):
        return text
    if isinstance(param, Texts | Roles):
        texts = tuple(next(csv.reader([text], skipinitialspace=True), []))
        return _parse_roles(texts) if isinstance(param, Roles) else texts
    plain = text.strip()
    if not plain or plain.lower() in NONE:
        if param.problem(None) is None:
            return None
        raise Unreadable("needs a value" if not plain else "cannot be None")
    match param:
        case Int():
            return _parse_int(plain)
        case Float():
            return _parse_float(param, plain)
        case Sizes():
            return _parse_sizes(param, plain)
        case FromInput():
            return (
                _parse_sizes(Sizes(param.name, single=True, min=param.min), plain)
                if param.tuple_ok
                else _parse_int(plain)
            )
        case Floats():
            return _parse_floats(param, plain)
    return plain


def step_value(param: Param, value: Value, steps: int) -> Value:
    """The value some steps up or down, within its range; a value that cannot be stepped is returned unchanged."""
    return value if isinstance(value, Expression) else _step(param, value, steps)


def _step(param: Param, value: Constant, steps: int) -> Constant:
    match value:
        case bool() | str() | None:
            return value
        case tuple() if isinstance(param, Sizes | FromInput):
            return tuple(_step(param, each, steps) for each in value)
        case int() if isinstance(param, Int | Number | Sizes | FromInput):
            return max(-BIGGEST_EXACT, min(BIGGEST_EXACT, int(_clamp(param, value + steps))))
        case int() | float() if isinstance(param, Float | Floats):
            return _step_float(param, float(value), steps)
    return value


def can_step(param: Param) -> bool:
    """Whether the field has arrows."""
    return isinstance(param, Int | Float | Sizes)


def _step_float(param: Float | Floats, value: float, steps: int) -> float:
    if not math.isfinite(value):
        return value
    for _ in range(abs(steps)):
        size = abs(value) * (1 - 1e-9 if steps < 0 < value or value < 0 < steps else 1)
        step = 10.0 ** math.floor(math.log10(size)) if size else 0.1
        if param.max is not None or getattr(param, "below", None) is not None:
            step = min(step, 0.05)  # a share: from 0 to 1 in twenty steps
        after = float(f"{value + math.copysign(step, steps):.12g}")
        if param.problem((after, after) if isinstance(param, Floats) else after) is not None:
            return _clamp(param, after) if param.problem(_clamp(param, after)) is None else value
        value = after
    return value


def _clamp(param: Param, value: float) -> float:
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def _format_number(value: Value) -> str:
    if isinstance(value, float) and math.isfinite(value):
        short = f"{value:g}"
        text = short if float(short) == value else repr(value)
        return re.sub(r"e([+-])0*(\d)", lambda match: f"e{'-' if match[1] == '-' else ''}{match[2]}", text)
    return str(value)


def _parse_int(text: str) -> int:
    grouped = text.replace(",", "").replace("\u202f", "").replace(" ", "")
    try:
        return int(grouped)
    except ValueError:
        try:
            value = float(grouped)
        except ValueError:
            raise Unreadable(f"must be a whole number, got {display(text)}") from None
    if not value.is_integer():
        raise Unreadable(f"must be a whole number, got {display(text)}")
    return int(value)


def _parse_float(param: Param, text: str) -> float:
    plain = text.replace("\u2212", "-")
    try:
        return int(plain) if isinstance(param, Number) and plain.lstrip("-").isdecimal() else float(plain)
    except ValueError:
        raise Unreadable(param.problem(text) or f"must be a number, got {display(text)}") from None


def _parse_sizes(param: Sizes, text: str) -> Value:
    if text in param.words:
        return text
    parts = [part for part in _BETWEEN_SIZES.split(text) if part]
    try:
        sizes = tuple(_parse_size(param, part) for part in parts)
    except ValueError:
        raise Unreadable(param.problem(text) or f"must be sizes, got {display(text)}") from None
    if param.single and len(sizes) in (1, param.n) and len(set(sizes)) == 1 and sizes[0] is not None:
        return sizes[0]
    return sizes


def _parse_size(param: Sizes, part: str) -> int | str | None:
    if isinstance(param, SampleShape) and is_axis_letter(part):
        return part
    return None if part.lower() in NONE or part == "-" else int(part)


def _parse_floats(param: Floats, text: str) -> Value:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    entry = Float(param.name, 0.0)
    numbers = tuple(
        None if param.allows_none_entries and part.lower() in NONE else _parse_float(entry, part) for part in parts
    )
    return numbers[0] if param.single and len(numbers) == 1 else numbers


def _parse_roles(entries: tuple[str, ...]) -> Value:
    """Columns and their roles, such as ``town: category, Id: ignore``."""
    roles = []
    for entry in entries:
        column, colon, role = entry.rpartition(":")
        if not colon:
            raise Unreadable(f"must be columns with their roles, such as {entry.strip()[:40]}: ignore")
        roles.append((column.strip(), role.strip()))
    return tuple(roles)


def _join(texts: tuple[Value, ...]) -> str:
    return ", ".join(_quote(str(text)) for text in texts)


def _quote(text: str) -> str:
    plain = text.strip() == text and not set(text) & set(',"') and text
    return text if plain else '"' + text.replace('"', '""') + '"'
