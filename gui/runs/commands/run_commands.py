"""The commands for selected runs, shared by the buttons above the list and its context menu."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from engine.runs.folder import RunFolder
from gui.runs.commands.run_questions import RunQuestions
from gui.runs.context.run_context import RunContext
from gui.runs.known_runs.deletion import delete, to_trash
from gui.runs.known_runs.inventory import RunEntry
from gui.runs.known_runs.labels import set_tag
from gui.runs.table.tags_menu import TagsMenu
from gui.system.desktop import open_folder

_RESUMABLE = ("finished", "stopped", "failed", "interrupted")
Act = Callable[[], object]


class RunCommands(QObject):
    """``selected_runs`` and ``listed_runs`` give the runs as they are now. Each signal carries its run.

    ``deleting`` is emitted before files are deleted, so that they can be closed.
    """

    resume_wanted = Signal(object)  # Path
    export_wanted = Signal(object)
    graph_wanted = Signal(object)
    show_wanted = Signal(object)
    rename_wanted = Signal()
    copy_wanted = Signal()
    deleting = Signal()

    def __init__(
        self,
        runs: RunContext,
        questions: RunQuestions,
        selected_runs: Callable[[], Sequence[RunEntry]],
        listed_runs: Callable[[], Sequence[RunEntry]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._inventory, self._link, self._current = runs.inventory, runs.link, runs.current
        self._questions, self._selected_runs = questions, selected_runs
        self.open = self._action(
            "Show in the training panel", self._open, "Show the curves of this run below the graph", "Return"
        )
        self.rename = self._action(
            "Rename", self.rename_wanted.emit, "Give the run another name; its folder stays", "F2"
        )
        self.resume = self._action("Resume", self._resume, "Go on with this run")
        self.stop = self._action("Stop", self._stop, "Keep what was learned, and end the training")
        self.open_graph = self._action(
            "Open graph", self._open_graph, "Open the graph and settings that this run trains"
        )
        self.folder = self._action("Open folder", self._open_folder, "Show the run's files")
        self.export = self._action("Export...", self._export, "Write the code or the weights of this run")
        self.copy = self._action("Copy as CSV", self.copy_wanted.emit, "Copy the chosen runs as a table", "Ctrl+C")
        self.delete = self._action("Delete...", self.delete_chosen, "Move the chosen runs to the trash", "Del")
        self.tags = TagsMenu(selected_runs, listed_runs, parent)
        self.tags.toggled.connect(self._set_tag)
        self.tags.new_wanted.connect(self._new_tag)
        self.menu = self._menu(parent)
        for signal in (self._link.began, self._link.appeared, self._link.ended):
            signal.connect(self.offer)

    def _action(self, text: str, act: Act, tip: str, key: str = "") -> QAction:
        """``key``: the shortcut, which the table handles; the menu only shows it."""
        action = QAction(text, self)
        action.setToolTip(tip)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: act())  # noqa: PLW0108 (without Qt's argument)
        return action

    def _menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setObjectName("runs_menu")
        groups: tuple[tuple[QAction, ...], ...] = (
            (self.open, self.open_graph, self.folder),
            (self.rename, self.tags.menuAction()),
            (self.resume, self.stop),
            (self.export, self.copy),
            (self.delete,),
        )
        for group in groups:
            menu.addActions(group)
            menu.addSeparator()
        return menu

    def button(self, action: QAction, name: str) -> QPushButton:
        """A button for an action, with its text and state."""
        button = QPushButton()
        button.setObjectName(name)
        button.setToolTip(action.toolTip())

        def follow() -> None:
            button.setText(action.text())
            button.setEnabled(action.isEnabled())
            button.setVisible(action.isVisible())

        action.changed.connect(follow)
        button.clicked.connect(action.trigger)
        button.setText(action.text())
        return button

    def offer(self, *_: object) -> None:
        """Enable the commands that would do something."""
        runs = self._selected_runs()
        only = runs[0] if len(runs) == 1 else None
        is_free = only is not None and self._link.trainer(only.path) is None
        self.resume.setText("Train longer..." if only and only.summary.state == "finished" else "Resume")
        self.resume.setEnabled(only is not None and is_free and only.summary.state in _RESUMABLE)
        self.stop.setEnabled(any(self._link.trainer(run.path) for run in runs))
        for action in (self.open, self.rename, self.open_graph, self.folder, self.export):
            action.setEnabled(only is not None)
        self.copy.setEnabled(bool(runs))
        self.tags.setEnabled(bool(runs))
        self.delete.setEnabled(bool(runs) and not any(self._is_at_work(run) for run in runs))

    def delete_chosen(self) -> None:
        """Delete the selected runs after a question; running ones stay."""
        runs = self._selected_runs()
        deletable = [run.path for run in runs if not self._is_at_work(run)]
        names = {run.path: run.summary.name for run in runs}
        if not deletable or not self._questions.delete([names[run] for run in deletable]):
            return
        self.deleting.emit()
        left = [run for run in deletable if not to_trash(run)]
        if left and self._questions.delete_for_good([names[run] for run in left]):
            left = [run for run in left if not delete(run)]
            if left:
                self._link.failed.emit(f"{left[0]} could not be deleted. Allow writing to it and to its folder.")
        self._inventory.refresh()

    def show_run(self, run: Path) -> None:
        """Show a run in the training panel."""
        self._current.show_run(run)
        self.show_wanted.emit(run)

    def _is_at_work(self, run: RunEntry) -> bool:
        """Whether a training runs, or is about to: while a resumed one loads torch, it holds no lock yet."""
        return run.is_alive or self._link.trainer(run.path) is not None or RunFolder(run.path).is_alive

    def _first(self) -> Path | None:
        runs = self._selected_runs()
        return runs[0].path if runs else None

    def _open(self) -> None:
        if run := self._first():
            self.show_run(run)

    def _resume(self) -> None:
        if run := self._first():
            self.resume_wanted.emit(run)

    def _stop(self) -> None:
        for run in self._selected_runs():
            self._link.stop(run.path)

    def _open_graph(self) -> None:
        if run := self._first():
            self.graph_wanted.emit(run)

    def _open_folder(self) -> None:
        if (run := self._first()) and (message := open_folder(run)):
            self._link.failed.emit(message)

    def _export(self) -> None:
        if run := self._first():
            self.export_wanted.emit(run)

    def _new_tag(self) -> None:
        if (tag := self._questions.new_tag()) and tag.strip():
            self._set_tag(tag.strip(), True)

    def _set_tag(self, tag: str, is_on: bool) -> None:
        for run in self._selected_runs():
            if message := set_tag(run.path, tag, is_on=is_on):
                self._link.failed.emit(message)
        self._inventory.refresh()
