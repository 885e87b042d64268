"""The training actions: train, continue, pause, stop; and the messages about how trainings start and end."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.check.diagnostics import Diagnostic
from engine.errors import EngineError
from engine.graph.phases import effective_phases
from engine.graph.repetitions import dotted_names
from engine.graph.schedules import covers_run
from engine.project import file as files
from engine.project.existence import is_file
from engine.project.upgrade import VERSION
from engine.runs.folder import RunFolder
from engine.runs.label import label_of
from engine.runs.summary import summary
from gui.actions.actions import NO_RUN, NO_TRAINER
from gui.formatting.run_text import base_name, is_share, leading_metric, metric_label, metric_text
from gui.runs.commands.refusal import Refusal
from gui.runs.commands.run_questions import RunQuestions
from gui.runs.context.progress import is_finishing
from gui.runs.context.run_context import RunContext
from gui.runs.curve_data.history import History
from gui.runs.known_runs.inventory import read
from gui.state.notices import Notice
from gui.workers.ending import Ending
from gui.workers.trainer import Trainer

if TYPE_CHECKING:
    from gui.context.context import Context

TOPIC = "training"
Choice = tuple[str, Callable[[], object]]


class TrainingActions(QObject):
    """Connects the ``train.*`` actions, and enables those that would do something."""

    node_wanted = Signal(str)  # path of a node that was selected: show the graph
    runs_wanted = Signal()  # show the list of runs

    def __init__(
        self, context: "Context", runs: RunContext, questions: RunQuestions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._results = context.document, context.selection, context.results
        self._notices, self._actions, self._files = context.notices, context.actions, context.files
        self._link, self._current, self._follower, self._questions = runs.link, runs.current, runs.follower, questions
        self._project_runs, self._inventory = runs.project_runs, runs.inventory
        link, current, actions = runs.link, runs.current, context.actions
        self._instead_of: Path | None = None
        self._refusal = Refusal(self._document, self._results, self)
        self._refusal.changed.connect(self._show_refusal)
        self._refusal.over.connect(lambda: self._notices.remove(TOPIC))
        self._warned: set[tuple[Path, str]] = set()
        actions.on("train.start", self.train)
        actions.on("train.pause", self.pause)
        actions.on("train.stop", self.stop)
        actions.on("train.resume", self._resume)
        for signal in (link.began, link.appeared, link.changed, current.changed, current.advanced):
            signal.connect(self._update_actions)
        runs.follower.advanced.connect(self._update_actions)
        runs.follower.advanced.connect(self._show_warnings)
        runs.inventory.changed.connect(self._update_actions)
        link.ended.connect(self._ended)
        link.failed.connect(lambda text: self._show_notice(text, "error"))
        self._update_actions()

    @property
    def target(self) -> Path | None:
        """The training that pause and stop apply to."""
        return self._current.active_run

    def train(self) -> None:
        """Continue a paused training; else train the project as it is now."""
        run = self.target
        if run is not None and self._waits(run):
            self._link.unpause(run)
            return
        if run is not None and self._is_leaving(run):
            self._instead_of = run
            return
        run = run or next(reversed([*self._link]), None)  # one of another project uses the machine as well
        if run is not None:
            answer = self._questions.train_again(label_of(run)[0].display_name(run))
            if answer is None:
                return
            if answer == "instead":
                self._instead_of = run
                self._link.stop(run)
                return
        self._start()

    def pause(self) -> None:
        """Pause the training."""
        if (run := self.target) is not None:
            self._link.pause(run)

    def stop(self) -> None:
        """Stop the training."""
        self._instead_of = None
        if (run := self.target) is not None:
            self._link.stop(run)

    def resume(self, run: Path) -> bool:
        """Resume a run, after asking for more epochs if it is finished; returns whether it was started."""
        entry = read(run)
        if entry is None:
            self._show_notice(f"There is no run in {run} any more.", "error")
            return False
        longer = None
        if entry.summary.state == "finished":
            longer = self._questions.more_epochs(entry.summary.name, entry.summary.epochs, _covering(run))
            if longer is None:
                return False
        self._notices.remove(TOPIC)
        self._current.show_run(run)
        return self._link.resume(run, longer.epochs, longer.way) if longer else self._link.resume(run)

    def _resume(self) -> None:
        """Resume the shown run if possible, else show the list."""
        entry = read(self._current.run) if self._current.run else None
        if entry is not None and entry.summary.state in ("interrupted", "stopped", "failed"):
            self.resume(entry.path)
        else:
            self.runs_wanted.emit()

    def _start(self) -> None:
        self._notices.remove(TOPIC)
        if self._document.project.version > VERSION:
            self._show_notice("A newer Torchloom wrote this project; only that one can train it.", "error")
        elif self._results.errors:
            self._results.ask()
            self._show_refusal(self._results.errors)
        elif self._files.ensure_file_exists():  # else the folder of the project was moved away
            self._link.start(self._document.project, self._document.path)

    def _show_refusal(self, problems: tuple[Diagnostic, ...]) -> None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        text = f"This cannot be trained yet. {first.message} {first.hint}".strip()
        self._show_notice(text + more, "error", *self._show_node(first.node))
        self._refusal.name(problems)

    def _ended(self, run: Path, how: Ending) -> None:
        if run == self._instead_of:
            self._instead_of = None
            self._start()
        else:
            self._show_ending(run, how)
        self._update_actions()

    def _show_ending(self, run: Path, how: Ending) -> None:
        """Show how a training ended, with its name if it belongs to another project."""
        is_own = self._project_runs.has(run)
        name = "" if is_own else f"{run.name}: "
        if how.is_wrong:
            node = self._show_node(how.node) if is_own else ()
            self._show_notice(f"{name}{_introduced(how)}", "error", *node, *self._choices(run, how))
            if how.kind == "refused" and is_own:
                self._refusal.by_trainer()
        elif how.kind == "done":
            self._notices.show_briefly(f"{name}{how.text} {_best(run)}".strip())
        else:
            self._notices.show_briefly(f"{name}{how.text}")

    def _show_warnings(self, history: History) -> None:
        """Show each warning of a running training once, such as that it resumes from an older checkpoint."""
        new = [problem for problem in history.problems if problem.severity == "warning"]
        for problem in new if self._link.trainer(history.path) else ():
            key = (history.path, problem.message)
            if key not in self._warned:
                self._warned.add(key)
                self._show_notice(f"{history.path.name}: {problem.message} {problem.hint}".strip(), "info")

    def _show_node(self, place: str | None) -> tuple[Choice, ...]:
        """A button that shows the node of a message; ``place`` may name a port as well."""
        for path in (place, (place or "").rpartition(".")[0]):
            if path and self._is_there(path):
                return ((f"Show {dotted_names(path).rpartition('.')[2]}", partial(self._reveal, path)),)
        return ()

    def _is_there(self, path: str) -> bool:
        *uses, node = dotted_names(path).split(".")
        graph = self._document.project.graphs.get(self._document.project.main)
        for use in uses:
            inside = graph.nodes.get(use) if graph else None
            graph = self._document.project.graphs.get(inside.graph or "") if inside else None
        return graph is not None and node in graph.nodes

    def _reveal(self, path: str) -> None:
        if self._selection.reveal(path):
            self.node_wanted.emit(path)

    def _choices(self, run: Path, how: Ending) -> tuple[Choice, ...]:
        choices: list[Choice] = []
        if how.kind in ("killed", "out of memory") and RunFolder(run).is_run:
            choices.append(("Resume", lambda: self.resume(run)))
        if how.kind in ("error", "killed") and is_file(RunFolder(run).log):
            choices.append(("Show log", lambda: self._questions.show_log(RunFolder(run).log)))
        return tuple(choices)

    def _show_notice(self, text: str, tone: str, *choices: Choice) -> None:
        self._refusal.forget()
        self._notices.show(Notice(TOPIC, text, "error" if tone == "error" else "info", tuple(choices)))

    def _waits(self, run: Path) -> bool:
        trainer = self._link.trainer(run)
        return trainer is not None and not trainer.is_stopping and trainer.request == "pause"

    def _is_leaving(self, run: Path) -> bool:
        """Whether a training is stopping, or only its process is left."""
        trainer, history = self._link.trainer(run), self._follower.history(run)
        return trainer is not None and (trainer.is_stopping or is_finishing(trainer, history))

    def _update_actions(self, *_: object) -> None:
        """Update the texts and states of the actions."""
        run = self.target
        trainer: Trainer | None = self._link.trainer(run)
        waits = run is not None and self._waits(run)
        is_free = run is not None and trainer is not None and not self._is_leaving(run)
        start, text = self._actions["train.start"], "Go on" if waits else "Train"
        if start.text() != text:
            start.setText(text)
        idle = "" if is_free else NO_TRAINER
        self._actions.allow("train.pause", idle or ("The training is paused: Train goes on." if waits else ""))
        self._actions.allow("train.stop", idle)
        self._actions.allow("train.resume", "" if self._inventory.runs else NO_RUN)


def _covering(run: Path) -> str:
    """The kind of the first schedule of the run that covers the whole run; empty without one."""
    try:
        phases = effective_phases(files.read(RunFolder(run).project))
    except EngineError:  # the training will report it
        return ""
    parts = (phase.schedule for phase in phases if phase.schedule)
    return next((part.parts[-1].kind for part in parts if covers_run(part)), "")


def _introduced(how: Ending) -> str:
    if how.kind == "refused":
        return f"This cannot be trained yet. {how.text}"
    return f"The training failed. {how.text}" if how.kind == "error" else how.text


def _best(run: Path) -> str:
    """A sentence with the leading metric of a finished run in its best epoch."""
    ended = summary(run, looks_for_damage=False)
    metrics = ended.best or ended.metrics
    held_out = {base_name(name): (name, value) for name, value in metrics.items() if name.startswith("val_")}
    name = leading_metric(held_out) or ("loss" if held_out else None)
    if name is None:
        return ""
    full, value = held_out[name]
    what = f"{'' if is_share(full) else 'validation '}{metric_label(name)} {metric_text(full, value)}"
    epoch = ended.best_epoch
    return f"Best epoch {epoch}: {what}." if epoch else f"{what[:1].upper()}{what[1:]}."
