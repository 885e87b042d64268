"""What drawing costs with 1,000 nodes: build and load, overview, pan, drag; and the same of NodeGraphQt, in turns.

Run from the project's folder:

    .venv/bin/python -m bench.canvas [--nodes N] [--rounds N] [--peer PYTHON]

PYTHON is an interpreter that has NodeGraphQt, in an environment of its own:

    python3 -m venv /tmp/peer
    /tmp/peer/bin/pip install NodeGraphQt==0.6.44 Qt.py setuptools "PySide6-Essentials==6.11.*"

Times are CPU milliseconds, the median of all rounds. Each round is a fresh process of either program, one after the
other: the same nodes and wires at the same places, in a viewport of the same size.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from bench.measure import Times, line, load, merge, timed
from bench.projects import chain
from engine.graph.model import Project
from engine.project import file
from gui.actions.actions import Actions
from gui.canvas.canvas import Canvas
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme

SIZE = (1600, 1000)
GOALS = {"overview": 16.0, "pan": 8.0, "drag": 3.0}
RATIOS = {"overview": 50.0, "build": 20.0, "load": 20.0}
PEER = Path(__file__).with_name("nodegraphqt.py")


def settle(app: QApplication, seconds: float = 0.25) -> None:
    """Let timers run out that would disturb what is measured next."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)


def mouse(widget: QWidget, kind: QEvent.Type, at: QPointF, buttons: Qt.MouseButton) -> None:
    """Send a mouse event."""
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    QApplication.sendEvent(widget, QMouseEvent(kind, at, at, button, buttons, Qt.KeyboardModifier.NoModifier))


def show_canvas(app: QApplication, theme: Theme) -> tuple[Document, Canvas]:
    """A canvas without a graph, in sight."""
    document = Document()
    canvas = Canvas(document, Selection(document), None, theme, Actions())
    canvas.arranger.is_animated = False
    canvas.resize(*SIZE)
    canvas.show()
    app.processEvents()
    return document, canvas


def ours(app: QApplication, theme: Theme, project: Project, picture: str = "") -> Times:
    """One round of the canvas."""
    times: Times = {}
    document, canvas = show_canvas(app, theme)
    with timed(times, "build"):
        document.load(project)
        app.processEvents()
    load_file(app, theme, project, times)
    view = canvas.view
    canvas.fit()
    assert all(view.visible_rect.contains(item.scene_rect) for item in canvas.scene.nodes.values())
    settle(app)
    repaint(times, view.viewport(), "overview, unchanged", 10)
    step_by_step(times, "overview", 10, lambda: view.set_zoom(view.zoom * 1.01), view.viewport())
    if picture:
        view.viewport().grab().save(picture)
    near(app, times, canvas)
    canvas.close()
    return times


def load_file(app: QApplication, theme: Theme, project: Project, times: Times) -> None:
    """Read a project from its file, and show it."""
    document, canvas = show_canvas(app, theme)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.loom"
        file.write(path, project)
        with timed(times, "load"):
            document.load(file.read(path), path)
            app.processEvents()
    assert len(canvas.scene.nodes) == len(project.graphs["Net"].nodes)
    assert len(canvas.scene.wires) == len(project.graphs["Net"].wires)
    canvas.close()


def near(app: QApplication, times: Times, canvas: Canvas) -> None:
    """What is done where texts can be read."""
    view = canvas.view
    view.set_zoom(1.0)
    view.centerOn(2000, 1000)
    settle(app)
    repaint(times, view.viewport(), "near", 5)
    pan(app, times, view.horizontalScrollBar().setValue, view.horizontalScrollBar().value())
    with timed(times, "zoom", 5):
        for step in range(5):
            view.set_zoom(1.0 - 0.05 * (step + 1))
            app.processEvents()
    view.set_zoom(1.0)
    settle(app)
    drag(app, times, canvas)


def step_by_step(times: Times, what: str, rounds: int, zoom: Callable[[], object], viewport: QWidget) -> None:
    """Paint everything at sizes that differ a little, so that no picture can be kept."""
    viewport.repaint()
    with timed(times, what, rounds):
        for _ in range(rounds):
            zoom()
            viewport.repaint()


