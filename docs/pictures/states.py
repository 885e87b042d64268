"""Takes a picture of every state of the window in both themes and two sizes, for people who judge how it looks.

Usage, from the project's folder: ``.venv/bin/python docs/pictures/states.py FOLDER [SCALE [SCENE...]]``. No screen is
needed. It trains for real and takes some minutes. A picture is called ``STATE-THEME-WIDTHxHEIGHT.png``; SCALE is 1
unless given.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from asking_scenes import asking
from block_scenes import BLOCK_SCENES
from library_scenes import LIBRARY_SCENES
from photographer import Photographer, prepare
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from seldom import SELDOM

from engine.graph.edits import RemoveWire, SetParam, SetProject
from engine.graph.model import Graph, Project
from gui.dialogs.new_project import EMPTY, project_of
from gui.widgets.heading_choice import Switch

SIZES = ((1280, 800), (1600, 1000))
THEMES = ("dark", "light")


class Album(Photographer):
    """Keeps each state in every theme and size."""

    is_small = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SIZES[-1])

    def variants(self) -> Iterator[str]:
        """Each theme and size in turn, with the end of a picture's name."""
        for theme, size in product(THEMES, SIZES):
            self.context.theme.set(theme)
            self.app.frame.resize(*size)
            self.rest(0.4)
            yield f"{theme}-{size[0]}x{size[1]}"

    def keep(self, state: str) -> None:
        """Keep the window as it is now."""
        for variant in self.variants():
            self.take(f"{state}-{variant}")

    def open(self, project: Project) -> None:
        """Show a project, and forget the one before."""
        self.context.document.history.setClean()
        self.context.files.new(project)
        self.rest()

    def fresh(self, template: str) -> None:
        """Show a template as it is when it is opened at each size."""
        self.open(project_of(template))
        self.until(lambda: self.context.results.has_answer and not self.context.results.stale)

    def point(self, node: str) -> None:
        """Rest the pointer on a node."""
        view = self.window.panels["canvas"].view
        view.setFocus()
        none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        for at in (QPointF(2, 2), view.viewportTransform().map(view.graph_scene.nodes[node].scene_rect.center())):
            place = QPointF(view.viewport().mapToGlobal(at))
            QApplication.sendEvent(view.viewport(), QMouseEvent(QEvent.Type.MouseMove, at, place, none, none, keys))
        self.rest(1.4)

    def dialogs(self, state: str, action: str, wait_s: float = 0.8) -> None:
        """Keep the dialog that an action opens."""
        for variant in self.variants():

            def look(dialog: QDialog, variant: str = variant) -> None:
                self.take(f"{state}-{variant}", dialog)

            self.during(action, look, wait_s)


def welcome(it: Album) -> None:
    """The first start."""
    it.until(lambda: it.shapes_are_known)
    it.keep("welcome")
    QTest.keyClick(it.app.frame.findChild(QWidget, "welcome"), Qt.Key.Key_Escape)


def empty(it: Album) -> None:
    """A project without a node, and one with data and nothing drawn."""
    it.open(Project(graphs={"Net": Graph()}))
    it.keep("empty")
    it.open(project_of(EMPTY))
    it.keep("empty-data")


def drawing(it: Album) -> None:
    """A network, as it is opened and with a node selected; a wire, several nodes."""
    for variant in it.variants():
        it.fresh("digits-cnn")
        it.take(f"opened-{variant}")
    it.context.selection.select(["conv1"])
    it.keep("selected")
    it.context.selection.select(["conv1", "bn1", "act1"])
    it.keep("several")
    it.context.selection.select([])
    for name in ("digits-lstm", "digits-transformer", "fashion-cnn", "resnet50", "googlenet", "unet", "gpt2"):
        for variant in it.variants():
            it.fresh(name)
            it.take(f"{name}-{variant}")
    it.fresh("digits-cnn")


def search(it: Album) -> None:
    """The search for a layer."""
    for variant in it.variants():
        it.context.selection.select(["act1"])
        it.window.panels["canvas"].view.setFocus()
        it.act("graph.add")
        QTest.keyClicks(it.app.frame.findChild(QWidget, "search_field"), "conv 3x3")
        it.rest(0.4)
        it.take(f"search-{variant}")
        QTest.keyClick(it.app.frame.findChild(QWidget, "search_field"), Qt.Key.Key_Escape)
    it.context.selection.select([])


def hover(it: Album) -> None:
    """The pointer rests on a node."""
    for variant in it.variants():
        it.point("pool1" if "pool1" in it.context.document.project.graphs["Net"].nodes else "act1")
        it.take(f"hover-{variant}")


