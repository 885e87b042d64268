"""One round of NodeGraphQt 0.6.44 for `bench.canvas`, which runs this file by the interpreter that has it.

The same chain of nodes as there, at the same places, in a viewport of the same size, with the options that cost it
least: nothing is selected, and no undo steps or signals are made. Prints times as JSON.
"""

import gc
import json
import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"

import NodeGraphQt
from Qt import QtWidgets

REPAINTS = 3


class Layer(NodeGraphQt.BaseNode):  # type: ignore[misc]  # it ships no types
    """A node with one input and one output."""

    __identifier__ = "bench"
    NODE_NAME = "Layer"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("input")
        self.add_output("output")


class Clock:
    """CPU milliseconds since it was started, by what took them."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}

    def start(self) -> None:
        gc.collect()
        self._start = time.process_time()

    def stop(self, what: str, share: int = 1) -> None:
        self.times[what] = [1000 * (time.process_time() - self._start) / share]


def draw(graph: NodeGraphQt.NodeGraph, places: list[tuple[float, float]]) -> None:
    """Make the chain."""
    nodes = [
        graph.create_node("bench.Layer", name=f"n{i}", pos=place, selected=False, push_undo=False)
        for i, place in enumerate(places)
    ]
    for left, right in pairwise(nodes):
        left.output(0).connect_to(right.input(0), push_undo=False, emit_signal=False)


def show_graph(app: QtWidgets.QApplication, size: tuple[int, int]) -> NodeGraphQt.NodeGraph:
    """An empty graph, in sight."""
    graph = NodeGraphQt.NodeGraph()
    graph.register_node(Layer)
    graph.viewer().resize(*size)
    graph.viewer().show()
    app.processEvents()
    return graph


def main(size: tuple[int, int], places: list[tuple[float, float]], picture: str = "") -> dict[str, list[float]]:
    """Measure everything once."""
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    draw(show_graph(app, size), places[:100])  # what is loaded once is not measured
    clock, graph = Clock(), show_graph(app, size)
    clock.start()
    draw(graph, places)
    app.processEvents()
    clock.stop("build")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "graph.json")
        graph.save_session(path)
        other = show_graph(app, size)
        clock.start()
        other.load_session(path)
        app.processEvents()
        clock.stop("load")
        assert len(other.all_nodes()) == len(places)
        assert sum(len(node.output(0).connected_ports()) for node in other.all_nodes()) == len(places) - 1
        other.viewer().close()
    viewer = graph.viewer()
    graph.fit_to_selection()  # nothing is selected: to everything
    visible_rect = viewer.mapToScene(viewer.viewport().rect()).boundingRect()
    assert all(visible_rect.contains(*node.pos()) for node in graph.all_nodes())
    app.processEvents()
    viewer.viewport().repaint()
    clock.start()
    for _ in range(REPAINTS):
        viewer.viewport().repaint()
    clock.stop("overview, unchanged", REPAINTS)
    clock.start()
    for _ in range(REPAINTS):
        viewer.scale(1.01, 1.01)
        viewer.viewport().repaint()
    clock.stop("overview", REPAINTS)
    if picture:
        viewer.viewport().grab().save(picture)
    return clock.times


if __name__ == "__main__":
    message = json.load(sys.stdin)
    print(
        json.dumps(
            main(tuple(message["size"]), [tuple(each) for each in message["places"]], message.get("picture", ""))
        )
    )
    sys.stdout.flush()
    os._exit(0)  # its parts are freed in no order that Qt likes
