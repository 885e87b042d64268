"""Questions about the network of the shown run, through the analysis worker."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.protocol.answers import Failed, Replied, RunDescribed
from engine.protocol.asking import AskForm
from gui.runs.context.current_run import CurrentRun
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import ask_about, describe_run

DEBOUNCE_MS = 60
NEWER_MS = 2000  # between two looks for newer weights; epochs may take less
NO_RUN = "There is no run yet: press Train, then try the network here."
LOADING = "Loading the network of the run..."


class AskSession(QObject):
    """Knows what the network of the shown run can be asked, and asks it; of several questions the newest counts.

    ``form_changed``: ``form`` or ``why_not`` has changed. ``replied``: a `Reply`. ``failed``: a sentence.
    """

    form_changed = Signal()
    replied = Signal(object)
    failed = Signal(str)

    def __init__(self, current: CurrentRun, analysis: AnalysisLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current, self._analysis = current, analysis
        self.form: AskForm | None = None
        self.why_not = NO_RUN
        self._is_on = False
        self._run: Path | None = None
        self._described_best: float | None = None  # of the weights that are described
        self._question: dict[str, object] = {}
        self._ask_timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._ask_timer.timeout.connect(self._send)
        self._newer_timer = QTimer(self, singleShot=True, interval=NEWER_MS)
        self._newer_timer.timeout.connect(self._describe)
        current.changed.connect(self._follow)
        current.advanced.connect(self._follow_epochs)

    def switch(self, *, is_on: bool) -> None:
        """Follow the shown run, or rest while the panel is hidden."""
        self._is_on = is_on
        if is_on:
            self._follow()

    def ask(self, question: dict[str, object]) -> None:
        """Ask a moment later; a question that comes before then replaces this one."""
        self._question = question
        if not self._ask_timer.isActive():
            self._ask_timer.start()

    def cancel(self) -> None:
        """Drop the question that has not been sent."""
        self._ask_timer.stop()

    def _send(self) -> None:
        if self._run is not None and self.form is not None:
            self._analysis.ask(ask_about(str(self._run), self._question), self._take_reply)

    def _follow(self) -> None:
        """Take over another run."""
        run = self._current.run
        if not self._is_on or (run == self._run and self.form is not None):
            return
        self._run, self._described_best = run, self._best
        self._set(None, NO_RUN if run is None else LOADING)
        self._describe()

    def _follow_epochs(self) -> None:
        """Use newer weights some time after the best epoch has changed."""
        if self._is_on and self._run is not None and self._best != self._described_best:
            self._described_best = self._best
            if not self._newer_timer.isActive():
                self._newer_timer.start()

    @property
    def _best(self) -> float | None:
        """The epoch of the best weights so far."""
        history = self._current.history
        return history.best if history else None

    def _describe(self) -> None:
        if self._run is not None:
            self._analysis.ask(describe_run(str(self._run)), self._take_form)

    def _take_form(self, answer: RunDescribed | Failed) -> None:
        if isinstance(answer, Failed):
            self._set(None, f"{answer.message} {answer.hint}".strip())
        elif self._run is not None and answer.form["run"] == str(self._run):
            self._set(answer.form, "")

    def _set(self, form: AskForm | None, why_not: str) -> None:
        if (form, why_not) != (self.form, self.why_not):
            self.form, self.why_not = form, why_not
            self.form_changed.emit()

    def _take_reply(self, answer: Replied | Failed) -> None:
        if isinstance(answer, Failed):
            self.failed.emit(f"{answer.message} {answer.hint}".strip())
        else:
            self.replied.emit(answer.reply)
