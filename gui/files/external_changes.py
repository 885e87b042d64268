"""Whether the open file still is where it was and as it was, and what a person is told when it is not."""

from typing import Literal

from PySide6.QtCore import QObject, Signal

from engine.project.existence import is_there
from gui.files.file_watcher import FileWatcher
from gui.state.document import Document
from gui.state.notices import Notice, Notices

TOPIC = "disk"
State = Literal["there", "changed", "gone"]


class ExternalChanges(QObject):
    """Tells of a file that another program changed or took away, each with what can be done, which are the signals."""

    reload_wanted = Signal()
    keep_wanted = Signal()  # what is here counts, although the file holds something else
    here_wanted = Signal()  # to be written again where it was
    elsewhere_wanted = Signal()

    def __init__(self, document: Document, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._notices = document, notices
        self._clean_at: int | None = None  # the revision that the file held, when it went
        self._watch = FileWatcher(self)
        self._watch.changed.connect(self._tell_changed)
        self._watch.removed.connect(self._tell_removed)
        self._watch.returned.connect(self._take_back)

    def follow_document(self) -> None:
        """What the document's file holds now is known."""
        self._clean_at = None
        self._watch.follow(self._document.path)

    def leave(self) -> None:
        """Follow no file."""
        self._watch.follow(None)

    def look(self) -> State:
        """What the file is by now, as the system may not have reported it; "changed" until the question is answered."""
        is_changed = self._watch.look()
        path = self._document.path
        if path is not None and not is_there(path):
            return "gone"
        return "changed" if is_changed or self._is_asking else "there"

    @property
    def _is_asking(self) -> bool:
        """Whether a person has yet to choose between the file and what is here."""
        notice = self._notices.by_topic.get(TOPIC)
        return notice is not None and not notice.can_close

    @property
    def _name(self) -> str:
        return self._document.path.name if self._document.path else self._document.project.name

    def _tell_changed(self) -> None:
        more = " You have unsaved changes here, too." if self._document.modified else ""
        choices = (("Reload from disk", self.reload_wanted.emit), ("Keep mine", self.keep_wanted.emit))
        text = f"{self._name} was changed by another program.{more}"
        self._notices.put(Notice(TOPIC, text, "warning", choices, can_close=False))

    def _tell_removed(self) -> None:
        document, path = self._document, self._document.path
        if path is None:
            return
        what = "cannot be read any more" if is_there(path) else f"is not in {path.parent} any more"
        self._clean_at = None if document.modified else document.revision
        document.history.resetClean()
        choices = (("Save as...", self.elsewhere_wanted.emit), ("Save here again", self.here_wanted.emit))
        text = f"{self._name} {what}. What you see here is all there is: save it to write it again."
        self._notices.put(Notice(TOPIC, text, "warning", choices))

    def _take_back(self) -> None:
        """The file lies there again as it was: nothing is lost, and nothing to be asked."""
        self._notices.take(TOPIC)
        if self._clean_at == self._document.revision:
            self._document.history.setClean()
