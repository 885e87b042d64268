"""What is painted, and how often; and that a scene that followed edits equals a new one."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.graph.edits import AddNode, MoveNodes, SetParam
from engine.graph.model import Graph, Node, Project
from gui.canvas.editing.arranger import MAX_ANIMATED
from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.scene import GraphScene
from gui.state.document import Document
from gui.state.selection import Selection
from tests.gui.canvas.conftest import project
from tests.gui.canvas.hand import wire
from tests.gui.canvas.items.results import NODES, Results, show_results
from tests.strategies.edits import edits


def paints(act):
    """How many nodes and wires are painted by what ``act`` does."""
    QApplication.processEvents()
    before = NodeItem.paint_count, WireItem.paint_count
    act()
    QApplication.processEvents()
    return NodeItem.paint_count - before[0], WireItem.paint_count - before[1]


@pytest.fixture
def cached_canvas(canvas, qtbot):
    """The canvas, with every picture cached."""
    qtbot.waitUntil(lambda: canvas.scene.cached)
    QApplication.processEvents()
    canvas.view.viewport().repaint()
    return canvas


def test_a_node_is_one_item(canvas):
    items = canvas.scene.items()
    graph = canvas.scene.graph
    assert len(items) == len(graph.nodes) + len(graph.wires) + 1  # and what gestures draw
    assert not any(item.childItems() for item in items)


def test_cached_pictures_are_not_painted_again(cached_canvas):
    nodes, _ = paints(cached_canvas.view.viewport().repaint)
    assert nodes == 0


def test_hovering_paints_one_node(cached_canvas, hand):
    assert paints(lambda: hand.move("conv", steps=1))[0] == 1
    assert paints(lambda: hand.move(hand.view.scene_at(hand.spot("conv")) + QPointF(5, 0), steps=1))[0] == 0
    assert paints(lambda: hand.move("act", steps=1))[0] == 2


def test_selecting_paints_what_differs(cached_canvas, selection):
    assert paints(lambda: selection.select(("conv",)))[0] == 1
    assert paints(lambda: selection.select(("act",)))[0] == 2
    assert paints(lambda: selection.select(("act",)))[0] == 0


def test_an_edit_paints_its_node(cached_canvas, document):
    assert paints(lambda: document.do(SetParam("Net", "conv", "out_channels", 16)))[0] == 1
    assert paints(lambda: document.do(SetParam("Net", "conv", "out_channels", 16)))[0] == 0


def test_a_drag_paints_no_cached_picture(cached_canvas, hand):
    hand.press("loss")
    hand.move(QPointF(820, 260), steps=1)
    assert paints(lambda: hand.move(QPointF(860, 300), steps=1))[0] == 0
    hand.release()


def test_activity_paints_the_nodes_that_changed(cached_canvas):
    levels = {"conv": 3, "head": 5}
    assert paints(lambda: cached_canvas.set_activity(levels))[0] == 2
    assert paints(lambda: cached_canvas.set_activity(dict(levels)))[0] == 0
    assert paints(lambda: cached_canvas.set_activity({**levels, "head": 6}))[0] == 1
    assert paints(lambda: cached_canvas.set_activity({}))[0] == 2


def test_from_afar_no_item_paints(cached_canvas):
    cached_canvas.view.set_zoom(0.2)
    assert cached_canvas.scene.detail is Detail.NONE
    assert paints(cached_canvas.view.viewport().repaint) == (0, 0)


def test_a_zoom_caches_no_pictures_until_it_rests(cached_canvas, qtbot):
    cached_canvas.view.set_zoom(0.9)
    assert not cached_canvas.scene.cached
    qtbot.waitUntil(lambda: cached_canvas.scene.cached)
    cached_canvas.view.set_zoom(2.0)
    qtbot.waitUntil(lambda: not cached_canvas.view._cache_timer.isActive())
    assert not cached_canvas.scene.cached


def test_only_wires_in_sight_have_a_curve(canvas, document):
    nodes = {f"n{place}": Node("ReLU", pos=(place % 20 * 240.0, place // 20 * 120.0)) for place in range(300)}
    wires = [wire(f"n{place}.output", f"n{place + 1}.input") for place in range(299)]
    document.load(Project(graphs={"Net": Graph(nodes, wires)}))

    def curves():
        return sum(item._wire_path._path is not None for item in canvas.scene.wires.values())

    canvas.view.set_zoom(0.2)
    QApplication.processEvents()
    runs_back = sum(item.runs_back for item in canvas.scene.wires.values())
    assert curves() <= runs_back  # how far those reach says what is to be fitted
    canvas.view.set_zoom(1.0)
    canvas.view.centerOn(600, 400)
    QApplication.processEvents()
    assert 0 < curves() - runs_back < 100


def test_arranging_many_nodes_routes_each_wire_once(canvas, document, monkeypatch):
    count = MAX_ANIMATED + 20
    nodes = {f"n{place}": Node("ReLU", pos=(0.0, place * 10.0)) for place in range(count)}
    wires = [wire(f"n{place}.output", f"n{place + 1}.input") for place in range(count - 1)]
    document.load(Project(graphs={"Net": Graph(nodes, wires)}))
    canvas.arranger.is_animated = True
    rerouted = []
    monkeypatch.setattr(WireItem, "reroute", lambda item: rerouted.append(item.wire))
    canvas.scene.finish()
    rerouted.clear()
    canvas.arrange()
    canvas.arranger.finish()
    canvas.scene.finish()
    assert len(set(rerouted)) == len(rerouted)
    assert len(rerouted) == len(wires)
    assert all(item.scene_rect.topLeft().toTuple() == nodes[name].pos for name, item in canvas.scene.nodes.items())


def test_the_overview_shows_every_node(canvas):
    canvas.view.set_zoom(0.2)
    canvas.view.centerOn(canvas.scene.content.center())
    QApplication.processEvents()
    picture = canvas.view.viewport().grab().toImage()
    ground = canvas.scene.paints.canvas
    for item in canvas.scene.nodes.values():
        at = canvas.view.viewportTransform().map(item.scene_rect.center()).toPoint()
        assert picture.pixelColor(at) != ground


def test_both_themes_paint_everything(canvas, theme):
    dark = canvas.view.viewport().grab().toImage()
    theme.set("light")
    QApplication.processEvents()
    light = canvas.view.viewport().grab().toImage()
    for at in (QPointF(5, 5), canvas.view.viewportTransform().map(QPointF(380, 50))):
        assert dark.pixelColor(at.toPoint()).lightness() < 80
        assert light.pixelColor(at.toPoint()).lightness() > 200


def test_equal_results_paint_nothing(cached_canvas):
    show_results(cached_canvas, Results(NODES))
    assert paints(lambda: show_results(cached_canvas, Results(dict(NODES))))[0] == 0


FARTHEST = 1e9  # pixels; far beyond, numbers that differ by a pixel are one and the same, and so are routes


def state(scene):
    return (
        {name: (item.look, item.pos().toTuple(), item.is_selected) for name, item in scene.nodes.items()},
        {each: (item.points, [stop.toTuple() for stop in item.line]) for each, item in scene.wires.items()},
        [(item.title, item.rect.getRect()) for item in scene.frames],
        [(item.text, item.rect.getRect()) for item in scene.notes],
        len(scene.items()),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_a_scene_that_followed_edits_equals_a_new_one(theme, data):
    document = Document()
    document.load(project())
    selection = Selection(document)
    scene = GraphScene(document, selection, None, theme)
    for _ in range(data.draw(st.integers(1, 12))):
        match data.draw(st.sampled_from(("edit", "edit", "edit", "undo", "redo"))):
            case "edit":
                document.do(data.draw(edits(document.project)))
            case "undo":
                document.history.undo()
            case "redo":
                document.history.redo()
        graph = document.project.graphs.get(document.project.main)
        if graph is None or any(abs(side) > FARTHEST for node in graph.nodes.values() for side in node.pos):
            return
    fresh = GraphScene(document, selection, None, theme)
    assert state(scene) == state(fresh)


def test_undo_of_an_added_node_restores_the_scene(canvas, document):
    before = state(canvas.scene)
    document.do(AddNode("Net", "extra", Node("ReLU")))
    document.do(MoveNodes("Net", {"extra": (500.0, 500.0)}))
    document.history.undo()
    document.history.undo()
    assert state(canvas.scene) == before


def test_nothing_heavy_is_loaded_by_drawing(canvas, hand, selection):
    """In a fresh process, since other tests load what they like."""
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from gui.canvas.canvas import Canvas; from gui.actions.actions import Actions;"
        "from gui.state.document import Document;"
        "from gui.state.selection import Selection; from gui.theme import Theme; d = Document(); s = Selection(d);"
        "c = Canvas(d, s, None, Theme(app), Actions()); c.show(); app.processEvents(); c.grab();"
        "print([m for m in ('torch', 'numpy', 'networkx', 'pyqtgraph') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
