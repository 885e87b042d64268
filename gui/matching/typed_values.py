"""Values typed into a search for layers: ``conv 3x3``, ``linear 64``, ``conv stride=2`` set them on the new node."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from engine.catalog.index import layer
from engine.catalog.params import Choice, Flag, Float, FromInput, Int, Param, Sizes, Value, find
from engine.catalog.spec import Layer
from engine.graph.model import Node

Values = tuple[tuple[str, Value], ...]

_NUMBER = re.compile(r"-?\d+(\.\d*)?|-?\.\d+")
_SIZES = re.compile(r"\d+([x×*]\d+)+")
_PARTIAL = re.compile(r"\d+([x×*]\d+)*[x×*]")  # sizes of which the last is still to be typed
_NAME_VALUE = re.compile(r"([a-z_]\w*)=(.*)")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@lru_cache(maxsize=4096)
def parse_values(kind: str, words: tuple[str, ...]) -> Values | None:
    """The parameters that these words set on a node of a kind; ``None`` if one of them cannot be a value of it.

    Sizes (``3x3``) go to the first parameter that takes this many, plain numbers to the required ones in torch's order.
    A value that is still being typed sets nothing.
    """
    declared = layer(kind)
    if declared is None:
        return None if words else ()
    result: dict[str, Value] = {}
    for word in words:
        if _PARTIAL.fullmatch(word) and any(isinstance(param, Sizes) for param in declared.params):
            continue
        pair = _name_value(declared, word) if "=" in word else _plain(declared, word, result)
        if pair is None:
            return None
        result.update(pair)
    return tuple(result.items())


def set_values(node: Node, values: Values) -> None:
    """Set values on a new node as a file stores them: those that equal torch's default are left out."""
    declared = layer(node.kind)
    for name, value in values:
        param = find(declared.params, name) if declared else None
        is_default = param is not None and not param.required and param.default == value
        if is_default:
            node.params.pop(name, None)
        else:
            node.params[name] = value


def values_text(values: Values) -> str:
    """The values as a search shows them beside the kind."""
    return ", ".join(f"{name} {_text(value)}" for name, value in values)


def _name_value(declared: Layer, word: str) -> dict[str, Value] | None:
    """``stride=2``; the beginning of the name is enough."""
    split = _NAME_VALUE.fullmatch(word.lower())
    if split is None:
        return None
    name, text = split.groups()
    exact = find(declared.params, name)
    fits = [exact] if exact else [param for param in _settable(declared) if param.name.startswith(name)]
    if fits and (not text or _PARTIAL.fullmatch(text)):
        return {}
    for param in fits:
        if (value := _read(param, text)) is not None:
            return {param.name: value}
    return None


def _plain(declared: Layer, word: str, used: Iterable[str]) -> dict[str, Value] | None:
    """``3x3`` or ``64``, for the first parameter that can have it and has no value yet."""
    if _SIZES.fullmatch(word):
        sized = (param for param in _settable(declared) if isinstance(param, Sizes) and param.name not in used)
        params: Sequence[Param] = [*islice(sized, 1)]
    elif _NUMBER.fullmatch(word):
        params = [param for param in _settable(declared) if param.required or _is_share(param)]
    else:
        return None
    for param in params:
        if param.name not in used and (value := _read(param, word)) is not None:
            return {param.name: value}
    return None


def _settable(declared: Layer) -> Sequence[Param]:
    return [param for param in declared.params if not isinstance(param, FromInput)]


def _is_share(param: Param) -> bool:
    """Whether it is the one number that a layer such as Dropout is about."""
    return isinstance(param, Float) and param.name == "p"


def _read(param: Param, text: str) -> Value | None:
    """A text as a legal value of a parameter, or ``None``."""
    value: Value = None
    if isinstance(param, Flag):
        value = _FLAGS.get(text)
    elif isinstance(param, Choice):
        value = text
    elif isinstance(param, Sizes) and _SIZES.fullmatch(text):
        sizes = tuple(int(each) for each in re.split(r"[x×*]", text))
        is_one = param.single and len(set(sizes)) == 1 and len(sizes) == param.n
        value = sizes[0] if is_one else sizes
    elif isinstance(param, Int | Sizes) and text.lstrip("-").isdecimal():
        value = int(text)
    elif isinstance(param, Float) and _NUMBER.fullmatch(text):
        value = float(text)
    return value if value is not None and param.problem(value) is None else None


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
