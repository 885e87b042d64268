"""The built app, tried from inside by real events: opened on a project, drawn in, saved, trained, exported.

``torchloom -m selftest PROJECT EXPORT PICTURE``. Says what it did as JSON on the last line; `smoke.py` looks at what
came of it. Anything that does not happen in time ends it with a sentence and status 1.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.canvas.canvas import Canvas
from gui.dialogs.export_dialog import ExportDialog
from gui.shell.app import App

PATIENCE_S = 240.0  # for a slow disk and a busy machine; nothing here takes long otherwise
LOOK_MS = 20
CTRL = Qt.KeyboardModifier.ControlModifier


class Stuck(Exception):
    """Something did not happen."""


def main() -> int:
    """Try everything on the files named by the command line; gives the exit status."""
    project, export, picture = map(Path, sys.argv[1:4])
    qt = QApplication(sys.argv[:1])
    faults: list[str] = []
    try:
        tried = Trial(App(qt, project), faults)
        answer = tried.everything(export, picture)
    except Stuck as stuck:
        print(f"selftest: {stuck}", *faults, sep="\n", file=sys.stderr)
        return 1
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
        return 1
    print(json.dumps(answer))
    return 0


class Trial:
    """One window and what is done in it."""

    def __init__(self, app: App, faults: list[str]) -> None:
        self.app = app
        wait(lambda: app.is_ready, "the window was not filled")
        app.frame.activateWindow()
        wait(app.frame.isActiveWindow, "the window did not become active")
        app.watch.fault_reported.connect(faults.append)
        canvas = app.window.panel("canvas", Canvas)
        if canvas is None:
            raise Stuck("the window has no canvas")
        self.canvas = canvas
        self.document = app.context.document

    def everything(self, export: Path, picture: Path) -> dict[str, object]:
        """Do it all; gives what can only be seen from inside."""
        path = self.document.path
        shapes = self.see_shapes()
        name = self.draw("GELU", source="act1", target="drop")
        self.press(Qt.Key.Key_S)
        wait(lambda: not self.document.modified, "the project was not saved")
        run = self.train()
        self.export(run, export)
        if not self.app.frame.grab().save(str(picture)):
            raise Stuck(f"{picture} was not written")
        versions = self.app.context.analysis.versions
        self.app.frame.close()
        wait(lambda: not self.app.frame.isVisible(), "the window did not close")
        torch_is_here = "torch" in sys.modules
        return {
            "opened": str(path), "shapes": shapes, "drawn": name, "run": str(run), "worker": versions,
            "torch_in_window": torch_is_here, "frozen": getattr(sys, "frozen", False),
        }  # fmt: skip

    def see_shapes(self) -> int:
        """Wait for the analysis worker's first answer; gives the number of nodes whose shapes it has."""
        results = self.app.context.results
        wait(lambda: bool(results.nodes), "no shapes came from the analysis worker")
        if results.errors:
            raise Stuck(f"the project has problems: {results.errors[0].message}")
        return len(results.nodes)

    def draw(self, kind: str, *, source: str, target: str) -> str:
        """Put a layer into the wire between two nodes, by the keyboard; gives its name."""
        before, selection = set(self.nodes()), self.app.context.selection
        ends = (
            wire for wire in selection.shown_graph.wires if (wire.source.node, wire.target.node) == (source, target)
        )
        selection.select_wire(next(ends))
        self.canvas.view.setFocus()
        QTest.keyClick(self.canvas.view, Qt.Key.Key_Tab)
        popup = self.canvas.layer_popup.search
        wait(popup.isVisible, "Tab did not open the search")
        QTest.keyClicks(popup.field, kind)
        QTest.keyClick(popup.field, Qt.Key.Key_Return)
        wait(lambda: bool(set(self.nodes()) - before), f"no {kind} was added")
        (name,) = set(self.nodes()) - before
        results = self.app.context.results
        wait(lambda: name in results.nodes, f"no shape came for {name}")
        return name

    def nodes(self) -> list[str]:
        """The names of the main graph's nodes."""
        project = self.document.project
        return list(project.graphs[project.main].nodes)

    def train(self) -> Path:
        """Train until it is over; gives the run."""
        link, ends = self.app.context.runs.link, []
        link.ended.connect(lambda run, how: ends.append((run, how)))
        self.press(Qt.Key.Key_Return)
        wait(lambda: bool(ends) or any(True for _ in link), "the training did not begin")
        wait(lambda: bool(ends), "the training did not end")
        run, how = ends[0]
        if how.is_wrong:
            raise Stuck(f"the training failed: {how.text}")
        return Path(run)

    def export(self, run: Path, place: Path) -> None:
        """Export the run's code and weights through the dialog."""
        wrong: list[Stuck] = []
        look = QTimer(interval=LOOK_MS)

        def fill_when_open() -> None:
            dialog = self.app.frame.findChild(ExportDialog)
            if dialog is None or not dialog.isVisible():
                return
            look.stop()
            try:
                self.fill(dialog, run, place)
            except Stuck as stuck:
                wrong.append(stuck)
                dialog.reject()

        look.timeout.connect(fill_when_open)
        look.start()
        self.press(Qt.Key.Key_E)  # comes back when the dialog is closed
        if look.isActive():
            raise Stuck("the export dialog did not open")
        if wrong:
            raise wrong[0]

    def fill(self, dialog: ExportDialog, run: Path, place: Path) -> None:
        """Choose the run and the place, and press the button."""
        wait(dialog.radios["code_of_run"].isEnabled, "the run is not offered for export")
        dialog.radios["code_of_run"].click()
        if dialog.run != run:
            raise Stuck(f"the dialog offers {dialog.run}, not {run}")
        dialog.path.selectAll()
        QTest.keyClicks(dialog.path, str(place))
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        wait(lambda: place.is_dir() or bool(dialog.problem.text()), "nothing was exported")
        if dialog.problem.text():
            raise Stuck(f"the export failed: {dialog.problem.text()}")
        wait(lambda: not dialog.isVisible(), "the export dialog did not close")

    def press(self, key: Qt.Key) -> None:
        """Press Ctrl and a key, as a person in the canvas does."""
        self.canvas.view.setFocus()
        QTest.keyClick(self.canvas.view, key, CTRL)


def wait(is_so: Callable[[], bool], otherwise: str) -> None:
    """Let the app work until something is so. Raises: `Stuck`."""
    waited_ms = 0
    while not is_so():
        if waited_ms > PATIENCE_S * 1000:
            raise Stuck(f"{otherwise} within {PATIENCE_S:.0f} s")
        QTest.qWait(LOOK_MS)
        waited_ms += LOOK_MS
