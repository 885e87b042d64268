"""Breaks a statement that is too long for one line, the way Python's formatters do."""

from collections.abc import Iterator
from itertools import pairwise

WIDTH = 100  # of every generated file, and of the snippets that are copied into it
_OPENING, _CLOSING = "([{", ")]}"


def lay_out(text: str, indent: int, comment: str = "") -> list[str]:
    """The lines of one statement. ``text``: on one line; ``indent``: in spaces; ``comment``: without its sign."""
    suffix = f"  # {comment}" if comment else ""
    pad = " " * indent
    if len(pad) + len(text) + len(suffix) <= WIDTH:
        return [pad + text + suffix]
    return list(_broken(text, pad, suffix))


def pack(name: str, value: str) -> list[str]:
    """The lines of a constant of very many entries, each line filled to the width; in a mapping, key by key."""
    if not value.startswith("{"):
        return _fill_lines(f"{name} = {value}", "")
    entries = (_fill_lines(f"{item},", "    ") for item in _items(value[1:-1]))
    return [f"{name} = {{", *(line for lines in entries for line in lines), "}"]


def _fill_lines(text: str, pad: str) -> list[str]:
    lines: list[str] = []
    start = 0
    cuts = [place + 2 for place, _ in _scan(text) if text.startswith(", ", place)]
    for before, cut in pairwise([*cuts, len(text)]):
        if len(pad) + cut - start + (4 if lines else 0) > WIDTH + 1:
            lines.append(text[start:before])
            start = before
    lines.append(text[start:])
    return [pad + ("    " if number else "") + line.rstrip() for number, line in enumerate(lines)]


def _broken(text: str, pad: str, suffix: str) -> Iterator[str]:
    target, equals, value = _cut(text, " = ")
    if text.startswith("def "):
        start, end = text.index("(") + 1, _closing_of(text, text.index("("))
        yield from _brackets(pad, text[:start], text[start:end], text[end:], collapse=True)
    elif text.startswith("return "):
        yield from _expression(pad, "return ", text.removeprefix("return "), suffix)
    elif text.endswith(","):
        yield from _entry(pad, text.removesuffix(","))
    elif "," in target and equals and len(pad) + len(target) + value.find("(") + 4 > WIDTH:
        yield f"{pad}("
        for part in _items(target):
            yield from _expression(pad + "    ", "", part, ",")
        yield from _expression(pad, ") = ", value, suffix)
    else:
        yield from _expression(pad, target + equals if equals else "", value if equals else text, suffix)


def _expression(pad: str, prefix: str, text: str, suffix: str) -> Iterator[str]:
    if len(pad) + len(prefix) + len(text) + len(suffix) <= WIDTH:
        yield pad + prefix + text + suffix
        return
    operands = _operands(text)
    if len(operands) > 1:
        yield from _sum(pad, prefix, operands, suffix)
        return
    start = _last_opening(text)
    if start is None:
        yield pad + prefix + text + suffix
    elif len(pad) + len(prefix) + start + 1 > WIDTH and prefix:
        yield f"{pad}{prefix}("
        yield from _expression(pad + "    ", "", text, "")
        yield f"{pad}){suffix}"
    else:
        opening, body, closing = prefix + text[: start + 1], text[start + 1 : -1], text[-1] + suffix
        if start > 0 and text[start] == "[":  # an index stays whole: a comma would make it another
            yield from (pad + opening, pad + "    " + body, pad + closing)
        else:
            yield from _brackets(pad, opening, body, closing, collapse=start > 0)


def _brackets(pad: str, opening: str, body: str, closing: str, *, collapse: bool) -> Iterator[str]:
    """``collapse``: the body may be one line of its own; literals have a line for each entry."""
    inner = pad + "    "
    yield pad + opening
    items = _items(body)
    element, each, source = _cut(body, " for ")
    if collapse and len(inner) + len(body) <= WIDTH:
        yield inner + body
    elif each:
        yield from _expression(inner, "", element, "")
        yield f"{inner}for {source}"
    elif collapse and len(items) == 1:
        yield from _expression(inner, "", body, "")
    else:
        for item in items:
            yield from _entry(inner, item)
    yield pad + closing


def _entry(pad: str, item: str) -> Iterator[str]:
    declared, equals, default = _cut(item, " = ")
    if equals and declared.endswith("]") and len(pad) + len(item) + 1 > WIDTH:  # an argument with its options
        start = declared.index("[") + 1
        yield from _brackets(pad, declared[:start], declared[start:-1], f"] = {default},", collapse=True)
        return
    name, equals, value = _cut(item, "=")
    if not equals:
        name, equals, value = _cut(item, ": ")
    yield from _expression(pad, name + equals, value, ",") if equals else _expression(pad, "", item, ",")


def _sum(pad: str, prefix: str, operands: list[str], suffix: str) -> Iterator[str]:
    inner = pad + "    "
    yield f"{pad}{prefix}("
    one_line = " ".join(operands)
    yield from [inner + one_line] if len(inner) + len(one_line) <= WIDTH else map(inner.__add__, operands)
    yield f"{pad}){suffix}"


def _operands(text: str) -> list[str]:
    """The terms of a sum or product at the top level, each after the first with its operator in front."""
    for operators in ((" + ", " - "), (" * ", " / ", " @ ")):
        cuts = [place for place in _top_level(text) if text[place : place + 3] in operators]
        if cuts:
            starts = [0, *(cut + 1 for cut in cuts)]
            return [text[start:end].strip() for start, end in zip(starts, [*cuts, len(text)], strict=True)]
    return [text]


def _items(text: str) -> list[str]:
    cuts = [place for place in _top_level(text) if text[place] == ","]
    pieces = (text[start:end] for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True))
    return [piece.strip() for piece in pieces if piece.strip()]


def _cut(text: str, sign: str) -> tuple[str, str, str]:
    place = next((place for place in _top_level(text) if text.startswith(sign, place)), None)
    return (text, "", "") if place is None else (text[:place], sign, text[place + len(sign) :])


def _last_opening(text: str) -> int | None:
    """The place of the opening bracket whose partner ends ``text``, or ``None``."""
    if text[-1:] not in _CLOSING:
        return None
    return next(
        place for place, _ in _scan(text) if text[place] in _OPENING and _closing_of(text, place) == len(text) - 1
    )


def _closing_of(text: str, opening: int) -> int:
    depth = 0
    for place, is_bracket in _scan(text):
        if place >= opening and is_bracket:
            depth += 1 if text[place] in _OPENING else -1
            if depth == 0:
                return place
    return len(text)


def _top_level(text: str) -> Iterator[int]:
    depth = 0
    for place, is_bracket in _scan(text):
        if is_bracket:
            depth += 1 if text[place] in _OPENING else -1
        elif depth == 0:
            yield place


def _scan(text: str) -> Iterator[tuple[int, bool]]:
    """Every place outside quoted text, and whether it is a bracket."""
    quote, skip = "", False
    for place, letter in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            yield place, letter in _OPENING or letter in _CLOSING
