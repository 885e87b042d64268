"""Readers of JSON by a closed schema: each takes a raw value and its path, and returns the value or raises."""

import math
from collections.abc import Callable
from typing import TypeVar

from engine.errors import FileProblem
from engine.graph.model import Raw, is_name

T = TypeVar("T")
D = TypeVar("D")
Json = dict[str, object]
Read = Callable[[object, str], T]

MAX_SHOWN = 40
MAX_NAME = 200
MAX_TEXT = 1_000_000
BIGGEST_EXACT = 2**53


def wrong(where: str, expected: str, raw: object) -> FileProblem:
    """The problem that ``raw`` at ``where`` is not what the schema expects."""
    return FileProblem(f"{where} must be {expected}, got {described(raw)}.")


def described(raw: object) -> str:
    """A JSON value in a few words."""
    if raw is None or isinstance(raw, bool):
        return {None: "null", True: "true", False: "false"}[raw]
    if isinstance(raw, dict | list | tuple):
        return "an object" if isinstance(raw, dict) else "a list"
    if isinstance(raw, int) and abs(raw) > BIGGEST_EXACT:
        return "a huge number"
    if isinstance(raw, str) and len(raw) > MAX_SHOWN:
        return f"{raw[:MAX_SHOWN]!r} and {len(raw) - MAX_SHOWN:,} more characters"
    return repr(raw)


class Fields:
    """The fields of a JSON object, taken one by one; `rest` has those that are left."""

    def __init__(self, raw: object, where: str) -> None:
        self._left = dict(an_object(raw, where))
        self._where = where

    def take(self, name: str, read: Read[T], default: D) -> T | D:
        """A field that may be missing."""
        if name not in self._left:
            return default
        return self._pop(name, read)

    def read(self, name: str, read: Read[T], missing: object) -> T:
        """A field that, when missing, has the raw value ``missing``."""
        if name not in self._left:
            return read(missing, inside(self._where, name))
        return self._pop(name, read)

    def need(self, name: str, read: Read[T]) -> T:
        """A field that must be there."""
        if name not in self._left:
            raise FileProblem(f"{self._where or 'The file'} has no {name}.")
        return read(self._left.pop(name), inside(self._where, name))

    def _pop(self, name: str, read: Read[T]) -> T:
        raw = self._left.pop(name)
        try:
            return read(raw, inside(self._where, name))
        except FileProblem as problem:
            if raw is None and not problem.hint:
                raise FileProblem(problem.message, hint="Leave the field out for its usual value.") from None
            raise

    def is_object(self, name: str) -> bool:
        """Whether a field is there and holds an object."""
        return isinstance(self._left.get(name), dict)

    def rest(self) -> Raw:
        """The fields of a newer version."""
        return self._left


def inside(where: str, name: str) -> str:
    """The path of a field."""
    return f"{where}.{name}" if where else name


def an_object(raw: object, where: str) -> Json:
    """A JSON object."""
    if not isinstance(raw, dict):
        raise wrong(where or "The file", "an object", raw)
    return raw


def a_list(raw: object, where: str) -> list[object]:
    """A JSON array."""
    if not isinstance(raw, list | tuple):
        raise wrong(where, "a list", raw)
    return list(raw)


def list_of(read: Read[T]) -> Read[tuple[T, ...]]:
    """A reader of lists whose entries ``read`` reads."""
    return lambda raw, where: tuple(read(item, f"{where}[{place}]") for place, item in enumerate(a_list(raw, where)))


def text(raw: object, where: str) -> str:
    """A text."""
    if not isinstance(raw, str) or len(raw) > MAX_TEXT:
        raise wrong(where, f"text of at most {MAX_TEXT:,} characters", raw)
    return raw


def name(raw: object, where: str) -> str:
    """A name of a node or a graph."""
    if not isinstance(raw, str) or not is_name(raw) or len(raw) > MAX_NAME:
        hint = f"Use at most {MAX_NAME} ASCII letters, digits and underscores, no digit first, and no Python keyword."
        raise FileProblem(f"{where}: {described(raw)} is not a name.", hint=hint)
    return raw


def flag(raw: object, where: str) -> bool:
    """True or false."""
    if not isinstance(raw, bool):
        raise wrong(where, "true or false", raw)
    return raw


def whole(raw: object, where: str) -> int:
    """A whole number that a double can hold."""
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > BIGGEST_EXACT:
        raise wrong(where, "a whole number", raw)
    return raw


def number(raw: object, where: str, place: int | None = None) -> float:
    """A finite number, as a float; ``place``: its index in the list at ``where``."""
    if isinstance(raw, float) and math.isfinite(raw):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= BIGGEST_EXACT:
        return float(raw)
    raise wrong(where if place is None else f"{where}[{place}]", "a finite number", raw)


def maybe(read: Read[T]) -> Read[T | None]:
    """A reader of null, or of what ``read`` reads."""
    return lambda raw, where: None if raw is None else read(raw, where)


def point(raw: object, where: str) -> tuple[float, float]:
    """A point in the scene."""
    if type(raw) is list and len(raw) == 2:
        x, y = raw
        if type(x) is type(y) is int and -BIGGEST_EXACT <= x <= BIGGEST_EXACT and -BIGGEST_EXACT <= y <= BIGGEST_EXACT:
            return float(x), float(y)  # the usual case, which must be fast: files have a thousand nodes
    x, y = _numbers(raw, where, 2, "two numbers, x and y")
    return x, y


def rectangle(raw: object, where: str) -> tuple[float, float, float, float]:
    """A rectangle in the scene."""
    x, y, width, height = _numbers(raw, where, 4, "four numbers: x, y, width, height")
    return x, y, width, height


def _numbers(raw: object, where: str, count: int, expected: str) -> list[float]:
    numbers = [number(item, where, place) for place, item in enumerate(a_list(raw, where))]
    if len(numbers) != count:
        raise wrong(where, expected, raw)
    return numbers


def compact(value: float) -> float:
    """A whole number without its ``.0``, for positions."""
    return int(value) if float(value).is_integer() and abs(value) <= BIGGEST_EXACT else value