def repaint(times: Times, viewport: QWidget, what: str, rounds: int) -> None:
    """Paint everything that is seen."""
    viewport.repaint()
    with timed(times, what, rounds):
        for _ in range(rounds):
            viewport.repaint()


def pan(app: QApplication, times: Times, move: Callable[[int], None], start: int) -> None:
    """Go sideways in steps of a hand."""
    move(start + 12)
    app.processEvents()
    with timed(times, "pan", 20):
        for step in range(20):
            move(start + 24 + 12 * step)
            app.processEvents()


def drag(app: QApplication, times: Times, canvas: Canvas) -> None:
    """Move one node by the mouse."""
    item = next(item for item in canvas.scene.nodes.values() if canvas.view.visible_rect.contains(item.scene_rect))
    viewport = canvas.view.viewport()
    at = canvas.view.viewportTransform().map(item.scene_rect.center())
    mouse(viewport, QEvent.Type.MouseButtonPress, at, Qt.MouseButton.LeftButton)
    for step in range(3):
        mouse(viewport, QEvent.Type.MouseMove, at + QPointF(3 * step, 4 * step), Qt.MouseButton.LeftButton)
        app.processEvents()
    with timed(times, "drag", 20):
        for step in range(20):
            place = at + QPointF(10 + 3 * step, 12 + 2 * step)
            mouse(viewport, QEvent.Type.MouseMove, place, Qt.MouseButton.LeftButton)
            app.processEvents()
    mouse(viewport, QEvent.Type.MouseButtonRelease, at, Qt.MouseButton.NoButton)
    app.processEvents()


def alone(count: int, picture: str) -> None:
    """One round in this process; prints it as JSON."""
    app = QApplication([])
    theme = Theme(app, "dark")
    ours(app, theme, chain(400))  # what is loaded once is not measured
    print(json.dumps(ours(app, theme, chain(count), picture)), flush=True)
    os._exit(0)


def run(command: list[str], message: object = None) -> Times:
    """The times that a program prints."""
    done = subprocess.run(command, input=json.dumps(message), stdout=subprocess.PIPE, text=True, check=True)
    answer: Any = json.loads(done.stdout.splitlines()[-1])
    return {str(what): list(rounds) for what, rounds in answer.items()}


def print_times(name: str, times: Times, goals: dict[str, float]) -> None:
    """Print the medians."""
    print(f"\n{name}")
    for what, rounds in times.items():
        print(line(what, rounds, goals.get(what)))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--pictures", metavar="FOLDER", help="keep what was painted, to look at")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    pictures = {
        name: str(Path(options.pictures) / f"{name}.png") if options.pictures else "" for name in ("ours", "peer")
    }
    if options.alone:
        alone(options.nodes, pictures["ours"])
    places = [node.pos for node in chain(options.nodes).graphs["Net"].nodes.values()]
    command = [sys.executable, "-m", "bench.canvas", "--alone", "--nodes", str(options.nodes)]
    command += ["--pictures", options.pictures] if options.pictures else []
    mine: Times = {}
    theirs: Times = {}
    before = load()
    for _ in range(options.rounds):
        merge(mine, run(command))
        if options.peer:
            merge(theirs, run([options.peer, str(PEER)], {"size": SIZE, "places": places, "picture": pictures["peer"]}))
    print(f"{options.nodes:,} nodes, {options.rounds} rounds; {before} before, {load()} after")
    print_times("This canvas", mine, GOALS)
    if theirs:
        print_times("NodeGraphQt", theirs, {})
        for what, rounds in theirs.items():
            ratio, goal = median(rounds) / median(mine[what]), RATIOS.get(what, 0)
            print(
                f"  {what}: {ratio:.0f} times ours"
                + (f"   asked >= {goal:g}: {'ok' if ratio >= goal else 'MISSED'}" if goal else "")
            )


if __name__ == "__main__":
    main()
