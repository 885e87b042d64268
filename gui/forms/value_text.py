"""Values as people write them in a field, and back: ``3 × 3``, ``1e-3``, ``same``, ``0.9, 0.999``."""

import csv
import math
import re

from engine.catalog.data.roles import Roles, pairs
from engine.catalog.params import Float, Floats, FromInput, Int, Number, Param, Sizes, Text, Texts, Value
from engine.catalog.value_text import display
from engine.graph.plain.schema import BIGGEST_EXACT

TIMES = " \u00d7 "
NONE = ("none", "null")
_BETWEEN_SIZES = re.compile(r"[\s,;()\[\]*x\u00d7]+")
_BETWEEN_NUMBERS = re.compile(r"[\s,;()\[\]]+")


class Unreadable(ValueError):
    """A text that means no value of the parameter; the message follows the parameter's name."""


def format_value(param: Param, value: Value) -> str:  # noqa: PLR0911 (a line a kind)
    """The text of a value in its parameter's field; nothing for None."""
    match param, value:
        case _, None:
            return ""
        case Texts(), tuple():
            return _joined(value)
        case Roles(), tuple():
            return _joined(tuple(f"{column}: {role}" for column, role in pairs(value)))
        case Sizes(n=n), int() if n > 1 and not isinstance(value, bool):
            return TIMES.join([str(value)] * n)
        case ((Sizes() | FromInput()), tuple()):
            return TIMES.join("none" if each is None else str(each) for each in value)
        case _, tuple():
            return ", ".join(map(_number, value))
        case _, float():
            return _number(value)
    return str(value)


def read(param: Param, text: str) -> Value:
    """The value that a text means, legal or not. Raises: `Unreadable`, also for what no project file could hold."""
    value = _read(param, text)
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, int) and abs(each) > BIGGEST_EXACT:
            least = "least -" if each < 0 else "most "
            raise Unreadable(f"must be at {least}{BIGGEST_EXACT:,}, which is all that a project file holds exactly")
    if isinstance(param, Float) and param.finite and isinstance(value, float) and not math.isfinite(value):
        raise Unreadable(f"must be finite, got {value}")
    if isinstance(param, Sizes) and param.n == 1 and not param.holes and isinstance(value, tuple):
        raise Unreadable(param.problem(value) or "must be one whole number")
    return value


def _read(param: Param, text: str) -> Value:  # noqa: PLR0911 (a line a kind)
    if isinstance(param, Text):
        return text
    if isinstance(param, Texts | Roles):
        texts = tuple(next(csv.reader([text], skipinitialspace=True), []))
        return _roles(texts) if isinstance(param, Roles) else texts
    plain = text.strip()
    if not plain or plain.lower() in NONE:
        if param.problem(None) is None:
            return None
        raise Unreadable("needs a value" if not plain else "cannot be None")
    match param:
        case Int():
            return _whole(plain)
        case Float():
            return _real(param, plain)
        case Sizes():
            return _sizes(param, plain)
        case FromInput():
            return _sizes(Sizes(param.name, single=True, min=param.min), plain) if param.tuple_ok else _whole(plain)
        case Floats():
            return _floats(param, plain)
    return plain


def step_value(param: Param, value: Value, steps: int) -> Value:
    """The value some steps up or down, within the parameter's range; what cannot be step_value comes back as it is."""
    match value:
        case bool() | str() | None:
            return value
        case tuple() if isinstance(param, Sizes | FromInput):
            return tuple(step_value(param, each, steps) for each in value)
        case int() if isinstance(param, Int | Number | Sizes | FromInput):
            return max(-BIGGEST_EXACT, min(BIGGEST_EXACT, int(_within(param, value + steps))))
        case int() | float() if isinstance(param, Float | Floats):
            return _stepped_real(param, float(value), steps)
    return value


def can_step(param: Param) -> bool:
    """Whether arrows beside the field make sense."""
    return isinstance(param, Int | Float | Sizes)


def _stepped_real(param: Float | Floats, value: float, steps: int) -> float:
    if not math.isfinite(value):
        return value
    for _ in range(abs(steps)):
        size = abs(value) * (1 - 1e-9 if steps < 0 < value or value < 0 < steps else 1)
        step = 10.0 ** math.floor(math.log10(size)) if size else 0.1
        if param.max is not None or getattr(param, "below", None) is not None:
            step = min(step, 0.05)  # a share: from nothing to all in twenty steps
        after = float(f"{value + math.copysign(step, steps):.12g}")
        if param.problem((after, after) if isinstance(param, Floats) else after) is not None:
            return _within(param, after) if param.problem(_within(param, after)) is None else value
        value = after
    return value


def _within(param: Param, value: float) -> float:
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    value = value if low is None else max(low, value)
    return value if high is None else min(high, value)


def _number(value: Value) -> str:
    if isinstance(value, float) and math.isfinite(value):
        short = f"{value:g}"
        text = short if float(short) == value else repr(value)
        return re.sub(r"e([+-])0*(\d)", lambda found: f"e{'-' if found[1] == '-' else ''}{found[2]}", text)
    return str(value)


def _whole(text: str) -> int:
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


def _real(param: Param, text: str) -> float:
    plain = text.replace("\u2212", "-")
    try:
        return int(plain) if isinstance(param, Number) and plain.lstrip("-").isdecimal() else float(plain)
    except ValueError:
        raise Unreadable(param.problem(text) or f"must be a number, got {display(text)}") from None


def _sizes(param: Sizes, text: str) -> Value:
    if text in param.words:
        return text
    parts = [part for part in _BETWEEN_SIZES.split(text) if part]
    try:
        sizes = tuple(None if part.lower() in NONE or part == "-" else int(part) for part in parts)
    except ValueError:
        raise Unreadable(param.problem(text) or f"must be sizes, got {display(text)}") from None
    if param.single and len(sizes) in (1, param.n) and len(set(sizes)) == 1 and sizes[0] is not None:
        return sizes[0]
    return sizes


def _floats(param: Floats, text: str) -> Value:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    numbers = tuple(_real(Float(param.name, 0.0), part) for part in parts)
    return numbers[0] if param.single and len(numbers) == 1 else numbers


def _roles(entries: tuple[str, ...]) -> Value:
    """Columns and their roles, such as ``town: category, Id: ignore``."""
    found = []
    for entry in entries:
        column, colon, role = entry.rpartition(":")
        if not colon:
            raise Unreadable(f"must be columns with their roles, such as {entry.strip()[:40]}: ignore")
        found.append((column.strip(), role.strip()))
    return tuple(found)


def _joined(texts: tuple[Value, ...]) -> str:
    return ", ".join(_quoted(str(text)) for text in texts)


def _quoted(text: str) -> str:
    plain = text.strip() == text and not set(text) & set(',"') and text
    return text if plain else '"' + text.replace('"', '""') + '"'
