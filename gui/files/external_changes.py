"""Changes of the open file by other programs, and the notices about them."""

from typing import Literal

from PySide6.QtCore import QObject, Signal

from engine.project.existence import is_there
from gui.files.file_watcher import FileWatcher
from gui.state.document import Document
from gui.state.notices import Notice, Notices

TOPIC = "disk"
State = Literal["there", "changed", "gone"]


class ExternalChanges(QObject):
    """Notices that another program changed or removed the file. The signals are what the user can choose then."""

    reload_wanted = Signal()
    keep_wanted = Signal()  # keep the open version
    here_wanted = Signal()  # save to the same path again
    elsewhere_wanted = Signal()  # save to another path

    def __init__(self, document: Document, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._notices = document, notices
        self._clean_at: int | None = None  # the revision that the file held when it was removed
        self._watch = FileWatcher(self)
        self._watch.changed.connect(self._report_change)
        self._watch.removed.connect(self._report_removal)
        self._watch.returned.connect(self._withdraw_removal)

    def follow_document(self) -> None:
        """Take the present content of the document's file as known."""
        self._clean_at = None
        self._watch.follow(self._document.path)

    def unfollow(self) -> None:
        """Follow no file."""
        self._watch.follow(None)

    def check(self) -> State:
        """The state of the file now, which the system may not have reported; "changed" until the user has chosen."""
        is_changed = self._watch.check()
        path = self._document.path
        if path is not None and not is_there(path):
            return "gone"
        return "changed" if is_changed or self._is_asking else "there"

    @property
    def _is_asking(self) -> bool:
        """Whether the user has still to choose between the file and the open version."""
        notice = self._notices.by_topic.get(TOPIC)
        return notice is not None and not notice.can_close

    @property
    def _name(self) -> str:
        return self._document.path.name if self._document.path else self._document.project.name

    def _report_change(self) -> None:
        more = " You have unsaved changes here, too." if self._document.modified else ""
        choices = (("Reload from disk", self.reload_wanted.emit), ("Keep mine", self.keep_wanted.emit))
        text = f"{self._name} was changed by another program.{more}"
        self._notices.show(Notice(TOPIC, text, "warning", choices, can_close=False))

    def _report_removal(self) -> None:
        document, path = self._document, self._document.path
        if path is None:
            return
        what = "cannot be read any more" if is_there(path) else f"is not in {path.parent} any more"
        self._clean_at = None if document.modified else document.revision
        document.history.resetClean()
        choices = (("Save as...", self.elsewhere_wanted.emit), ("Save here again", self.here_wanted.emit))
        text = f"{self._name} {what}. The open version is the only one left: save it to write it again."
        self._notices.show(Notice(TOPIC, text, "warning", choices))

    def _withdraw_removal(self) -> None:
        """The file is back unchanged: withdraw the question."""
        self._notices.remove(TOPIC)
        if self._clean_at == self._document.revision:
            self._document.history.setClean()
