"""What the canvas shows for an empty graph."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.graph.edits import AddGraph, AddNode, Batch
from engine.graph.model import Data, Graph, Node, Project
from gui.canvas.canvas import Canvas
from tests.gui.shell.window_parts import button
from tests.windows import double_click


def test_an_empty_graph_greets_with_the_next_step_and_takes_it_by_one_click(window, laid_out, qtbot):
    context, greeting = window.context, window.panels["canvas"].greeting
    context.files.new(Project(graphs={"Net": Graph()}))
    QApplication.processEvents()
    assert greeting.isVisible()
    qtbot.mouseClick(button(window, "greeting_first"), Qt.MouseButton.LeftButton)
    graph = context.document.project.graphs["Net"]
    assert {name: node.params["field"] for name, node in graph.nodes.items()} == {"image": "image", "label": "label"}
    assert not greeting.isVisible()
    assert not greeting.buttons.isVisible()
    context.document.history.undo()  # it was one step
    assert not graph.nodes
    assert greeting.isVisible()


def test_an_empty_graph_without_data_leads_to_the_data_page(window, laid_out, qtbot):
    window.context.files.new(Project(graphs={"Net": Graph()}, data=Data("Csv")))
    QApplication.processEvents()
    first = button(window, "greeting_first")
    assert first.text() == "Choose data"
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert window.pages.current == "data"


def test_an_empty_block_greets_with_its_ends(window, laid_out, qtbot):
    context = window.context
    context.document.do(Batch("Make", (AddGraph("Stem", Graph()), AddNode("Net", "stem", Node("Block", graph="Stem")))))
    context.selection.dive("stem")
    QApplication.processEvents()
    qtbot.mouseClick(button(window, "greeting_first"), Qt.MouseButton.LeftButton)
    assert [node.kind for node in context.document.project.graphs["Stem"].nodes.values()] == ["Input", "Output"]


def test_the_words_of_an_empty_graph_take_no_mouse(window, laid_out, qtbot):
    canvas = window.panel("canvas", Canvas)
    window.context.files.new(Project(graphs={"Net": Graph()}))
    QApplication.processEvents()
    place = canvas.greeting.geometry().center()
    viewport = canvas.view.viewport()
    assert canvas.childAt(place) is viewport
    double_click(viewport, viewport.mapFrom(canvas, place))
    assert canvas.layer_popup.search.isVisible()
