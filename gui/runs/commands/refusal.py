"""The reason why a training was refused, for as long as it holds."""

from PySide6.QtCore import QObject, Signal

from engine.check.diagnostics import Diagnostic
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.problem_level import Key, key


class Refusal(QObject):
    """Follows the problems of a refused training. ``changed``: fewer are left; ``over``: none is left."""

    changed = Signal(object)  # tuple of the Diagnostics that are left
    over = Signal()

    def __init__(self, document: Document, results: AnalysisResults, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._results = document, results
        self._problem_keys: tuple[Key, ...] = ()
        self._revision: int | None = None  # of the document that a trainer refused
        self._had_errors = False  # since then
        results.changed.connect(self._update)

    def name(self, problems: tuple[Diagnostic, ...]) -> None:
        """Set the problems that are the reason."""
        self.forget()
        self._problem_keys = tuple(map(key, problems))

    def by_trainer(self) -> None:
        """Note that a trainer refused a project in which the analysis found no error."""
        self.forget()
        self._revision = self._document.revision

    def forget(self) -> None:
        """Stop following: the refusal is over or no longer shown."""
        self._problem_keys, self._revision, self._had_errors = (), None, False

    def _update(self) -> None:
        if self._problem_keys:
            left = tuple(each for each in self._results.errors if key(each) in self._problem_keys)
            if len(left) < len(self._problem_keys):
                self._problem_keys = tuple(map(key, left))
                self.changed.emit(left) if left else self._end()
        elif self._revision is not None and not self._results.stale:
            self._had_errors |= bool(self._results.errors)
            is_another = self._had_errors or self._document.revision != self._revision
            if is_another and not self._results.errors:
                self._end()

    def _end(self) -> None:
        self.forget()
        self.over.emit()
