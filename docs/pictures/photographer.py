"""Drives the real window, with its real workers, and keeps pictures of it; no screen is needed.

`prepare` comes first: Qt reads what it sets when the application is made.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image  # noqa: TID253 (only this script runs)
from PySide6.QtCore import QBuffer, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from engine.graph.edits import SetTraining
from gui.shell.app import App

PATIENCE_S = 120.0


def prepare(scale: float, home: str, screen: tuple[int, int]) -> None:
    """Choose the scale and the screen's size at scale 1, and keep runs and settings in a folder of their own."""
    os.environ["QT_QPA_PLATFORM"] = screen_of(screen, scale, home)
    os.environ["QT_SCALE_FACTOR"] = f"{scale:g}"
    os.environ["HOME"] = "/home/ada"  # what paths in the pictures begin with
    os.environ["TORCHLOOM_HOME"] = home


def screen_of(size: tuple[int, int], scale: float, folder: str) -> str:
    """The name of Qt's platform with a screen that the window just fills."""
    place = Path(folder) / "screen.json"
    wide, high = (round(side * scale) for side in size)
    screen = {"name": "made up", "x": 0, "y": 0, "width": wide, "height": high}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    place.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={place}"


class Photographer:
    """Takes the window from scene to scene and keeps a picture of each in a folder.

    ``is_small``: the files are as small as can be, which takes much longer than the pictures.
    """

    is_small = True

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self.folder = folder
        self.qt = QApplication(["torchloom"])
        self.app = App(self.qt, None)
        self.app.frame.resize(*size)
        self.until(lambda: self.app.is_ready)
        self.app.frame.resize(*size)
        self.context, self.window = self.app.context, self.app.window
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
        self.context.actions[name].trigger()

    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        modal = self.qt.activeModalWidget()
        dialogs = (each for each in self.app.frame.findChildren(QDialog) if each.isVisible())
        return modal if isinstance(modal, QDialog) else next(dialogs, None)

    def during(self, name: str, look: Callable[[QDialog], object], wait_s: float = 1.0) -> None:
        """Do what a menu entry does, and while its dialog waits for an answer, look at it; then close it."""

        def begin() -> None:
            dialog = self.dialog()
            if dialog is None:
                QTimer.singleShot(100, begin)
                return
            self.rest(wait_s)
            look(dialog)
            dialog.reject()

        QTimer.singleShot(0, begin)
        self.act(name)
        self.rest(0.3)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Keep a picture of the window, or of a part of it."""
        buffer = QBuffer()
        image = (widget or self.app.frame).grab().toImage()
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes text, and its stubs ask for bytes
        picture = Image.open(BytesIO(buffer.data().data())).convert("RGB")
        path = self.folder / f"{name}.png"
        picture.save(path, optimize=self.is_small)
        print(f"{path.name:16} {path.stat().st_size / 1000:5.0f} kB")

    @property
    def shapes_are_known(self) -> bool:
        return self.window.status.findChild(QWidget, "status_macs").text() != ""

    @property
    def position(self) -> float:
        """Epochs of the run in sight."""
        history = self.context.runs.current.history
        return history.position if history else 0.0

    def train(self, epochs: int) -> None:
        """Set how long to train, and press Train."""
        document = self.context.document
        document.do(SetTraining(replace(document.project.training, epochs=epochs, threads=1)))
        self.act("train.start")
