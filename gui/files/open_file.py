"""The open file: new, open, save, leave, and reload."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError, FileProblem
from engine.graph.model import Project
from engine.project import disk_errors, documents, file
from engine.project.templates import template
from engine.project.upgrade import VERSION
from gui.files.document_notices import TOPICS, DocumentNotices
from gui.files.external_changes import TOPIC as DISK
from gui.files.external_changes import ExternalChanges
from gui.files.file_questions import FileQuestions
from gui.files.journaling import Journaling
from gui.files.ownership import Ownership
from gui.preferences.preferences import Preferences
from gui.state.document import Document
from gui.state.notices import Notices


class Files(QObject):
    """Opens projects into the document and saves them; unsaved changes are never lost without a question."""

    document_opened = Signal()  # another one than before

    def __init__(
        self,
        document: Document,
        preferences: Preferences,
        notices: Notices,
        questions: FileQuestions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._preferences, self._notices, self._questions = document, preferences, notices, questions
        self.journaling = Journaling(document, self)
        self._about_document = DocumentNotices(notices, self.journaling, self)
        self._about_document.save_wanted.connect(self.save)
        self._about_document.copy_wanted.connect(self.save_as)
        self._about_document.discard_wanted.connect(self._discard_recovered)
        self._external_changes = ExternalChanges(document, notices, self)
        self._external_changes.reload_wanted.connect(self.reload)
        self._external_changes.keep_wanted.connect(self.keep_mine)
        self._external_changes.here_wanted.connect(self._save_here)
        self._external_changes.elsewhere_wanted.connect(self.save_as)
        self._ownership = Ownership()

    # New and open

    def new(self, project: Project) -> bool:
        """Start an untitled document from a project; returns whether the user agreed to leave the former one."""
        if not self.may_leave():
            return False
        self._load(Ownership.of_untitled(project), project, None)
        return True

    def new_from(self, name: str) -> bool:
        """Start an untitled document from a template."""
        return self.new(file.parse(template(name).text(), name))

    def ask_and_open(self) -> bool:
        """Ask which file, and open it."""
        path = self._questions.what_to_open(Path(self._preferences.values.folder or Path.home()))
        return path is not None and self.open(path)

    def open(self, path: Path) -> bool:
        """Open a project file, with the changes that a crash left unsaved; returns whether it is open now."""
        path = path.absolute()
        if self._document.path and documents.key_of(self._document.path) == documents.key_of(path):
            return True
        try:
            project = file.read(path, allow_newer=True)
        except EngineError as error:
            self._questions.show_error(f"{path.name} cannot be opened", error)
            self._preferences.forget(path)
            return False
        if not self.may_leave():
            return False
        self._load(Ownership.of_file(path, project), project, path)
        self._preferences.remember(path)
        return True

    def recover(self, key: str) -> bool:
        """Open an untitled document that a crash left unsaved; returns whether it is open now."""
        if not self.may_leave():
            return False
        ownership = Ownership.of_unsaved(key)
        if ownership.journal is None:  # another window was faster
            ownership.release(discard_journal=False)
            return False
        self._load(ownership, ownership.journal.project, None)
        return True

    # Save

    def save(self) -> bool:
        """Write the document to its file, or ask for one; returns whether it is saved now."""
        self._document.settle()
        path = self._document.path
        if path is None or self._document.read_only:
            return self.save_as()
        state = self._external_changes.check()
        if state == "gone":
            return self._save_again(path)
        if state == "changed":  # by another program: that question comes first
            text = f"{path.name} is not saved, as another program changed it. First choose which one to keep."
            self._notices.show_briefly(text)
            return False
        return self._write(path)

    def ensure_file_exists(self) -> bool:
        """Whether the file is there, or was saved again after a question; true for a document without a file."""
        path = self._document.path
        return path is None or self._external_changes.check() != "gone" or self._save_again(path)

    def _save_again(self, path: Path) -> bool:
        """Ask where to write a document whose file is missing; its folder is never created without a question."""
        match self._questions.file_missing(path, can_stay=not self._document.read_only):
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
            self._questions.show_error(f"{path.name} is not saved", disk_errors.problem("make", path.parent, error))
            return False
        return self._write(path)

    def save_as(self) -> bool:
        """Ask for a file, and write the document there; returns whether it is saved now."""
        self._document.settle()
        path = self._questions.where_to_save(self._proposal())
        if path is None:
            return False
        return self.save_to(path if path.suffix == file.SUFFIX else path.with_name(path.name + file.SUFFIX))

    def save_to(self, path: Path) -> bool:
        """Write the document to a file, which becomes its own; returns whether it is saved now."""
        path = path.absolute()
        key = documents.key_of(path)
        if key == self._ownership.key and not self._document.read_only:
            return self._write(path)
        ownership = Ownership.of_file(path, self._document.project)
        if not ownership.is_ours:
            busy = FileProblem(
                f"{path.name} is open in another window.", hint="Close it there, or choose another name."
            )
            self._questions.show_error(f"{path.name} is not saved", busy)
            return False
        return self._write(path, ownership)

    def _write(self, path: Path, other: Ownership | None = None) -> bool:
        """Write the document; ``other``: the ownership of the file, if it is not the file of the document yet."""
        document = self._document
        document.settle()
        move_back = document.move(path) if other is not None else None
        try:
            if self._ownership.journal is not None:
                self._ownership.journal.save(path, document.steps)
            else:
                file.write(path, document.project)
        except EngineError as error:
            if move_back is not None:
                move_back()
            if other is not None:
                other.release(discard_journal=False)
            self._questions.show_error(f"{path.name} is not saved", error)
            return False
        if other is not None:
            self._ownership = self._ownership.moved_to(other, path, document.project)
            self.journaling.follow(self._ownership.journal)
            document.set_read_only(not self._ownership.is_ours)
        self._preferences.remember(path)
        self._notices.remove("recovered", DISK, "journal", *(["read_only"] if other else []))
        document.mark_saved(path)
        self._external_changes.follow_document()
        self._notices.show_briefly(f"Saved {path.name}")
        return True

    # Leave

    def may_leave(self) -> bool:
        """Whether the document may be left, after a question if it has unsaved changes."""
        self._document.settle()
        if not self._document.modified or self._document.read_only:
            return True
        path = self._document.path
        name = path.name if path else self._document.project.name
        answer = self._questions.save_first(name, is_new=path is None)
        return answer is not None and (not answer or self.save())

    def close(self) -> None:
        """Release the document, which is saved or to be discarded."""
        self._external_changes.unfollow()
        self._release(discard_journal=True)

    def leave_recoverable(self) -> None:
        """Release the document as a crash would, so that the next window recovers it."""
        self.journaling.flush()
        self._release(discard_journal=False)

    def _release(self, *, discard_journal: bool) -> None:
        self.journaling.follow(None)
        self._ownership.release(discard_journal=discard_journal)
        self._ownership = Ownership()

    @property
    def title(self) -> str:
        """The name of the document in titles and messages."""
        return self._document.path.name if self._document.path else f"{self._document.project.name} (unsaved)"

    # Changed on disk

    def reload(self) -> bool:
        """Read the file again and discard the changes; returns whether it could be read."""
        path = self._document.path
        if path is None:
            return False
        try:
            project = file.read(path, allow_newer=True)
        except EngineError as error:
            self._questions.show_error(f"{path.name} cannot be read", error)
            return False
        self._release(discard_journal=True)
        self._load(Ownership.of_file(path, project), project, path, is_other=False)
        return True

    def keep_mine(self) -> None:
        """Keep the open version, although the file was changed."""
        self._document.settle()
        self._document.history.resetClean()
        if self._ownership.journal is not None and self._document.path is not None:
            try:
                self._ownership.journal.rebase(file.read(self._document.path, allow_newer=True))
            except FileProblem as error:  # a journal cannot start from a file that cannot be read
                self._notices.show_briefly(str(error))

    def check_disk(self) -> None:
        """Check whether the file was changed or released by another window, as the system may not have reported it."""
        self._external_changes.check()
        if self._document.read_only:
            self._claim_when_free()

    def _claim_when_free(self) -> None:
        """Make the document writable if the other window has closed it."""
        path = self._document.path
        if path is None or self._document.project.version > VERSION or documents.is_taken(documents.key_of(path)):
            return
        try:
            project = file.read(path, allow_newer=True)
        except EngineError:
            return  # opening the file will show why
        ownership = Ownership.of_file(path, project)
        if ownership.is_ours:
            self._load(ownership, project, path, is_other=False)
        else:
            ownership.release(discard_journal=False)

    # Loading

    def _load(self, ownership: Ownership, project: Project, path: Path | None, *, is_other: bool = True) -> None:
        self._notices.remove_document_notices() if is_other else self._notices.remove(*TOPICS)
        self._external_changes.unfollow()
        self._ownership.release(discard_journal=True)
        self._ownership = ownership
        self.journaling.follow(ownership.journal)
        project = ownership.journal.project if ownership.journal else project
        key = "" if path else ownership.key
        recovery, is_ours = ownership.recovery, ownership.is_ours
        self._document.load(
            project, path, key=key, read_only=not is_ours, modified=recovery.edits > 0, past=recovery.past
        )
        self._external_changes.follow_document()
        is_newer = self._document.project.version > VERSION
        self._about_document.show_state(self.title, ownership, is_newer=is_newer)
        if is_other:
            self.document_opened.emit()

    def _discard_recovered(self) -> None:
        if self._document.path is not None:
            self.reload()
        else:
            self._document.history.setClean()
            self.new_from("digits-cnn")

    def _proposal(self) -> Path:
        if self._document.path is not None:
            return self._document.path
        return Path(self._preferences.values.folder or Path.home()) / f"{self._document.project.name}{file.SUFFIX}"
