"""What a person is asked about files."""

from pathlib import Path
from typing import Literal, Protocol

from engine.errors import EngineError


class FileQuestions(Protocol):
    """The questions that opening and saving have for a person."""

    def where_to_save(self, proposal: Path) -> Path | None: ...
    def what_to_open(self, folder: Path) -> Path | None: ...
    def save_first(self, name: str, *, is_new: bool) -> bool | None:
        """Save what is unsaved (true), drop it (false), or go back (none); ``is_new``: it has no file yet."""
        ...

    def gone(self, path: Path, *, can_stay: bool) -> Literal["elsewhere", "here"] | None:
        """Where to save a document whose file is gone; ``can_stay``: where it was is a choice. ``None`` to go back."""
        ...

    def wrong(self, title: str, error: EngineError) -> None: ...
