"""Which file is open: new, open, save, recent ones, and whose it is to change."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError, FileProblem
from engine.graph.model import Project
from engine.project import disk_errors, documents, file
from engine.project.templates import template
from engine.project.upgrade import VERSION
from gui.files.external_changes import TOPIC as DISK
from gui.files.external_changes import ExternalChanges
from gui.files.file_questions import FileQuestions
from gui.files.journaling import Journaling
from gui.files.ownership import Ownership
from gui.preferences.preferences import Preferences
from gui.state.document import Document
from gui.state.notices import Notice, Notices

TOPICS = ("read_only", "recovered", "aside", DISK, "journal")


class Files(QObject):
    """Opens projects into the document and writes them; nothing unsaved goes without a question."""

    opened = Signal()  # another document than before

    def __init__(
        self,
        document: Document,
        settings: Preferences,
        notices: Notices,
        asking: FileQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._settings, self._notices, self._asking = document, settings, notices, asking
        self.journaling = Journaling(document, self)
        self.journaling.failed.connect(self._journal_failed)
        self.journaling.recovered.connect(lambda: notices.take("journal"))
        self._disk = ExternalChanges(document, notices, self)
        self._disk.reload_wanted.connect(self.reload)
        self._disk.keep_wanted.connect(self.keep_mine)
        self._disk.here_wanted.connect(self._save_here)
        self._disk.elsewhere_wanted.connect(self.save_as)
        self._own = Ownership()

    # New and open

    def new(self, project: Project) -> bool:
        """Start an untitled document from a project; tells whether it was, rather than going back to the former one."""
        if not self.may_leave():
            return False
        self._take_over(Ownership.of_untitled(project), project, None)
        return True

    def new_from(self, name: str) -> bool:
        """Start an untitled document from a template."""
        return self.new(file.parse(template(name).text(), name))

    def ask_and_open(self) -> bool:
        """Ask which file, and open it."""
        path = self._asking.what_to_open(Path(self._settings.values.folder or Path.home()))
        return path is not None and self.open(path)

    def open(self, path: Path) -> bool:
        """Open a project file, with what a crash had left unsaved; tells whether it is open now."""
        path = path.absolute()
        if self._document.path and documents.key_of(self._document.path) == documents.key_of(path):
            return True
        try:
            project = file.read(path, allow_newer=True)
        except EngineError as wrong:
            self._asking.wrong(f"{path.name} cannot be opened", wrong)
            self._settings.forget(path)
            return False
        if not self.may_leave():
            return False
        self._take_over(Ownership.of_file(path, project), project, path)
        self._settings.remember(path)
        return True

    def recover(self, key: str) -> bool:
        """Open an untitled document that a crash has left."""
        if not self.may_leave():
            return False
        own = Ownership.of_lost(key)
        if own.journal is None:  # another window was faster
            own.let_go(forget=False)
            return False
        self._take_over(own, own.journal.project, None)
        return True

    # Save

    def save(self) -> bool:
        """Write the document to its file, or ask for one; tells whether it is saved now."""
        self._document.settle()
        path = self._document.path
        if path is None or self._document.read_only:
            return self.save_as()
        state = self._disk.look()
        if state == "gone":
            return self._save_again(path)
        if state == "changed":  # by others, which is asked about first
            text = f"{path.name} is not saved, as another program changed it. First choose which one to keep."
            self._notices.say(text)
            return False
        return self._write(path)

    def has_place(self) -> bool:
        """Whether the document's file is where it was, or saved again after a question; without one it needs none."""
        path = self._document.path
        return path is None or self._disk.look() != "gone" or self._save_again(path)

    def _save_again(self, path: Path) -> bool:
        """Ask where to write a document whose file is gone; its folder is never made anew without a question."""
        match self._asking.gone(path, can_stay=not self._document.read_only):
            case "elsewhere":
                return self.save_as()
            case "here":
                return self._save_here()
        return False

    def _save_here(self) -> bool:
        path = self._document.path
        if path is None:
            return False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._asking.wrong(f"{path.name} is not saved", disk_errors.problem("make", path.parent, error))
            return False
        return self._write(path)

    def save_as(self) -> bool:
        """Ask for a file, and write the document there; tells whether it is saved now."""
        self._document.settle()
        path = self._asking.where_to_save(self._proposal())
        if path is None:
            return False
        return self.save_to(path if path.suffix == file.SUFFIX else path.with_name(path.name + file.SUFFIX))

    def save_to(self, path: Path) -> bool:
        """Write the document to a file, which becomes its own; tells whether it is saved now."""
        path = path.absolute()
        key = documents.key_of(path)
        if key == self._own.key and not self._document.read_only:
            return self._write(path)
        own = Ownership.of_file(path, self._document.project)
        if not own.is_ours:
            busy = FileProblem(
                f"{path.name} is open in another window.", hint="Close it there, or choose another name."
            )
            self._asking.wrong(f"{path.name} is not saved", busy)
            return False
        return self._write(path, own)

    def _write(self, path: Path, other: Ownership | None = None) -> bool:
        """Write the document; ``other``: what it takes to own the file, where it is not the document's own yet."""
        document = self._document
        document.settle()
        move_back = document.move(path) if other is not None else None
        try:
            if self._own.journal is not None:
                self._own.journal.save(path, document.steps)
            else:
                file.write(path, document.project)
        except EngineError as wrong:
            if move_back is not None:
                move_back()
            if other is not None:
                other.let_go(forget=False)
            self._asking.wrong(f"{path.name} is not saved", wrong)
            return False
        if other is not None:
            self._move_to(other, path)
        self._settings.remember(path)
        self._notices.take("recovered", DISK, "journal", *(["read_only"] if other else []))
        document.mark_saved(path)
        self._disk.follow_document()
        self._notices.say(f"Saved {path.name}")
        return True

    def _move_to(self, other: Ownership, path: Path) -> None:
        """The document lies in another file now; its journal, where it has one, has gone there with it."""
        journal = self._own.journal
        if journal is None:  # it was read-only, and is a copy of our own from here on
            other.let_go(forget=True)
            other = Ownership.of_file(path, self._document.project)
        else:
            if other.journal is not None:
                other.journal.close()
            other.journal = journal
            self._own.journal = None
        self._own.let_go(forget=False)
        self._own = other
        self.journaling.follow(other.journal)
        self._document.set_read_only(not other.is_ours)

    # Leave

    def may_leave(self) -> bool:
        """Whether the document may make room for another, after a question where something is unsaved."""
        self._document.settle()
        if not self._document.modified or self._document.read_only:
            return True
        path = self._document.path
        name = path.name if path else self._document.project.name
        answer = self._asking.save_first(name, is_new=path is None)
        return answer is not None and (not answer or self.save())

    def close(self) -> None:
        """Let go of the document, which is saved or not wanted any more."""
        self._disk.leave()
        self.journaling.follow(None)
        self._own.let_go(forget=True)
        self._own = Ownership()

    def leave_behind(self) -> None:
        """Let go of the document as a crash would, so that the next window recovers it."""
        self.journaling.flush()
        self.journaling.follow(None)
        self._own.let_go(forget=False)
        self._own = Ownership()

    @property
    def title(self) -> str:
        """The name of the document for a person."""
        return self._document.path.name if self._document.path else f"{self._document.project.name} (unsaved)"

    # Changed on disk

    def reload(self) -> bool:
        """Show what the file holds, and forget what was changed here."""
        path = self._document.path
        if path is None:
            return False
        try:
            project = file.read(path, allow_newer=True)
        except EngineError as wrong:
            self._asking.wrong(f"{path.name} cannot be read", wrong)
            return False
        self.journaling.follow(None)
        self._own.let_go(forget=True)
        self._own = Ownership()
        self._take_over(Ownership.of_file(path, project), project, path, is_other=False)
        return True

    def keep_mine(self) -> None:
        """Go on with what is here, although the file holds something else."""
        self._document.settle()
        self._document.history.resetClean()
        if self._own.journal is not None and self._document.path is not None:
            try:
                self._own.journal.rebase(file.read(self._document.path, allow_newer=True))
            except FileProblem as wrong:  # a file that cannot be read is no start for a journal
                self._notices.say(str(wrong))

    def look_at_disk(self) -> None:
        """See whether the file is still what it was, and whose; for when the system may not have told."""
        self._disk.look()
        if self._document.read_only:
            self._take_when_free()

    def _take_when_free(self) -> None:
        """The other window may have closed the document, which can then be changed here."""
        path = self._document.path
        if path is None or self._document.project.version > VERSION or documents.is_taken(documents.key_of(path)):
            return
        try:
            project = file.read(path, allow_newer=True)
        except EngineError:
            return  # who opens the file is told why
        own = Ownership.of_file(path, project)
        if own.is_ours:
            self._take_over(own, project, path, is_other=False)
        else:
            own.let_go(forget=False)

    # How a document becomes ours

    def _take_over(self, own: Ownership, project: Project, path: Path | None, *, is_other: bool = True) -> None:
        self._notices.turn() if is_other else self._notices.take(*TOPICS)
        self._disk.leave()
        self._own.let_go(forget=True)
        self._own = own
        self.journaling.follow(own.journal)
        project = own.journal.project if own.journal else project
        key = "" if path else own.key
        recovery, is_ours = own.recovery, own.is_ours
        self._document.load(
            project, path, key=key, read_only=not is_ours, modified=recovery.edits > 0, past=recovery.past
        )
        self._disk.follow_document()
        self._tell(own)
        if is_other:
            self.opened.emit()

    def _tell(self, own: Ownership) -> None:
        """Say what is unusual about the document."""
        save_copy = (("Save a copy...", self.save_as),)
        if self._document.project.version > VERSION:
            text = f"{self.title} was written by a newer Torchloom, and is shown as far as this one understands it."
            self._notices.put(Notice("read_only", text, "warning"))
        elif not own.is_ours:
            text = f"{self.title} is open in another window, so it is read-only here."
            self._notices.put(Notice("read_only", text, "warning", save_copy))
        if own.problem:
            self._journal_failed(own.problem)
        if edits := own.recovery.edits:
            steps = "1 unsaved step" if edits == 1 else f"{edits} unsaved steps"
            text = f"{self.title}: {steps} from before the last session broke off {'is' if edits == 1 else 'are'} back."
            choices = (("Save", self.save), ("Discard", self._discard_recovered))
            self._notices.put(Notice("recovered", text, "info", choices))
        if own.recovery.aside is not None:
            text = f"{self.title}: unsaved steps do not fit it any more: {own.recovery.reason}"
            self._notices.put(Notice("aside", f"{text} They are kept in {own.recovery.aside}.", "warning"))

    def _discard_recovered(self) -> None:
        if self._document.path is not None:
            self.reload()
        else:
            self._document.history.setClean()
            self.new_from("digits-cnn")

    def _journal_failed(self, text: str) -> None:
        advice = f"{text} Until this is mended, a crash would lose unsaved changes: save now."
        self._notices.put(Notice("journal", advice, "error", (("Save", self.save),)))

    def _proposal(self) -> Path:
        if self._document.path is not None:
            return self._document.path
        return Path(self._settings.values.folder or Path.home()) / f"{self._document.project.name}{file.SUFFIX}"
