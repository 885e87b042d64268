"""Starts the window: first a frame that is painted at once, then, step by step, everything in it."""

import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.preferences import preferences_file
from gui.shell.frame import Frame
from gui.system.screen import obstacle
from gui.theme.tokens import tokens_of

if TYPE_CHECKING:
    from gui.context.context import Context
    from gui.preferences.preferences import Preferences
    from gui.shell.main_window import Window
    from gui.shell.window_commands import Commands

EXAMPLE = "digits-cnn"


class App:
    """The application with its one window.

    The window can be used when ``is_usable``; hidden panels are made after that, until ``is_ready``. Events are handled
    between the steps of the start, so that the frame responds. A step that fails is reported like any bug, and the
    others go on. ``freezes_garbage``: full garbage collections, of 50 ms each, skip the objects that exist at the end
    of the start; for a process that does nothing else.
    """

    window: "Window"
    commands: "Commands"
    context: "Context"
    settings: "Preferences"

    def __init__(self, qt: QApplication, file: Path | None, *, freezes_garbage: bool = False) -> None:
        self.qt, self._file, self._freezes_garbage = qt, file, freezes_garbage
        self.is_usable = False
        qt.setApplicationName("torchloom")
        qt.setApplicationDisplayName("Torchloom")
        qt.setDesktopFileName("torchloom")
        values, self.is_first_run = preferences_file.read()
        self._steps: deque[Callable[[], object]] = deque(
            (
                self._prepare_imports,
                self._watch_for_faults,
                self._load_modules,
                self._make_theme,
                self._make_context,
                self._open_project,
                self._make_window,
            )
        )
        self.frame = Frame(tokens_of(values.theme, qt))
        self.frame.painted.connect(self._next)
        self.frame.show()

    @property
    def is_ready(self) -> bool:
        """Whether every step of the start is done."""
        return not self._steps

    def _next(self) -> None:
        QTimer.singleShot(0, self._step)

    def _step(self) -> None:
        if self._steps:
            try:
                self._steps.popleft()()
            finally:  # only now, since a step may open a dialog and wait for it
                self._next()

    def _prepare_imports(self) -> None:
        from gui.system.garbage_collection import begin, remove_import_hook

        remove_import_hook()
        if self._freezes_garbage:
            begin()

    def _watch_for_faults(self) -> None:
        import signal

        from gui.system import crash

        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: self._end())
        self.watch = crash.install(crash.log_folder(), self.qt)

    def _load_modules(self) -> None:
        import_module("gui.shell.main_window")  # most of what the window is made of

    def _make_theme(self) -> None:
        from gui.preferences.preferences import Preferences
        from gui.theme.icons import app_icon
        from gui.theme.theme import Theme

        self.settings = Preferences(self.qt)
        self.theme = Theme(self.qt, self.settings.values.theme, styled=False)
        self.qt.setWindowIcon(app_icon())

    def _make_context(self) -> None:
        from gui.files.file_question_dialogs import FileQuestionDialogs
        from gui.shell.context_factory import make_context

        self.context = make_context(
            self.theme, self.settings, FileQuestionDialogs(self.frame, self.theme, self.settings), self.qt
        )

    def _make_window(self) -> None:
        from gui.shell.main_window import Window
        from gui.shell.window_commands import Commands

        self.window = Window(self.frame, self.context)
        self.commands = Commands(self.window)
        self.window.leaving.connect(self._leave)
        self._steps.extend(partial(self.window.add, panel) for panel in self.window.table)
        self._steps.append(self._settle)

    def _settle(self) -> None:
        from gui.shell.connections import connect_panels

        self.theme.apply_stylesheet()
        connect_panels(self.window)
        self.watch.fault_reported.connect(self._show_fault)
        self.context.document.edited.connect(lambda edit: self.watch.note(edit.label))
        self.qt.applicationStateChanged.connect(lambda _: self.context.files.check_disk())
        self.window.appear()
        self.window.focus_panel("canvas", ring=False)
        self.context.analysis.start()
        self.commands.offer_unsaved()
        if self._file is None and not self.settings.values.welcomed:
            self.commands.show_welcome()
        self._steps.append(self._connect_runs)
        self._steps.extend(partial(self.window.fill, panel) for panel in self.window.table)
        self._steps.append(self._freeze_garbage)
        self.is_usable = True

    def _connect_runs(self) -> None:
        from gui.shell.run_connections import connect_runs

        connect_runs(self.window)
        self.commands.connect_runs()
        self.context.runs.start(self.context.document)

    def _freeze_garbage(self) -> None:
        from gui.system.garbage_collection import keep

        if self._freezes_garbage:
            keep()
            self.context.runs.plot_loader.ready.connect(keep)

    def _open_project(self) -> None:
        """Open the given file, or else what a crash left unsaved, the last project, or the example."""
        from gui.files.recovery import unsaved_projects

        files, values = self.context.files, self.settings.values
        if self._file is not None:
            is_open = files.open(self._file)
        elif unsaved := unsaved_projects(values.recent):
            is_open = files.open(unsaved[0].path) if unsaved[0].path else files.recover(unsaved[0].key)
        else:
            is_open = values.start_with == "last" and bool(values.recent) and files.open(Path(values.recent[0]))
        if not is_open:
            files.new_from(EXAMPLE)

    def _show_fault(self, report: str) -> None:
        """Show the first of several faults; the others are in the log."""
        from gui.dialogs.fault_report import FaultReport

        if not self.frame.findChild(FaultReport):
            dialog = FaultReport(report, self.commands.show_logs, self.frame)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _end(self) -> None:
        """End without questions after a signal of the system; the next window recovers unsaved changes."""
        if self.is_usable:
            self.window.keep_layout()
            self.context.files.leave_recoverable()
            self._leave()
        self.qt.exit(0)  # `quit` would close the window, which asks questions

    def _leave(self) -> None:
        self._steps.clear()  # one of them could start the analysis again, or fill a panel that is being deleted
        if self.context.has_runs:
            self._leave_runs()
        self.context.files.close()
        self.context.analysis.close()
        self.settings.write()

    def _leave_runs(self) -> None:
        if not self.settings.values.keep_training:
            for run in self.context.runs.link:
                self.context.runs.link.stop(run)
        self.context.runs.close()


def run(file: str | None) -> int:
    """Show the window with a project; returns the exit status when it is closed."""
    if reason := obstacle():
        sys.stderr.write(f"{reason}\n")
        return 1
    qt = QApplication(sys.argv[:1])
    app = App(qt, Path(file) if file else None, freezes_garbage=True)
    status = qt.exec()
    del app
    return status
