"""The layout of a project's JSON as text: one node, wire, frame or setting on each line, for readable diffs."""

import json
from collections.abc import Callable, Iterable, Mapping

Json = Mapping[str, object]

_SPELLED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False)  # made once, not for each line
_text = json.encoder.encode_basestring

_HEAD = ("format", "version", "name", "main", "graphs", "data", "training", "generation")
_GRAPH = ("params", "nodes", "wires", "frames", "notes")


def layout_text(project: Json) -> str:
    """The text, ending with a line feed. Graphs, their parameters, nodes and wires keep their order, others are sorted.

    Raises: ``ValueError`` with the path of a number that JSON does not have.
    """
    spell = {"graphs": _graphs, "data": _section, "training": _section}
    return _object(_first(project, _HEAD), "", lambda key: spell.get(key, _line)) + "\n"


def _graphs(value: object, where: str) -> str:
    return _object(value, where, lambda _: _graph) if isinstance(value, Mapping) else _line(value, where)


def _graph(value: object, where: str) -> str:
    if not isinstance(value, Mapping):
        return _line(value, where)
    spell = {"params": _nodes, "nodes": _nodes, "wires": _list, "frames": _list, "notes": _list}
    return _object(_first(value, _GRAPH), where, lambda key: spell.get(key, _line))


def _nodes(value: object, where: str) -> str:
    return _object(value, where, lambda _: _line) if isinstance(value, Mapping) else _line(value, where)


def _section(value: object, where: str) -> str:
    if not isinstance(value, Mapping):
        return _line(value, where)
    return _object(_first(value, ()), where, lambda key: _list if key == "phases" else _line)


def _list(value: object, where: str) -> str:
    if not isinstance(value, list) or not value:
        return _line(value, where)
    return _bracketed("[]", (_pair(item) or _line(item, f"{where}[{place}]") for place, item in enumerate(value)))


def _pair(value: object) -> str:
    """The text of a pair of texts, as most wires are; ``""`` for other values."""
    if type(value) is list and len(value) == 2 and type(value[0]) is type(value[1]) is str:
        return f"[{_text(value[0])}, {_text(value[1])}]"
    return ""


def _object(value: Json, where: str, spell: Callable[[str], Callable[[object, str], str]]) -> str:
    pairs = (f"{_text(key)}: {spell(key)(item, f'{where}.{key}'.strip('.'))}" for key, item in value.items())
    return _bracketed("{}", pairs) if value else "{}"


def _bracketed(brackets: str, items: Iterable[str]) -> str:
    inside = ",\n".join(items).replace("\n", "\n ")  # no text contains a line feed: JSON escapes it as \n
    return f"{brackets[0]}\n {inside}\n{brackets[1]}"


def _first(items: Json, leading: tuple[str, ...]) -> Json:
    names = [name for name in leading if name in items] + sorted(name for name in items if name not in leading)
    return {name: items[name] for name in names}


def _line(value: object, where: str) -> str:
    if type(value) is str:
        return _text(value)
    try:
        return _SPELLED.encode(value)
    except ValueError:
        raise ValueError(f"{where} holds a number that is not finite") from None
