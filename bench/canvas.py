"""What drawing costs with 1,000 nodes: build and load, overview, pan, drag; beside NodeGraphQt where that is installed.

Run from the project's folder:  .venv/bin/python bench/canvas.py [--nodes N] [--rounds N]
Times are CPU milliseconds of this process, the median of all rounds; the two programs take turns in every round.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from statistics import median

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from engine.graph.model import End, Graph, Node, Project, Wire
from gui.actions import Actions
from gui.canvas import Canvas
from gui.document import Document
from gui.selection import Selection
from gui.theme import Theme

COLUMNS = 40
STEP = (240, 120)
SIZE = (1600, 1000)
KINDS = ("Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d", "Linear", "Dropout")
GOALS = {"overview": 16.0, "pan": 8.0, "drag": 3.0, "zoom": None, "build": None}
RATIOS = {"overview": 50.0, "build": 20.0}
Times = dict[str, list[float]]


def project(count: int) -> Project:
    """A chain of nodes in rows, with a shortcut from each to the fifth after it."""
    nodes = {
        f"n{i}": Node(KINDS[i % len(KINDS)], {}, (i % COLUMNS * STEP[0], i // COLUMNS * STEP[1])) for i in range(count)
    }
    wires = [Wire(End(f"n{i}", "output"), End(f"n{i + 1}", "input")) for i in range(count - 1)]
    return Project(graphs={"Net": Graph(nodes, wires)})


@contextmanager
def timed(times: Times, what: str, share: int = 1) -> Iterator[None]:
    """Note the CPU time of what happens inside, after old garbage is out; ``share``: how many times it happens."""
    gc.collect()
    start = time.process_time()
    yield
    times.setdefault(what, []).append((time.process_time() - start) * 1000 / share)


def settle(app: QApplication, seconds: float = 0.25) -> None:
    """Let timers run out that would disturb what is measured next."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)


def mouse(widget: QWidget, kind: QEvent.Type, at: QPointF, held: Qt.MouseButton) -> None:
    """Send a mouse event."""
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    QApplication.sendEvent(widget, QMouseEvent(kind, at, at, button, held, Qt.KeyboardModifier.NoModifier))


def ours(app: QApplication, theme: Theme, count: int, times: Times) -> None:
    """One round of the canvas."""
    document = Document()
    selection = Selection(document)
    canvas = Canvas(document, selection, None, theme, Actions())
    canvas.tidying.glides = False
    canvas.resize(*SIZE)
    canvas.show()
    app.processEvents()
    drawn = project(count)
    with timed(times, "build"):
        document.load(drawn)
        app.processEvents()
    view = canvas.view
    canvas.fit()
    view.set_zoom(min(view.zoom, 0.25))
    settle(app)
    step_by_step(times, "overview", 10, lambda: view.set_zoom(view.zoom * 1.01), view.viewport())
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
    canvas.close()
    canvas.deleteLater()
    document.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


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
    item = next(item for item in canvas.scene.nodes.values() if canvas.view.seen.contains(item.scene_rect))
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


def peer() -> "Callable[[QApplication, int, Times], None] | None":
    """One round of NodeGraphQt, or nothing where it cannot be imported."""
    os.environ.setdefault("QT_API", "pyside6")
    try:
        import NodeGraphQt
    except Exception as wrong:  # noqa: BLE001 (whatever keeps a peer from loading is told, and no more)
        print(f"NodeGraphQt is not here ({wrong}); only this canvas is measured.")
        return None

    class Layer(NodeGraphQt.BaseNode):  # type: ignore[misc]  # it ships no types
        """A node with one input and one output."""

        __identifier__ = "bench"
        NODE_NAME = "Layer"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("input")
            self.add_output("output")

    def round_of(app: QApplication, count: int, times: Times) -> None:
        graph = NodeGraphQt.NodeGraph()
        graph.register_node(Layer)
        viewer = graph.viewer()
        viewer.resize(*SIZE)
        viewer.show()
        app.processEvents()
        with timed(times, "build"):
            nodes = [
                graph.create_node(
                    "bench.Layer", name=f"n{i}", pos=(i % COLUMNS * STEP[0], i // COLUMNS * STEP[1]),
                    selected=False, push_undo=False,
                )
                for i in range(count)
            ]  # fmt: skip
            for left, right in pairwise(nodes):
                left.set_output(0, right.input(0))
            app.processEvents()
        graph.fit_to_selection()
        settle(app)
        step_by_step(times, "overview", 3, lambda: viewer.scale(1.01, 1.01), viewer.viewport())
        graph.close() if hasattr(graph, "close") else viewer.close()
        viewer.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return round_of


def told(name: str, times: Times, goals: dict[str, float | None]) -> None:
    """Print the medians."""
    print(f"\n{name}")
    for what, found in times.items():
        goal = goals.get(what)
        mark = "" if goal is None else f"   goal <= {goal:g}   {'ok' if median(found) <= goal else 'MISSED'}"
        print(f"  {what:<10}{median(found):9.2f} ms CPU{mark}")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    app = QApplication([])
    theme = Theme(app, "dark")
    other = peer()
    mine: Times = {}
    theirs: Times = {}
    ours(app, theme, 400, {})  # what is loaded once is not measured
    for _ in range(asked.rounds):
        ours(app, theme, asked.nodes, mine)
        if other:
            other(app, asked.nodes, theirs)
    told(f"This canvas, {asked.nodes} nodes", mine, GOALS)
    if theirs:
        told("NodeGraphQt", theirs, {})
        for what, goal in RATIOS.items():
            ratio = median(theirs[what]) / median(mine[what])
            print(f"  {what}: {ratio:.0f} times ours   goal >= {goal:g}   {'ok' if ratio >= goal else 'MISSED'}")


if __name__ == "__main__":
    main()
