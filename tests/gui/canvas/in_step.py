"""Whether a scene shows its graph: every item of it, and nothing else; also after undo and redo."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtWidgets import QApplication, QWidget

from engine.graph.model import Project
from engine.project import file
from gui.actions.actions import Actions
from gui.canvas.canvas import Canvas
from gui.canvas.items.node_layout import look
from gui.inspector.inspector import Inspector
from gui.outline.outline import Outline
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from tests.gestures import small


def assert_in_step(canvas: Canvas) -> None:
    """The items are the graph's nodes, wires, frames and notes, as they are now and where they are."""
    scene, document, selection = canvas.scene, canvas.scene.document, canvas.scene.selection
    assert scene.graph_name == selection.graph
    graph = document.project.graphs[selection.graph]
    assert set(scene.nodes) == set(graph.nodes)
    for name, node in graph.nodes.items():
        into = [wire for wire in graph.wires if wire.target.node == name]
        out_of = [wire for wire in graph.wires if wire.source.node == name]
        item = scene.nodes[name]
        assert item.look == look(document.project, selection.graph, name, scene.paints.measure, into, out_of), name
        assert item.pos() == QPointF(*node.pos), name
        assert item.scene_rect == QRectF(*node.pos, item.look.width, item.look.height), name
        assert item.is_selected is (name in selection.nodes), name
    wires = [wire for wire in graph.wires if {wire.source.node, wire.target.node} <= graph.nodes.keys()]
    assert set(scene.wires) == set(wires)
    for wire, item in scene.wires.items():
        assert (item.source, item.target) == (scene.nodes[wire.source.node], scene.nodes[wire.target.node])
        assert item.points == wire.points
        path, (start, end) = item.path, item.ends
        last = path.elementAt(path.elementCount() - 1)
        assert (QPointF(path.elementAt(0).x, path.elementAt(0).y), QPointF(last.x, last.y)) == (start, end), wire
    assert [(item.title, item.rect) for item in scene.frames] == [(f.title, QRectF(*f.rect)) for f in graph.frames]
    assert [(item.text, item.rect) for item in scene.notes] == [(n.text, QRectF(*n.rect)) for n in graph.notes]
    items = {*scene.nodes.values(), *scene.wires.values(), *scene.frames, *scene.notes}
    assert {*scene.items()} == items | {canvas.view.overlay}
    assert selection.nodes <= graph.nodes.keys()


def text(document: Document) -> str:
    return file.dump(document.project)


def spaced_out() -> Project:
    """Convolutions, a block, and nodes that have no wire, with room around each."""
    project = small()
    for graph in project.graphs.values():
        for place, node in enumerate(graph.nodes.values()):
            node.pos = (300.0 * (place % 3), 200.0 * (place // 3))
    return project


def goes_back_and_forth(document: Document, start: str, look: Callable[[], object]) -> None:
    """Undo of all steps gives the start, redo of all the end, and the scene is in step after each."""
    history, end = document.history, text(document)
    at = history.index()
    while history.canUndo():
        history.undo()
        look()
    assert text(document) == start
    while history.index() < at:
        history.redo()
        look()
    assert text(document) == end


@contextmanager
def canvas_with_panels(theme: Theme, actions: Actions, qapp: QApplication, full: bool) -> Iterator[Canvas]:
    """A canvas with other panels of a document, for one example; deleted even if the example fails."""
    document = Document()
    document.load(spaced_out())
    selection, results = Selection(document, document), AnalysisResults(document, document)
    canvas = Canvas(document, selection, results, theme, actions)
    panels: list[QWidget] = [canvas]
    if full:  # they follow a moment later, and are slow to follow everything
        panels += [Inspector(document, selection, results, theme), Outline(document, selection, results, theme)]
    for panel in panels:
        panel.show()
    try:
        yield canvas
    finally:
        for each in (*panels, document):
            each.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # one that stays would catch other tests' pointers
        assert not [each for each in QApplication.topLevelWidgets() if each in panels]


def turn_until(qapp: QApplication, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        qapp.processEvents()
