"""A person who answers the window's questions without dialogs."""

from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import EngineError


@dataclass
class Answers:
    """Stands in for the dialogs: what a person would answer, and what was told."""

    place: Path | None = None
    opened: Path | None = None
    first: bool | None = None
    asked: int = 0
    told: list[EngineError] = field(default_factory=list)

    def where_to_save(self, proposal):
        return self.place

    def what_to_open(self, folder):
        return self.opened

    def save_first(self, name):
        self.asked += 1
        return self.first

    def wrong(self, title, error):
        self.told.append(error)
