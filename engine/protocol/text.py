"""A message as one line of JSON, and back."""

import json
import math
from typing import Any

from engine.errors import FileProblem
from engine.graph.json_form.prescan import load

Json = dict[str, object]


class MessageError(ValueError):
    """A line that is not a message. ``revision``: its revision, if it can be read."""

    def __init__(self, text: str, revision: int | None = None) -> None:
        super().__init__(text)
        self.revision = revision


def to_line(raw: Json) -> bytes:
    """The line, its end included; numbers that JSON lacks become ``"nan"``, ``"inf"``, ``"-inf"``."""
    try:
        text = json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        text = json.dumps(_finite(raw), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode(errors="replace") + b"\n"


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def from_line(line: bytes) -> dict[str, Any]:
    """The object that a line holds. Raises: `MessageError`."""
    try:
        raw = load(line, "the message")
    except FileProblem as wrong:
        raise MessageError(wrong.message) from None
    if not isinstance(raw, dict):
        raise MessageError("a message is a JSON object")
    return raw


def revision_of(raw: dict[str, Any]) -> int | None:
    """The revision of an object, if it is one."""
    revision = raw.get("revision")
    return revision if isinstance(revision, int) and not isinstance(revision, bool) else None
