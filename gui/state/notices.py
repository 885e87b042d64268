"""Messages that stay until they are answered: at most one a topic, each with things to do about it."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

Tone = Literal["info", "warning", "error"]


class Notice(Struct, frozen=True):
    """One message; ``choices`` are buttons, each of which also takes the message away.

    ``stays``: it is not about the open document, and so is there also when another one is opened.
    """

    topic: str
    text: str
    tone: Tone = "info"
    choices: tuple[tuple[str, Callable[[], object]], ...] = ()
    can_close: bool = True
    stays: bool = False


class Notices(QObject):
    """The messages that are up, and short ones that pass."""

    changed = Signal()
    passing = Signal(str)  # for the status bar

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.by_topic: dict[str, Notice] = {}

    def put(self, notice: Notice) -> None:
        """Show a message, in the place of one of the same topic."""
        self.by_topic[notice.topic] = notice
        self.changed.emit()

    def take(self, *topics: str) -> None:
        """Take messages away, those that are there."""
        there = [topic for topic in topics if self.by_topic.pop(topic, None)]
        if there:
            self.changed.emit()

    def turn(self) -> None:
        """Another document is opened: take away what was about the one before."""
        self.take(*(topic for topic, notice in self.by_topic.items() if not notice.stays))

    def say(self, text: str) -> None:
        """Tell something that passes by itself."""
        self.passing.emit(text)
