"""What a person chose and what the window remembers: one small JSON file in the user's state folder."""

import contextlib
import json
import logging
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from engine.places import user_state_dir
from engine.project import durable
from gui.theme.theme import Choice

StartWith = Literal["example", "last"]

_CAP = 1 << 20
_MOST_RECENT = 12
_SAVE_MS = 400

log = logging.getLogger(__name__)


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


class Settings(QObject):
    """The values in force; each change is told at once and written a moment later."""

    changed = Signal(str)  # the name of the value

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values, self.is_first_run = _read()
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self.write)

    def set(self, name: str, value: object) -> None:
        """Give one of the values a new content."""
        if getattr(self.values, name) != value:
            setattr(self.values, name, value)
            self._timer.start()
            self.changed.emit(name)

    def remember(self, path: Path) -> None:
        """Put a file on top of the recent ones."""
        text = str(path.absolute())
        others = [each for each in self.values.recent if each != text]
        self.set("recent", [text, *others][:_MOST_RECENT])
        self.set("folder", str(path.absolute().parent))

    def forget(self, path: Path) -> None:
        """Take a file off the recent ones."""
        self.set("recent", [each for each in self.values.recent if each != str(path)])

    def write(self) -> None:
        """Write the file now; a disk that fails costs the choices of this session, not the session."""
        self._timer.stop()
        text = json.dumps({"version": 1} | asdict(self.values), indent=1, sort_keys=True)
        try:
            _place().parent.mkdir(parents=True, exist_ok=True)
            durable.replace(_place(), text.encode() + b"\n")
        except OSError as error:
            log.info("settings were not written: %s", error)


def _place() -> Path:
    return user_state_dir() / "window.json"


def _read() -> tuple[Values, bool]:
    """The values in the file, and whether there is none."""
    try:
        with _place().open("rb") as file:
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
