"""The actions of the whole window; panels handle the others."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog

from engine.catalog.exports import EXPORTS, Choice, choices
from engine.project.existence import is_folder
from gui.actions.actions import NO_RUN
from gui.files import recovery
from gui.shell.main_window import Window
from gui.shell.publishing import samples_of, use_to_publish
from gui.state.notices import Notice
from gui.system import crash
from gui.system.desktop import open_folder

if TYPE_CHECKING:
    from gui.dialogs.welcome import Welcome


class Commands(QObject):
    """Handles the actions of files, exports, libraries, undo, view and help."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window, self._context = window, window.context
        self._welcome: Welcome | None = None
        self._bind_files()
        self._bind_export()
        self._bind_history()
        self._bind_view()
        on = self._context.actions.on
        on("graph.publish", self.publish)
        on("help.welcome", self.show_welcome)
        on("help.shortcuts", self._show_shortcuts)
        on("help.logs", self.show_logs)
        on("help.about", self._show_about)

    def _ask(self, dialog: QDialog) -> bool:
        """Show a dialog; returns whether it was accepted. It is deleted then, as its parent would keep it."""
        accepted = bool(dialog.exec())
        dialog.deleteLater()
        return accepted

    # Files

    def _bind_files(self) -> None:
        files, actions, document = self._context.files, self._context.actions, self._context.document
        actions.on("file.new", self.new)
        actions.on("file.open", files.ask_and_open)
        actions.on("file.recover", self._show_unsaved)
        actions.on("file.save", files.save)
        actions.on("file.save_as", files.save_as)
        actions.on("file.reload", files.reload)
        actions.on("file.settings", self._show_settings)
        actions.on("file.quit", self._window.frame.close)
        document.path_changed.connect(self._enable_reload)
        files.document_opened.connect(self._update_unsaved)
        self._enable_reload()

    def _enable_reload(self) -> None:
        is_there = self._context.document.path is not None
        self._context.actions.allow("file.reload", "" if is_there else "The project is not in a file yet.")

    def new(self) -> None:
        """Ask for a template, and start from it."""
        from gui.dialogs.new_project import NewProjectDialog

        dialog = NewProjectDialog(self._context.theme, self._window.frame)
        if self._ask(dialog):
            self._context.files.new(dialog.project())

    def _update_unsaved(self) -> None:
        """Update the notice, as the opened project may be one of those."""
        if "lost" in self._context.notices.by_topic:
            self.offer_unsaved()

    def offer_unsaved(self) -> None:
        """Show a notice if crashes have left unsaved projects."""
        projects = recovery.unsaved_projects(self._context.preferences.values.recent)
        action = self._context.actions["file.recover"]
        action.setVisible(bool(projects))
        action.setEnabled(bool(projects))
        if not projects:
            self._context.notices.remove("lost")
        else:
            what = "An unsaved project was" if len(projects) == 1 else f"{len(projects)} unsaved projects were"
            text = f"{what} left when Torchloom last ended unexpectedly."
            self._context.notices.show(Notice("lost", text, choices=(("Show", self._show_unsaved),), stays=True))

    def _show_unsaved(self) -> None:
        from gui.dialogs.unsaved_projects import UnsavedProjectsDialog

        projects = recovery.unsaved_projects(self._context.preferences.values.recent)
        self._ask(UnsavedProjectsDialog(projects, self._open_unsaved, self._window.frame))
        self.offer_unsaved()

    def _open_unsaved(self, each: recovery.UnsavedProject) -> None:
        files = self._context.files
        files.open(each.path) if each.path else files.recover(each.key)

    # Export

    def _bind_export(self) -> None:
        for each in EXPORTS.values():
            name = f"file.export_{each.name}"
            self._context.actions.on(name, partial(self.export, choices(each)[0]))
            self._context.actions.allow(name, NO_RUN if each.needs_run else "")

    def connect_runs(self) -> None:
        """Follow the runs."""
        self._context.runs.inventory.changed.connect(self._enable_exports)
        self._context.runs.link.began.connect(self._finish_welcome)
        self._enable_exports()

    def _enable_exports(self) -> None:
        """Enable the exports that need a run if there is one."""
        for each in EXPORTS.values():
            lacks_run = each.needs_run and not self._context.runs.inventory.runs
            self._context.actions.allow(f"file.export_{each.name}", NO_RUN if lacks_run else "")

    def export(self, choice: Choice) -> None:
        """Ask what to export and where, and write it."""
        from gui.dialogs.export_dialog import ExportDialog

        self._ask(ExportDialog(self._context, self._announce_export, choice.key, self._window.frame))

    def _announce_export(self, place: Path) -> None:
        self._announce_place("exported", f"Exported to {place}", place if is_folder(place) else place.parent)

    def _announce_place(self, topic: str, text: str, folder: Path) -> None:
        """Show that files were written, with a button that shows them."""

        def show() -> None:
            if why_not := open_folder(folder):
                self._context.notices.show_briefly(why_not)

        choices = (("Show the folder", show),)
        self._context.notices.show(Notice(topic, text, choices=choices))

    # Blocks

    def publish(self) -> None:
        """Ask how to publish the selected or open block, and write it."""
        from gui.dialogs.publish_dialog import PublishDialog

        context, project = self._context, self._context.document.project
        use = use_to_publish(project, context.selection)
        if use is None:
            return
        dialog = PublishDialog(context, use.block, samples_of(project, context.results, use), self._window.frame)
        if self._ask(dialog) and dialog.publication is not None:
            text = f"Published {use.block}, version {dialog.publication.version}, to {dialog.place}"
            self._announce_place("published", text, dialog.folder)

    # Undo

    def _bind_history(self) -> None:
        actions, history = self._context.actions, self._context.document.history
        actions.on("edit.undo", history.undo)
        actions.on("edit.redo", history.redo)
        history.indexChanged.connect(self._show_history)
        self._show_history()

    def _show_history(self) -> None:
        actions, history = self._context.actions, self._context.document.history
        for name, word, text, can, why_not in (
            ("edit.undo", "Undo", history.undoText(), history.canUndo(), "Nothing to undo."),
            ("edit.redo", "Redo", history.redoText(), history.canRedo(), "Nothing to redo."),
        ):
            actions[name].setText(f"{word} {_lower_first(text)}" if can else word)
            actions.allow(name, "" if can else why_not)

    # View

    def _bind_view(self) -> None:
        actions, settings, theme = self._context.actions, self._context.preferences, self._context.theme
        actions.on_toggle("view.theme", lambda on: settings.set("theme", "light" if on else "dark"))
        theme.changed.connect(self._show_theme)
        self._show_theme()
        settings.changed.connect(self._apply)
        actions.on("view.next_panel", self._window.next_panel)
        actions.on("view.previous_panel", lambda: self._window.next_panel(-1))
        actions.on("view.reset_layout", self._window.reset_layout)

    def _show_theme(self) -> None:
        self._context.actions["view.theme"].setChecked(not self._context.theme.tokens.is_dark)

    def _apply(self, name: str) -> None:
        if name == "theme":
            self._context.theme.set(self._context.preferences.values.theme)

    # Help

    def show_welcome(self) -> None:
        """Cover the window with the first steps, until a choice is made or the graph changes."""
        from gui.dialogs.welcome import Welcome

        if self._welcome is not None:
            return
        document, selection, files = self._context.document, self._context.selection, self._context.files
        welcome = self._welcome = Welcome(self._context.theme, self._window.body)
        welcome.template_chosen.connect(files.new_from)
        welcome.more_wanted.connect(self.new)
        welcome.open_wanted.connect(files.ask_and_open)
        welcome.closed.connect(self._after_welcome)
        for signal in (document.edited, document.replaced, selection.changed):
            signal.connect(welcome.finish)

    def _finish_welcome(self) -> None:
        if self._welcome is not None:
            self._welcome.finish()

    def _after_welcome(self, had_focus: bool) -> None:
        self._welcome = None
        self._context.preferences.set("welcomed", True)
        if had_focus:
            self._window.focus_panel(self._window.pages.current, ring=False)  # it is mostly closed by the mouse

    def _show_shortcuts(self) -> None:
        from gui.dialogs.shortcuts_dialog import ShortcutsDialog

        self._ask(ShortcutsDialog(self._context.actions, self._window.frame))

    def _show_about(self) -> None:
        from gui.dialogs.about_dialog import AboutDialog

        self._ask(AboutDialog(self._window.frame))

    def _show_settings(self) -> None:
        from gui.dialogs.preferences_dialog import PreferencesDialog

        self._ask(PreferencesDialog(self._context.preferences, self._window.frame))

    def show_logs(self) -> None:
        """Show the log of Torchloom."""
        from gui.common_dialogs.log_dialog import LogDialog

        files = crash.log_files(crash.log_folder())
        self._ask(LogDialog("Log", files, QApplication.activeModalWidget() or self._window.frame))


def _lower_first(text: str) -> str:
    """The text with a small first letter, for use within a sentence."""
    return text[:1].lower() + text[1:]
