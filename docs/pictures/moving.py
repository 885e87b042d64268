"""Takes the moving picture of README from the real window: a layer is added, the network trains, its code is shown.

Usage, from the project's folder: ``.venv/bin/python docs/pictures/moving.py [FILE]``. No screen is needed. It takes
about a minute and writes an animated WebP beside this file. It leaves out most of the waiting.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from photographer import Photographer, prepare
from PIL import Image  # noqa: TID253 (only this script runs)
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

HERE = Path(__file__).parent
SIZE = (1280, 800)
WIDTH = 1000  # of the pictures, in pixels
QUALITY = 70  # of WebP, of 100
EPOCHS = 30


class Film(Photographer):
    """The window, and the pictures of it in order, each with how long it stays in milliseconds."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        super().__init__(folder, size)
        self.pictures: list[Image.Image] = []
        self.times_ms: list[int] = []

    def picture(self, time_ms: int) -> None:
        """Add a picture of the window as it is now."""
        buffer = QBuffer()
        self.app.frame.grab().toImage().save(buffer, "PNG")  # type: ignore[call-overload]  # its stubs ask for bytes
        whole = Image.open(BytesIO(buffer.data().data())).convert("RGB")
        height = round(WIDTH * whole.height / whole.width)
        self.pictures.append(whole.resize((WIDTH, height), Image.Resampling.LANCZOS))
        self.times_ms.append(time_ms)

    def save(self, path: Path) -> None:
        """Write all pictures as one file that begins again at its end."""
        first, *rest = self.pictures
        first.save(path, save_all=True, append_images=rest, duration=self.times_ms, loop=0, quality=QUALITY, method=6)
        seconds = sum(self.times_ms) / 1000
        print(f"{path.name}: {len(self.pictures)} pictures, {seconds:.1f} s, {path.stat().st_size / 1000:.0f} kB")


def add_a_layer(it: Film) -> None:
    """Search for a layer by name, and add it behind the selected one."""
    it.until(lambda: it.shapes_are_known)
    welcome = it.app.frame.findChild(QWidget, "welcome")
    if welcome:
        QTest.keyClick(welcome, Qt.Key.Key_Escape)
    it.rest(1.0)
    it.picture(1200)
    view = it.window.panels["canvas"].view
    wire = next(each for each in view.graph_scene.wires if str(each.source) == "fc1.output")
    it.context.selection.select_wire(wire)
    it.rest(0.3)
    it.picture(700)
    view.setFocus()
    it.act("graph.add")
    it.rest(0.3)
    it.picture(400)
    for letter in "gelu":
        QTest.keyClicks(it.app.frame.findChild(QWidget, "search_field"), letter)
        it.rest(0.12)
        it.picture(110)
    it.rest(0.3)
    it.picture(900)
    QTest.keyClick(it.app.frame.findChild(QWidget, "search_field"), Qt.Key.Key_Return)
    for _ in range(6):
        it.rest(0.1)
        it.picture(100)
    it.until(lambda: it.shapes_are_known, rest_s=0.8)
    it.picture(900)
    it.act("graph.arrange")
    for _ in range(6):
        it.rest(0.06)
        it.picture(80)
    it.rest(0.8)
    it.picture(1500)


def train(it: Film) -> None:
    """Press Train, and watch the curves until the end."""
    it.context.selection.select(["conv1"])
    it.train(EPOCHS)
    it.until(lambda: it.position > 0, rest_s=0.0)
    it.act("view.fit")
    while it.position < EPOCHS:
        it.rest(0.1)
        it.picture(90)
    it.until(lambda: not len(it.context.runs.link), rest_s=0.6)
    it.picture(1800)


def code(it: Film) -> None:
    """Show the source that was trained."""
    it.act("view.code")
    it.rest(1.5)
    it.picture(2500)


def main() -> None:
    """Take the film."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "moving.webp"
    with tempfile.TemporaryDirectory() as home:
        prepare(1.0, home, SIZE)
        it = Film(path.parent, SIZE)
        for scene in (add_a_layer, train, code):
            scene(it)
        it.save(path)
        it.context.document.history.setClean()
        it.app.frame.close()


if __name__ == "__main__":
    main()
