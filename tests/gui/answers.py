"""A user who answers the window's questions without dialogs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.errors import EngineError


@dataclass
class Answers:
    """Replaces the dialogs: the answers of a user, and the errors that were shown."""

    place: Path | None = None
    path_to_open: Path | None = None
    first: bool | None = None
    again: Literal["elsewhere", "here"] | None = None
    gone_from: list[Path] = field(default_factory=list)
    questions: int = 0
    errors: list[EngineError] = field(default_factory=list)

    def where_to_save(self, proposal):
        return self.place

    def what_to_open(self, folder):
        return self.path_to_open

    def save_first(self, name, *, is_new):
        self.questions += 1
        return self.first

    def file_missing(self, path, *, can_stay):
        self.gone_from.append(path)
        return self.again

    def show_error(self, title, error):
        self.errors.append(error)
