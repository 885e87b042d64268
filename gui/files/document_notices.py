"""The notices about the open document: why it is read-only, what was recovered, and that its journal fails."""

from PySide6.QtCore import QObject, Signal

from gui.files.external_changes import TOPIC as DISK
from gui.files.journaling import Journaling
from gui.files.ownership import Ownership
from gui.state.notices import Notice, Notices

TOPICS = ("read_only", "recovered", "aside", DISK, "journal")


class DocumentNotices(QObject):
    """Shows the notices. The signals are what the user can choose in them."""

    save_wanted = Signal()
    copy_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, notices: Notices, journaling: Journaling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        journaling.failed.connect(self._show_journal_failure)
        journaling.recovered.connect(lambda: notices.remove("journal"))

    def show_state(self, title: str, ownership: Ownership, *, is_newer: bool) -> None:
        """Show why a document is read-only and what was recovered; ``is_newer``: than the format of this version."""
        if is_newer:
            text = f"{title} was written by a newer Torchloom; this version can only show the parts it knows."
            self._notices.show(Notice("read_only", text, "warning"))
        elif not ownership.is_ours:
            text = f"{title} is open in another window, so it is read-only here."
            self._notices.show(Notice("read_only", text, "warning", (("Save a copy...", self.copy_wanted.emit),)))
        if ownership.problem:
            self._show_journal_failure(ownership.problem)
        if edits := ownership.recovery.edits:
            changes = "1 unsaved change was" if edits == 1 else f"{edits} unsaved changes were"
            text = f"{title}: {changes} restored after Torchloom ended unexpectedly."
            choices = (("Save", self.save_wanted.emit), ("Discard", self.discard_wanted.emit))
            self._notices.show(Notice("recovered", text, "info", choices))
        if ownership.recovery.aside is not None:
            text = f"{title}: unsaved changes no longer match the file: {ownership.recovery.reason}"
            self._notices.show(Notice("aside", f"{text} They are kept in {ownership.recovery.aside}.", "warning"))

    def _show_journal_failure(self, text: str) -> None:
        advice = f"{text} Until this is fixed, a crash would lose unsaved changes: save now."
        self._notices.show(Notice("journal", advice, "error", (("Save", self.save_wanted.emit),)))