def problem(it: Album) -> None:
    """A wire that does not fit, a node that is not wired yet, and Train pressed in spite of that."""
    document, main = it.context.document, it.context.document.project.main
    it.context.selection.select(["flat"])
    it.act("edit.delete_heal")
    it.context.selection.select([])
    it.until(lambda: it.context.results.problems and not it.context.results.stale, rest_s=1.0)
    it.keep("problem")
    document.history.undo()
    it.until(lambda: not it.context.results.problems)
    wires = document.project.graphs[main].wires
    document.do(RemoveWire(main, next(wire for wire in wires if wire.target.node == "loss")))
    it.until(lambda: it.context.results.problems and not it.context.results.stale)
    it.keep("unfinished")
    it.act("train.start")
    it.rest()
    it.keep("refused")
    document.history.undo()
    it.until(lambda: not it.context.results.problems)


def live(it: Album) -> None:
    """A training from its start to its end."""
    it.context.selection.select(["conv1"])
    it.train(300)
    it.keep("starting")
    it.until(lambda: it.position > 12, rest_s=0.0)
    it.keep("live")
    it.act("train.pause")
    it.rest(1.5)
    it.keep("paused")
    it.act("train.stop")
    it.until(lambda: not len(it.context.runs.link))
    it.context.document.history.undo()
    it.train(20)
    it.until(lambda: it.position > 19)
    it.until(lambda: not len(it.context.runs.link))
    it.keep("finished")


def runs(it: Album) -> None:
    """The page of runs, with one and with two chosen."""
    it.act("view.runs")
    it.rest(1.0)
    it.keep("runs-one")
    for switch in it.window.panels["runs"].findChildren(Switch):
        for name in ("Confusion", "Samples", "Summary"):
            if name in switch.names and switch.isVisible():
                switch.choose(name)
                it.rest(1.0)
                if name != "Summary":
                    it.keep(f"runs-{name.lower()}")
    it.window.panels["runs"].choose([run.path for run in it.context.runs.inventory.runs])
    it.rest(1.0)
    it.keep("runs-two")


def pages(it: Album) -> None:
    """Data and code."""
    for name in ("data", "code"):
        it.act(f"view.{name}")
        it.rest(1.5)
        it.keep(name)
    it.fresh("iris-mlp")
    it.act("view.data")
    it.rest(1.5)
    it.keep("data-table")
    it.act("view.graph")
    it.fresh("digits-cnn")


def panels(it: Album) -> None:
    """The outline and the list of steps beside the others."""
    document = it.context.document
    document.do(SetParam("Net", "conv1", "out_channels", 8))
    document.do(SetProject("name", "digits"))
    for name in ("view.outline", "edit.history"):
        it.act(name)
    it.rest()
    it.keep("outline-history")
    for name in ("view.outline", "edit.history"):
        it.act(name)
    document.history.undo()
    document.history.undo()


def dialogs(it: Album) -> None:
    """Every dialog that a menu opens; weights are only there to export after a training."""
    if not it.context.runs.inventory.runs:
        it.train(2)
        it.until(lambda: it.position > 1)
        it.until(lambda: not len(it.context.runs.link))
    for state, action in (
        ("export-code", "file.export_code"),
        ("export-weights", "file.export_safetensors"),
        ("settings", "file.settings"),
        ("new", "file.new"),
        ("open", "file.open"),
        ("save", "file.save_as"),
        ("shortcuts", "help.shortcuts"),
        ("logs", "help.logs"),
        ("about", "help.about"),
    ):
        it.dialogs(state, action, 2.5 if state.startswith("export") else 0.6)


SCENES: tuple[Callable[[Album], None], ...] = (
    welcome, empty, drawing, search, hover, problem, live, runs, pages, panels, dialogs, asking,
    *BLOCK_SCENES, *LIBRARY_SCENES, *SELDOM,
)  # fmt: skip


def main() -> None:
    """Take all pictures, or those of the scenes that are named after the scale."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    names = sys.argv[3:]
    with tempfile.TemporaryDirectory() as home:
        prepare(float(sys.argv[2]) if len(sys.argv) > 2 else 1.0, home, SIZES[-1])
        it = Album(folder)
        for scene in SCENES:
            if not names or scene.__name__ in names or scene is welcome:
                scene(it)
        it.context.document.history.setClean()
        it.app.frame.close()


if __name__ == "__main__":
    main()
