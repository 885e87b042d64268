"""The scan of JSON text before it is decoded: limits, duplicate keys, and what is not JSON.

The decoder would turn NaN into null, keep the last of two equal keys, and overflow its stack on deep nesting.
Text that is surely valid is decoded at once, by the standard library; only other text is scanned token by token, which
takes four times as long and knows the line and column.
"""

import json
import math
import re
from typing import NoReturn

import msgspec

from engine.errors import FileProblem

MAX_BYTES = 32 << 20
MAX_DEPTH = 100
MAX_STRING = 1_000_000  # characters
MAX_NUMBER = 100  # characters; a double has 17 digits
PLAIN_DIGITS = 15  # of a whole number that every decoder reads alike

_TOKEN = re.compile(
    r"""[ \t\r\n,]*+ (?:                                              # the decoder checks commas
        ( " [^"\\\x00-\x1f]*+ (?: \\. [^"\\\x00-\x1f]*+ )*+ " )  # 1: a string
        (?: [ \t\r\n]*+ (:) )?+                                    # 2: which is a key
      | ( -?+ [0-9] [0-9.eE+-]*+ )                                # 3: a number
      | ( [\[\]{}:] )                                             # 4: structure
      | ( [-+]?+ [A-Za-z_] [A-Za-z_0-9]*+ )                       # 5: a word
      | ( . )                                                     # 6: not JSON
      | \Z                                                        # else a long blank end is tried at each character
    )""",
    re.VERBOSE | re.DOTALL,
)
_STRING, _KEY, _NUMBER, _STRUCTURE, _WORD = 1, 2, 3, 4, 5
_WORDS = ("true", "false", "null")
_CLOSES = {"}": "{", "]": "["}
_AT = re.compile(r"\(byte (\d+)\)")


def load(data: bytes, where: str) -> object:
    """The JSON value that ``data`` (UTF-8) holds.

    Raises: ``FileProblem`` that begins with ``where``, and names line and column where there are any.
    """
    if len(data) > MAX_BYTES:
        raise FileProblem(f"{where} is larger than {MAX_BYTES >> 20} MiB, so it is not read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8." if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ""
        raise FileProblem(f"{where} is not UTF-8 text: byte {error.start:,} cannot be read.", hint=hint) from None
    if not text.strip():
        raise FileProblem(f"{where} is empty.")
    try:
        return _beyond_doubt(text)
    except (_DoubtError, ValueError, RecursionError):
        _Scan(text, where).run()
        return _decoded(text, where)


class _DoubtError(Exception):
    """The text may be invalid."""


def _beyond_doubt(text: str) -> object:
    """The value of a text that is surely valid. Raises: ``_DoubtError`` or what the decoder raises, else."""
    if len(text) > MAX_STRING or "\\u" in text:
        raise _DoubtError
    value = json.loads(
        text, object_pairs_hook=_without_twins, parse_float=_finite, parse_int=_short_whole, parse_constant=_doubted
    )
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return value
    raise _DoubtError  # nested too deep


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _DoubtError
    return value


def _finite(token: str) -> float:
    value = float(token)
    if len(token) > MAX_NUMBER or not math.isfinite(value):
        raise _DoubtError
    return value


def _short_whole(token: str) -> int:
    if len(token) > PLAIN_DIGITS:
        raise _DoubtError
    return int(token)


def _doubted(_: str) -> NoReturn:
    raise _DoubtError


class _Scan:
    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._open: list[str] = []  # brackets
        self._keys: list[set[str]] = []  # of the object that each bracket opened

    def run(self) -> None:
        for token in _TOKEN.finditer(self._text):
            group = token.lastindex
            if group is None:
                break
            if group == _KEY:
                self._string_at(token[_STRING], token.start(_STRING))
                self._key(token[_STRING], token.start(_KEY))
            elif group == _STRING:
                self._string_at(token[group], token.start(group))
            elif group == _STRUCTURE:
                self._structure(token[group], token.start(group))
            elif group == _NUMBER:
                self._number(token[group], token.start(group))
            elif group != _WORD or token[group] not in _WORDS:
                self._stranger(token[group], token.start(group))
        if self._open:
            what = "an object" if self._open[-1] == "{" else "a list"
            self._refuse(len(self._text), f"the file ends inside {what}, so its last part is missing")

    def _structure(self, mark: str, place: int) -> None:
        if mark in "{[":
            if len(self._open) == MAX_DEPTH:
                self._refuse(place, f"it is nested more than {MAX_DEPTH} deep")
            self._open.append(mark)
            self._keys.append(set())
        elif mark in "}]":
            if not self._open or self._open.pop() != _CLOSES[mark]:
                self._refuse(place, f"this {mark} closes nothing")
            self._keys.pop()
        else:
            self._refuse(place, "a colon without a key")

    def _key(self, string: str, place: int) -> None:
        if not self._keys:
            self._refuse(place, "a colon without a key")
        key = _unescaped(string)
        if key in self._keys[-1]:
            self._refuse(place, f"the key {_short(key)} occurs twice in one object")
        self._keys[-1].add(key)

    def _string_at(self, token: str, place: int) -> None:
        if len(token) > MAX_STRING:
            self._refuse(place, f"a text of {len(token):,} characters; at most {MAX_STRING:,} can be opened")
        if "\\u" in token and not _is_whole(token):
            self._refuse(place, "a text with half a character (a lone surrogate)")

    def _number(self, token: str, place: int) -> None:
        if len(token) > MAX_NUMBER:
            self._refuse(place, f"a number of {len(token):,} digits; at most {MAX_NUMBER} can be opened")
        try:
            is_finite = math.isfinite(float(token))
        except ValueError:
            self._refuse(place, f"{_short(token)} is not a number")
        if not is_finite:
            self._refuse(place, f"the number {token} is too large")

    def _stranger(self, word: str, place: int) -> NoReturn:
        if word.lstrip("+-") in ("NaN", "Infinity", "nan", "inf", "Inf"):
            self._refuse(place, f'{word} is not JSON; write "nan", "inf" or "-inf", in quotes')
        if word == '"':
            self._refuse(place, "a text that does not end, or has a line break or control character in it")
        self._refuse(place, f"{_short(word)} does not belong here")

    def _refuse(self, place: int, what: str) -> NoReturn:
        raise _problem(self._text, place, self._where, what)


def _problem(text: str, place: int, where: str, what: str) -> FileProblem:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return FileProblem(f"{where}, line {line}, column {column}: {what}.")


def _decoded(text: str, where: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        match = _AT.search(str(error))
        place = len(text.encode()[: int(match[1])].decode(errors="ignore")) if match else len(text)
        what = str(error).removeprefix("JSON is malformed: ").partition(" (byte")[0]
        raise _problem(text, place, where, f"this is not JSON ({what})") from None


def _unescaped(token: str) -> str:
    return _json_string(token) if "\\" in token else token[1:-1]


def _json_string(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:  # an escape that JSON lacks: the decoder reports it
        return token


def _is_whole(token: str) -> bool:
    try:
        _json_string(token).encode()
    except UnicodeEncodeError:
        return False
    return True


def _short(text: str) -> str:
    return repr(text) if len(text) <= 40 else f"{text[:40]!r}..."
