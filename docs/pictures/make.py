"""Takes the pictures of README and quick start from the real window, with its real workers; run it when looks change.

Usage, from the project's folder: ``.venv/bin/python docs/pictures/make.py [FOLDER]``. No screen is needed. It takes
about a minute, trains for real, and writes one PNG a scene, at one and a half times the size, beside this file.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1.5"
os.environ["HOME"] = "/home/ada"  # what paths in the pictures begin with
HERE = Path(__file__).parent

from PySide6.QtCore import QBuffer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from engine.graph.edits import SetParam, SetTraining
from gui.app import App

SIZE = (1440, 900)
PATIENCE_S = 120.0


class Photographer:
    """Drives the window from scene to scene and keeps a picture of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.qt = QApplication(["torchloom"])
        self.app = App(self.qt, None)
        self.app.frame.resize(*SIZE)
        self.until(lambda: self.app.is_ready)
        self.app.frame.resize(*SIZE)
        self.seams, self.window = self.app.seams, self.app.window
        self.rest()

    def until(self, reached: Callable[[], object], rest_s: float = 0.3) -> None:
        """Handle events until something is so, and a moment longer. Raises: `TimeoutError`."""
        end = time.monotonic() + PATIENCE_S
        while not reached():
            if time.monotonic() > end:
                raise TimeoutError(f"never came: {reached}")
            self.qt.processEvents()
            time.sleep(0.002)
        self.rest(rest_s)

    def rest(self, seconds: float = 0.6) -> None:
        """Let what moves come to rest."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.qt.processEvents()
            time.sleep(0.005)

    def act(self, name: str) -> None:
        """Do what a menu entry does."""
        self.seams.actions[name].trigger()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture of the window, or of a part of it."""
        from io import BytesIO

        from PIL import Image

        buffer = QBuffer()
        seen = (widget or self.app.frame).grab().toImage()
        seen.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes text, and its stubs ask for bytes
        picture = Image.open(BytesIO(buffer.data().data())).convert("RGB")
        path = self.folder / f"{name}.png"
        picture.save(path, optimize=True)
        print(f"{path.name:16} {path.stat().st_size / 1000:5.0f} kB")

    @property
    def shapes_are_known(self) -> bool:
        return self.window.status.findChild(QWidget, "status_macs").text() != ""

    @property
    def position(self) -> float:
        """Epochs of the run in sight."""
        history = self.seams.runs.current.history
        return history.position if history else 0.0

    def train(self, epochs: int) -> None:
        """Set how long to train, and press Train."""
        document = self.seams.document
        document.do(SetTraining(replace(document.project.training, epochs=epochs, threads=1)))
        self.act("train.start")


def welcome(it: Photographer) -> None:
    """What the first start shows."""
    it.until(lambda: it.shapes_are_known)
    it.take("welcome")
    QTest.keyClick(it.app.frame.findChild(QWidget, "welcome"), Qt.Key.Key_Escape)


def search(it: Photographer) -> None:
    """Add a layer by name."""
    it.seams.selection.select(["act1"])
    it.window.panels["canvas"].view.setFocus()
    it.act("graph.add")
    it.rest()
    QTest.keyClicks(it.app.frame.findChild(QWidget, "search_field"), "conv")
    it.rest()
    it.take("search")
    QTest.keyClick(it.app.frame.findChild(QWidget, "search_field"), Qt.Key.Key_Escape)


def problem(it: Photographer) -> None:
    """Flatten is taken out as Shift+Delete does: the convolution's image goes straight into a dense layer."""
    document = it.seams.document
    it.seams.selection.select(["flat"])
    it.act("edit.delete_heal")
    it.seams.selection.select([])
    it.until(lambda: it.seams.facts.problems, rest_s=1.0)
    it.take("problem")
    document.history.undo()
    it.until(lambda: not it.seams.facts.problems)


def live(it: Photographer) -> None:
    """Take a training half way, and the light theme after it."""
    it.seams.selection.select(["conv1"])
    it.train(40)
    it.until(lambda: it.position > 24, rest_s=0.0)
    it.take("live")
    it.until(lambda: not len(it.seams.runs.link))
    it.seams.theme.set("light")
    it.rest()
    it.take("light")
    it.seams.theme.set("dark")


def compare(it: Photographer) -> None:
    """Take two runs beside each other."""
    it.seams.document.do(SetParam("Net", "conv1", "out_channels", 4))
    it.train(40)
    it.until(lambda: it.position > 39)
    it.until(lambda: not len(it.seams.runs.link))
    it.act("view.runs")
    it.rest()
    it.window.panels["runs"].choose([run.path for run in it.seams.runs.known.runs])
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

    def take() -> None:
        sheet = it.qt.activeModalWidget() or next(
            each for each in it.app.frame.findChildren(QDialog) if each.isVisible()
        )
        it.take("export", sheet)
        sheet.reject()

    QTimer.singleShot(3000, take)
    it.act("file.export_code")
    it.rest(4.0)


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    with tempfile.TemporaryDirectory() as home:
        os.environ["TORCHLOOM_HOME"] = home
        it = Photographer(folder)
        for scene in (welcome, search, problem, live, compare, data, export):
            scene(it)
        it.seams.document.history.setClean()
        it.app.frame.close()


if __name__ == "__main__":
    main()
