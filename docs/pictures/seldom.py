"""Scenes that are met less often: large graphs, marks on the canvas, notices, more runs, other data."""

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QWidget

from bench.famous import resnet, unet
from bench.projects import chain
from engine.graph.edits import AddNode, SetData, SetFrames, SetNode, SetNotes, SetParam, SetProject
from engine.graph.model import Data, Frame, Node, Note, Project, Split
from gui.state.notices import Notice

if TYPE_CHECKING:
    from states import Album

LONG_NAME = "handwritten-digits-with-two-convolutions-and-dropout"


def large(it: "Album") -> None:
    """Graphs that fill the canvas, one that does not fit, and the inside of a block."""
    for name, graph in (("unet", unet()), ("resnet", resnet(14))):
        for variant in it.variants():
            it.open(Project(graphs={"Net": graph}))
            it.act("graph.arrange")
            it.rest(1.2)
            it.take(f"{name}-{variant}")
    it.open(chain(1000))
    it.rest(2.0)
    it.keep("thousand")
    it.fresh("digits-transformer")
    it.context.selection.dive("encoder")
    it.rest()
    it.keep("block")


def marks(it: "Album") -> None:
    """A selected wire, a frame, a note, a bypassed node, one without wires; found nodes; the list of problems."""
    it.fresh("digits-cnn")
    document = it.context.document
    wires = document.project.graphs["Net"].wires
    it.context.selection.select_wire(next(wire for wire in wires if wire.target.node == "pool1"))
    it.keep("wire")
    it.context.selection.clear()
    nodes = it.window.panels["canvas"].scene.nodes
    around = nodes["conv1"].scene_rect.united(nodes["act1"].scene_rect).adjusted(-30, -40, 30, 30)
    document.do(SetFrames("Net", (Frame("stem", around.getRect()),)))
    below = nodes["loss"].scene_rect.bottomLeft()
    document.do(SetNotes("Net", (Note("Try a second convolution.", (below.x(), below.y() + 40, 260, 44)),)))
    document.do(SetNode("Net", "drop", "bypass", True))
    document.do(AddNode("Net", "lost", Node("Linear", {"out_features": 8}, (700.0, 330.0))))
    it.rest(1.5)
    it.keep("marks")
    it.act("edit.find")
    QTest.keyClicks(it.app.frame.findChild(QWidget, "find_field"), "relu")
    it.rest(0.4)
    it.keep("find")
    it.window.panels["canvas"].finder.finish()
    it.act("graph.next_problem")
    it.rest()
    it.keep("problem-list")


def notices(it: "Album") -> None:
    """Messages over the foot of the page."""
    it.fresh("digits-cnn")
    it.context.notices.show(
        Notice("one", "digits-cnn.loom was changed by another program.", "warning", (("Reload", id),))
    )
    it.context.notices.show(
        Notice("two", "The last analysis failed: the worker ended (exit 9). What is shown is from before.", "error")
    )
    it.rest()
    it.keep("notices")
    it.context.notices.remove("one", "two")


def names(it: "Album") -> None:
    """A long name, and no run yet."""
    it.fresh("digits-cnn")
    it.context.document.do(SetProject("name", LONG_NAME))
    it.keep("long-name")
    it.act("view.runs")
    it.rest()
    it.keep("runs-none")
    it.act("view.code")
    tabs = it.window.panels["code"].findChild(QTabBar)
    tabs.setCurrentIndex(next(at for at in range(tabs.count()) if tabs.tabText(at) == "train.py"))
    it.rest(1.5)
    it.keep("code-train")
    tabs.setCurrentIndex(0)
    it.act("view.graph")


def more_runs(it: "Album") -> None:
    """Three runs that differ, one of them failed."""
    it.fresh("digits-cnn")
    document = it.context.document
    for channels, p in ((8, 0.25), (16, 0.1), (4, 0.5)):
        document.do(SetParam("Net", "conv1", "out_channels", channels))
        document.do(SetParam("Net", "drop", "p", p))
        it.train(6)
        it.until(lambda: it.position > 5)
        it.until(lambda: not len(it.context.runs.link))
    it.act("view.runs")
    it.rest(1.0)
    it.window.panels["runs"].choose([run.path for run in it.context.runs.inventory.runs][:3])
    it.rest(1.0)
    it.keep("runs-three")
    it.act("view.graph")


def other_data(it: "Album") -> None:
    """A test part, the columns of a table, numbers as the target, points, and a file that is not there."""
    it.fresh("iris-mlp")
    document, page = it.context.document, "view.data"
    data = document.project.data
    document.do(SetData(Data(data.kind, data.params, Split(0.2, 0.1), data.transforms)))
    it.act(page)
    it.rest(2.0)
    tabs = it.window.panels["data"].samples.tabs
    tabs.setCurrentIndex(2)
    it.rest(0.6)
    it.keep("data-test")
    tabs.setCurrentIndex(3)
    it.rest(0.6)
    it.keep("data-columns")
    for name in ("diabetes-mlp", "gate-xor"):
        it.act("view.graph")
        it.fresh(name)
        it.act(page)
        it.rest(2.0)
        it.keep(f"data-{name}")
    document.do(SetData(Data("Csv", {"path": "/home/ada/data/measurements-of-the-year.csv", "target": "kind"})))
    it.rest(2.0)
    it.keep("data-missing")
    it.act("view.graph")
    it.fresh("digits-cnn")


SELDOM = (large, marks, notices, names, more_runs, other_data)
