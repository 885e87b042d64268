"""The preferences and their file, which is read before the first paint, so with few imports."""

import json
from pathlib import Path
from typing import Literal, get_args

from engine.places import user_state_dir

Choice = Literal["dark", "light", "system"]
StartWith = Literal["example", "last"]
Axis = Literal["epoch", "step", "time"]

_CAP = 1 << 20


class Values:
    """The content of the file, with the defaults for what is missing or has a wrong type."""

    def __init__(self) -> None:
        self.theme: Choice = "dark"
        self.start_with: StartWith = "example"
        self.glow = True  # gradient norms on the canvas while training
        self.keep_training = True  # closing the window does not stop a training
        self.keep_trainer = True  # a process with torch loaded waits, so that a training starts at once
        self.welcomed = False
        self.recent: list[str] = []  # absolute paths, newest first
        self.folder = ""  # folder of the last file dialog
        self.library_folders: list[str] = []  # of blocks, absolute paths
        self.run_columns: list[str] = []  # of the list of runs, from left to right; empty: the defaults
        self.run_axis: Axis = "epoch"  # unit of the x axis in charts of runs
        self.layout: dict[str, object] = {}  # sizes and hidden panels, by name


def path() -> Path:
    """The path of the file."""
    return user_state_dir() / "window.json"


def read() -> tuple[Values, bool]:
    """The values in the file, and whether the file is missing."""
    try:
        with path().open("rb") as file:
            raw = json.loads(file.read(_CAP))
    except FileNotFoundError:
        return Values(), True
    except (OSError, ValueError, RecursionError):
        return Values(), False
    values = Values()
    for name, default in tuple(vars(values).items()) if isinstance(raw, dict) else ():
        if name in raw and _fits(name, raw[name], default):
            setattr(values, name, raw[name])
    return values, False


def _fits(name: str, value: object, default: object) -> bool:
    choices = {"theme": get_args(Choice), "start_with": get_args(StartWith), "run_axis": get_args(Axis)}
    if name in choices:
        return value in choices[name]
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return type(value) is type(default)
