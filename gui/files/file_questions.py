"""The questions about files that the window asks."""

from pathlib import Path
from typing import Literal, Protocol

from engine.errors import EngineError


class FileQuestions(Protocol):
    """The questions that opening and saving ask the user."""

    def where_to_save(self, proposal: Path) -> Path | None: ...
    def what_to_open(self, folder: Path) -> Path | None: ...
    def save_first(self, name: str, *, is_new: bool) -> bool | None:
        """Save the changes (true), discard them (false), or cancel (none); ``is_new``: the document has no file yet."""
        ...

    def file_missing(self, path: Path, *, can_stay: bool) -> Literal["elsewhere", "here"] | None:
        """Where to save a document whose file is missing, or ``None``; ``can_stay``: the old path is a choice."""
        ...

    def show_error(self, title: str, error: EngineError) -> None: ...
