"""Messages that stay until they are answered: at most one per topic, with buttons."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

Tone = Literal["info", "warning", "error"]


class Notice(Struct, frozen=True):
    """One message; ``choices`` are buttons, each of which also closes the message.

    ``stays``: it is not about the open document, so it stays when another one is opened.
    """

    topic: str
    text: str
    tone: Tone = "info"
    choices: tuple[tuple[str, Callable[[], object]], ...] = ()
    can_close: bool = True
    stays: bool = False


class Notices(QObject):
    """The current messages, and short ones for the status bar."""

    changed = Signal()
    brief = Signal(str)  # for the status bar

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.by_topic: dict[str, Notice] = {}

    def show(self, notice: Notice) -> None:
        """Show a message; it replaces one of the same topic."""
        self.by_topic[notice.topic] = notice
        self.changed.emit()

    def remove(self, *topics: str) -> None:
        """Remove the messages of these topics, if there are any."""
        there = [topic for topic in topics if self.by_topic.pop(topic, None)]
        if there:
            self.changed.emit()

    def remove_document_notices(self) -> None:
        """Remove the messages about the former document, when another one is opened."""
        self.remove(*(topic for topic, notice in self.by_topic.items() if not notice.stays))

    def show_briefly(self, text: str) -> None:
        """Show a short message in the status bar."""
        self.brief.emit(text)
