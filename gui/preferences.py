"""What a person chose about the window, and what the window remembers; read before the first paint, so lightly."""

import contextlib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

from engine.places import user_state_dir

Choice = Literal["dark", "light", "system"]
StartWith = Literal["example", "last"]

_CAP = 1 << 20


@dataclass(slots=True)
class Values:
    """The file's content; what is missing or of a wrong type there has its default here."""

    theme: Choice = "dark"
    start_with: StartWith = "example"
    glow: bool = True  # gradient norms on the canvas while training
    keep_training: bool = True  # closing the window leaves a training running
    welcomed: bool = False
    recent: list[str] = field(default_factory=list)  # absolute paths, newest first
    folder: str = ""  # where the last file dialog was
    layout: dict[str, object] = field(default_factory=dict)  # sizes and what is hidden, by name


def place() -> Path:
    """The file that holds them."""
    return user_state_dir() / "window.json"


def read() -> tuple[Values, bool]:
    """The values in the file, and whether there is none."""
    try:
        with place().open("rb") as file:
            raw = json.loads(file.read(_CAP))
    except FileNotFoundError:
        return Values(), True
    except (OSError, ValueError, RecursionError):
        return Values(), False
    values = Values()
    for each in fields(Values) if isinstance(raw, dict) else ():
        with contextlib.suppress(KeyError):
            if _fits(each.name, raw[each.name], getattr(values, each.name)):
                setattr(values, each.name, raw[each.name])
    return values, False


def _fits(name: str, given: object, default: object) -> bool:
    choices = {"theme": get_args(Choice), "start_with": get_args(StartWith)}
    if name in choices:
        return given in choices[name]
    if isinstance(default, list):
        return isinstance(given, list) and all(isinstance(each, str) for each in given)
    return type(given) is type(default)
