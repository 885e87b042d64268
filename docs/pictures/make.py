"""Takes the pictures of README and quick start from the real window, with its real workers; run it when looks change.

Usage, from the project's folder: ``.venv/bin/python docs/pictures/make.py [FOLDER]``. No screen is needed. It takes
about a minute, trains for real, and writes one PNG a scene, at one and a half times the size, beside this file.
"""

import sys
import tempfile
from pathlib import Path

from photographer import Photographer, prepare
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.graph.edits import SetParam
from gui.dialogs.new_project import project_of

HERE = Path(__file__).parent
SIZE = (1440, 900)
SCALE = 1.5


def welcome(it: Photographer) -> None:
    """What the first start shows."""
    it.until(lambda: it.shapes_are_known)
    it.take("welcome")
    QTest.keyClick(it.app.frame.findChild(QWidget, "welcome"), Qt.Key.Key_Escape)


def search(it: Photographer) -> None:
    """Add a layer by name."""
    it.context.selection.select(["act1"])
    it.window.panels["canvas"].view.setFocus()
    it.act("graph.add")
    it.rest()
    QTest.keyClicks(it.app.frame.findChild(QWidget, "search_field"), "conv")
    it.rest()
    it.take("search")
    QTest.keyClick(it.app.frame.findChild(QWidget, "search_field"), Qt.Key.Key_Escape)


def problem(it: Photographer) -> None:
    """Flatten is taken out as Shift+Delete does: the convolution's image goes straight into a dense layer."""
    document = it.context.document
    it.context.selection.select(["flat"])
    it.act("edit.delete_heal")
    it.context.selection.select([])
    it.until(lambda: it.context.results.problems, rest_s=1.0)
    it.take("problem")
    document.history.undo()
    it.until(lambda: not it.context.results.problems)


def live(it: Photographer) -> None:
    """Take a training half way, and the light theme after it."""
    it.context.selection.select(["conv1"])
    it.train(40)
    it.until(lambda: it.position > 24, rest_s=0.0)
    it.take("live")
    it.until(lambda: not len(it.context.runs.link))
    it.context.theme.set("light")
    it.rest()
    it.take("light")
    it.context.theme.set("dark")


def compare(it: Photographer) -> None:
    """Take two runs beside each other."""
    it.context.document.do(SetParam("Net", "conv1", "out_channels", 4))
    it.train(40)
    it.until(lambda: it.position > 39)
    it.until(lambda: not len(it.context.runs.link))
    it.act("view.runs")
    it.rest()
    it.window.panels["runs"].choose([run.path for run in it.context.runs.inventory.runs])
    it.rest(1.5)
    it.take("compare")


def data(it: Photographer) -> None:
    """Take the data set, its classes and its split."""
    it.act("view.data")
    it.rest(2.0)
    it.take("data")


def export(it: Photographer) -> None:
    """Take what an export will write."""
    it.act("view.graph")
    it.during("file.export_code", lambda dialog: it.take("export", dialog), wait_s=3.0)


def networks(it: Photographer) -> None:
    """Take two networks that learn against each other, and what one of them makes."""
    it.context.document.history.setClean()
    it.context.files.new(project_of("digits-gan"))
    it.until(lambda: it.shapes_are_known)
    it.train(60)
    it.until(lambda: it.position > 59)
    it.until(lambda: not len(it.context.runs.link), rest_s=1.5)
    it.take("networks")


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    with tempfile.TemporaryDirectory() as home:
        prepare(SCALE, home, SIZE)
        it = Photographer(folder, SIZE)
        for scene in (welcome, search, problem, live, compare, data, export, networks):
            scene(it)
        it.context.document.history.setClean()
        it.app.frame.close()


if __name__ == "__main__":
    main()
