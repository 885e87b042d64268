"""Every action of the window in one table: menus, toolbar, shortcuts and the list of shortcuts come from it."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence

from engine.catalog.exports import EXPORTS


class ActionSpec(Struct, frozen=True):
    """The declaration of one action. ``menu``: its menu, or empty; separators divide a menu into its ``group``s.

    ``local``: its shortcuts work only while a panel to which it was added by ``addAction`` has the focus, so that
    plain letters can be typed elsewhere.
    """

    id: str
    text: str
    menu: str = ""
    keys: tuple[str, ...] = ()
    tip: str = ""
    icon: str = ""
    group: int = 0
    checkable: bool = False
    local: bool = False


MENUS = ("File", "Edit", "View", "Graph", "Train", "Export", "Help")

ACTION_SPECS = (
    ActionSpec("file.new", "New...", "File", ("Ctrl+N",), "Start from a template or an empty graph", "file"),
    ActionSpec("file.open", "Open...", "File", ("Ctrl+O",), "Open a project file", "folder"),
    ActionSpec("file.recover", "Unsaved projects...", "File", (), "Projects that a crash left unsaved"),
    ActionSpec("file.save", "Save", "File", ("Ctrl+S",), "Write the project to its file", "save", group=1),
    ActionSpec("file.save_as", "Save as...", "File", ("Ctrl+Shift+S",), "Write the project to another file", group=1),
    ActionSpec("file.reload", "Reload from disk", "File", (),
        "Discard the changes and read the file again", group=1),
    *(ActionSpec(f"file.export_{each.name}", f"{each.title}...", "Export", each.keys, each.tip, "export")
      for each in EXPORTS.values()),
    ActionSpec("file.settings", "Settings...", "File", ("Ctrl+,",), "Theme, start and training", "settings", group=3),
    ActionSpec("file.quit", "Quit", "File", ("Ctrl+Q",), "Close the window; a training goes on if you like", group=4),
    ActionSpec("edit.undo", "Undo", "Edit", ("Ctrl+Z",), "Undo the last change", "undo"),
    ActionSpec("edit.redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "Redo the change", "redo"),
    ActionSpec("edit.history", "History", "Edit", ("Ctrl+Alt+Z",),
        "List all changes, and go to any of them", checkable=True),
    ActionSpec("edit.cut", "Cut", "Edit", ("Ctrl+X",),
        "Move the selected nodes to the clipboard", "cut", 1, local=True),
    ActionSpec("edit.copy", "Copy", "Edit", ("Ctrl+C",), "Copy the selected nodes as text", "copy", 1, local=True),
    ActionSpec("edit.paste", "Paste", "Edit", ("Ctrl+V",), "Paste nodes at the pointer", "paste", 1, local=True),
    ActionSpec("edit.paste_wired", "Paste with wires", "Edit", ("Ctrl+Shift+V",),
        "Paste nodes together with the wires into them", "", 1, local=True),
    ActionSpec("edit.duplicate", "Duplicate", "Edit", ("Ctrl+D",),
        "Copy the selected nodes next to the originals", "", 1, local=True),
    ActionSpec("edit.delete", "Delete", "Edit", ("Del", "Backspace"),
        "Remove the selected nodes or wire", "trash", 2, local=True),
    ActionSpec("edit.delete_heal", "Delete and reconnect", "Edit", ("Shift+Del", "Shift+Backspace"),
        "Remove the selected nodes and close the gap in the chain", "", 2, local=True),
    ActionSpec("edit.rename", "Rename", "Edit", ("F2",),
        "Rename the selected node, or without one the open block, in the code too", "", 2),
    ActionSpec("edit.select_all", "Select all", "Edit", ("Ctrl+A",),
        "Select every node of this graph", "", 3, local=True),
    ActionSpec("edit.select_upstream", "Select upstream", "Edit", ("[",),
        "Add everything that feeds the selection", "", 3, local=True),
    ActionSpec("edit.select_downstream", "Select downstream", "Edit", ("]",),
        "Add everything the selection feeds", "", 3, local=True),
    ActionSpec("edit.find", "Find...", "Edit", ("Ctrl+F",),
        "Find nodes by name, kind, parameter or problem", "search", 4),
    ActionSpec("view.fit", "Fit all", "View", ("Home",), "Show the whole graph", "fit", local=True),
    ActionSpec("view.fit_selection", "Fit selection", "View", ("F",), "Show what is selected", local=True),
    ActionSpec("view.zoom_in", "Zoom in", "View", ("Ctrl++", "Ctrl+="), "Show less, larger"),
    ActionSpec("view.zoom_out", "Zoom out", "View", ("Ctrl+-",), "Show more, smaller"),
    ActionSpec("view.zoom_reset", "Actual size", "View", ("Ctrl+0",), "Zoom to 100%"),
    ActionSpec("view.graph", "Graph", "View", ("Ctrl+1",), "Show the graph", group=1),
    ActionSpec("view.code", "Code", "View", ("Ctrl+2",), "Show the generated source", group=1),
    ActionSpec("view.data", "Data", "View", ("Ctrl+3",), "Show the data set", group=1),
    ActionSpec("view.runs", "Runs", "View", ("Ctrl+4",), "Show past and running trainings", group=1),
    ActionSpec("view.palette", "Palette", "View", ("Ctrl+Shift+1",), "Show or hide the list of layers", "", 2, True),
    ActionSpec("view.inspector", "Inspector", "View", ("Ctrl+Shift+2",),
        "Show or hide the settings of the selection", "", 2, True),
    ActionSpec("view.live", "Training", "View", ("Ctrl+Shift+3",),
        "Show or hide the curves below the graph", "", 2, True),
    ActionSpec("view.outline", "Outline", "View", ("Ctrl+Shift+4",),
        "Show or hide the tree of nodes, ports and shapes", "", 2, True),
    ActionSpec("view.problems", "Problems", "View", ("Ctrl+Shift+5",),
        "Show or hide the list of problems", "", 2, True),
    ActionSpec("view.asking", "Try it", "View", ("Ctrl+Shift+6",),
               "Show or hide the panel that asks the network of a run", "", 2, True),
    ActionSpec("view.minimap", "Minimap", "View", (), "Show or hide the small map of the graph", "", 2, True),
    ActionSpec("view.next_panel", "Next panel", "View", ("F6",), "Move the keyboard to the next panel", group=3),
    ActionSpec("view.previous_panel", "Previous panel", "View", ("Shift+F6",),
        "Move the keyboard to the previous panel", group=3),
    ActionSpec("view.theme", "Light theme", "View", ("Ctrl+Shift+L",),
        "Switch between dark and light", "theme", 4, True),
    ActionSpec("view.reset_layout", "Reset layout", "View", (), "Put every panel back to its first place", group=4),
    ActionSpec("graph.add", "Add a layer...", "Graph", ("Tab",),
        "Search all layers at the pointer", "plus", local=True),
    ActionSpec("graph.connect", "Connect", "Graph", ("J",),
        "Connect the two selected nodes, or disconnect them", local=True),
    ActionSpec("graph.bypass", "Bypass", "Graph", ("M",), "Let the input pass through, in the code too", local=True),
    ActionSpec("graph.arrange", "Arrange all", "Graph", ("L", "Shift+L"),
        "Lay out the whole graph; with several nodes selected, L is for those", "layout", 1, local=True),
    ActionSpec("graph.arrange_selection", "Arrange selection", "Graph", (),
        "Lay out the selected nodes", "", 1, local=True),
    ActionSpec("graph.arrange_branch", "Arrange branch", "Graph", ("Ctrl+L",),
        "Lay out the selection and all that it feeds", "", 1, local=True),
    ActionSpec("graph.align_row", "Align in a row", "Graph", ("Shift+H",),
        "Put the selected nodes on one line", "", 1, local=True),
    ActionSpec("graph.align_column", "Align in a column", "Graph", ("Shift+V",),
        "Put the selected nodes below each other", "", 1,
        local=True),
    ActionSpec("graph.spread_row", "Distribute in a row", "Graph", ("Ctrl+Alt+H",),
        "Make the horizontal gaps equal", "", 1, local=True),
    ActionSpec("graph.spread_column", "Distribute in a column", "Graph", ("Ctrl+Alt+V",),
        "Make the vertical gaps equal", "", 1, local=True),
    ActionSpec("graph.frame", "Group in a frame", "Graph", ("Ctrl+G",),
        "Draw a titled frame around the selection", "group", 2, local=True),
    ActionSpec("graph.note", "Sticky note", "Graph", ("Shift+N",), "Put a note at the pointer", "", 2, local=True),
    ActionSpec("graph.make_block", "Make a block", "Graph", ("Ctrl+Shift+G",),
        "Put the selected nodes into a block, which can be used several times", "brackets", 3, local=True),
    ActionSpec("graph.open_block", "Open block", "Graph", ("Return",),
        "Look inside the selected block", "", 3, local=True),
    ActionSpec("graph.unpack", "Unpack block", "Graph", ("Ctrl+Shift+U",),
        "Put the block's layers in its place", "", 3, local=True),
    ActionSpec("graph.make_independent", "Make independent", "Graph", ("Ctrl+Alt+U",),
        "Give this use a block of its own: changes in it then leave the other uses alone", "", 3, local=True),
    ActionSpec("graph.publish", "Publish block...", "Graph", (),
        "Put a copy of the block into a library: the palette shows it in every project", "", 3),
    ActionSpec("graph.close_block", "Leave block", "Graph", ("Alt+Up", "Ctrl+Up"),
        "Go back to the graph that uses this block", "", 3),
    ActionSpec("graph.info", "About this layer", "Graph", ("I",),
        "Show documentation and shape formula", "", 4, local=True),
    ActionSpec("graph.next_problem", "Next problem", "Graph", ("F8",), "Go to the next problem", group=4),
    ActionSpec("train.start", "Train", "Train", ("Ctrl+Return",), "Start the training, or continue it", "play"),
    ActionSpec("train.pause", "Pause", "Train", ("Ctrl+Shift+Return",),
        "Pause the training; it can continue from exactly here", "pause"),
    ActionSpec("train.stop", "Stop", "Train", ("Ctrl+.",), "End the training, and keep what was learned", "stop"),
    ActionSpec("train.resume", "Resume a run...", "Train", (), "Continue a training that was interrupted", group=1),
    ActionSpec("help.welcome", "Welcome", "Help", (), "The first steps"),
    ActionSpec("help.shortcuts", "Keyboard shortcuts", "Help", ("F1", "Ctrl+/"),
        "Every shortcut in one list", "keyboard"),
    ActionSpec("help.logs", "Show the log", "Help", (), "Read the log of Torchloom", group=1),
    ActionSpec("help.about", "About Torchloom", "Help", (), "Version, licence, libraries", "info", 2),
)  # fmt: skip


NO_RUN = "There is no run yet: train first."
NO_TRAINER = "No training is running."


class Actions(QObject):
    """The table as `QAction`s by id, which is also their ``objectName``.

    An action without a handler is disabled and hidden. One that cannot do anything at the moment is disabled, and its
    tip gives the reason.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.specs = {spec.id: spec for spec in ACTION_SPECS}
        self._reasons: dict[str, str] = {}
        self._actions = {spec.id: self._make_action(spec) for spec in ACTION_SPECS}
        for each in self._actions:
            self._describe(each)

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def on(self, id: str, handler: Callable[[], object]) -> QAction:
        """Connect an action to ``handler``; an action is hidden until it has one."""
        action = self.offer(id)
        action.triggered.connect(lambda *_: handler())
        return action

    def on_toggle(self, id: str, handler: Callable[[bool], object]) -> QAction:
        """Connect a checkable action to ``handler``, which gets whether the user switched it on."""
        action = self.offer(id)
        action.triggered.connect(handler)
        return action

    def offer(self, id: str) -> QAction:
        """Show and enable an action, for a caller that connects it itself."""
        action = self._actions[id]
        action.setVisible(True)
        action.setEnabled(not self._reasons.get(id))
        return action

    def allow(self, id: str, why_not: str = "") -> None:
        """Enable an action, or disable it for the reason ``why_not``."""
        if self._reasons.get(id, "") != why_not:
            self._reasons[id] = why_not
            action = self._actions[id]
            action.setEnabled(action.isVisible() and not why_not)
            self._describe(id)

    def set_keys(self, id: str, keys: Sequence[str]) -> None:
        """Replace the shortcuts that the table gives an action."""
        shortcuts = [QKeySequence(each) for each in keys]
        if self._actions[id].shortcuts() != shortcuts:
            self._actions[id].setShortcuts(shortcuts)
            self._describe(id)

    def why_not(self, event: QKeyEvent, *, local: bool) -> str:
        """The reason why the action of a pressed key is disabled, or empty; ``local``: local actions count, too."""
        keys = QKeySequence(event.keyCombination())
        for name, reason in self._reasons.items():
            if reason and (local or not self.specs[name].local) and keys in self._actions[name].shortcuts():
                return reason
        return ""

    def _make_action(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        if spec.local:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setCheckable(spec.checkable)
        action.setVisible(False)
        action.setEnabled(False)
        return action

    def _describe(self, id: str) -> None:
        """Set the tips: what the action does, its shortcut, and the reason if it is disabled."""
        action, spec, reason = self._actions[id], self.specs[id], self._reasons.get(id, "")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        text = f"{spec.tip or spec.text} ({keys})" if keys else spec.tip or spec.text
        action.setStatusTip(reason or spec.tip)
        action.setToolTip(f"{text}\n{reason}" if reason else text)
