"""Wires on the canvas follow their routes: at once if there is little to do, or else when the window is idle."""

import pytest
from PySide6.QtCore import QPointF

from bench.famous import FAMOUS, resnet, scattered
from bench.pictures import FakeResults, count_faults, in_a_row, sampled
from engine.graph.edits import SetPoints
from engine.graph.model import Graph, Node, Project
from engine.graph.routes import Box, Router
from gui.canvas.canvas import Canvas
from tests.gui.canvas.hand import SHIFT, wire


@pytest.fixture
def open_canvas(qtbot, document, selection, theme, actions):
    """A canvas on a graph of which all shapes are known."""

    def show(graph):
        project = Project(graphs={"Net": graph})
        canvas = Canvas(document, selection, FakeResults(project), theme, actions)
        qtbot.addWidget(canvas)
        canvas.arranger.is_animated = False
        canvas.resize(1100, 640)
        canvas.show()
        document.load(project)
        return canvas

    return show


@pytest.mark.parametrize("place", ["arranged", "in a row"])
@pytest.mark.parametrize("name", ["U-Net", "transformer"])  # the others: tests/engine/graph/test_routes.py
def test_painted_wires_keep_clear_of_nodes_and_of_each_other(open_canvas, name, place):
    canvas = open_canvas(FAMOUS[name]())
    canvas.arrange() if place == "arranged" else in_a_row(canvas)
    counts = count_faults(canvas)
    assert counts[:3] == (0, 0, 0)
    assert counts.hidden_chips < len(canvas.scene.wires) / 3


def test_painted_wires_are_the_routes_of_the_painted_nodes(open_canvas):
    canvas = open_canvas(scattered(2, 25))
    in_a_row(canvas)
    canvas.scene.routing.finish()
    router = Router()
    for name, item in canvas.scene.nodes.items():
        rect = item.scene_rect
        router.put_node(name, Box(rect.left(), rect.top(), rect.right(), rect.bottom()))
    for each, item in canvas.scene.wires.items():
        router.put_wire(each, *(end.toTuple() for end in item.ends))
    for each, item in canvas.scene.wires.items():
        corners = router.route(each)
        assert [stop.toTuple() for stop in item.line] == [pytest.approx(corner) for corner in corners]
        left, right = min(x for x, _ in corners), max(x for x, _ in corners)
        top, foot = min(y for _, y in corners), max(y for _, y in corners)
        bounds = item.path.boundingRect()
        assert left - 0.1 <= bounds.left() <= bounds.right() <= right + 0.1
        assert top - 0.1 <= bounds.top() <= bounds.bottom() <= foot + 0.1


def skip():
    """Four nodes in a row, with a wire from the first to the last."""
    nodes = {name: Node("ReLU", pos=(240.0 * place, 0.0)) for place, name in enumerate("abcd")}
    nodes["d"] = Node("add", pos=(720.0, -40.0))  # whose second port is as high as the nodes before it
    wires = [wire(f"{a}.output", f"{b}.input") for a, b in ("ab", "bc", "cd")]
    return Graph(nodes, [*wires, wire("a.output", "d.other")])


def test_a_wire_follows_a_drag_quickly_and_gets_its_route_at_the_end(canvas, hand, document):
    document.load(Project(graphs={"Net": skip()}))
    canvas.view.set_zoom(1.0)
    canvas.view.centerOn(QPointF(400, 100))
    scene = canvas.scene
    over, beside = scene.wires[wire("a.output", "d.other")], scene.wires[wire("b.output", "c.input")]
    before, other_line = over.line, beside.line
    assert len(before) == 6

    hand.press("d")
    hand.move(QPointF(820, 130))
    assert len(over.line) == 2

    hand.release()
    assert len(over.line) > 2
    assert over.line != before
    assert beside.line is other_line


def test_a_wire_is_routed_around_a_node_that_was_moved_onto_it(canvas, hand, document):
    graph = skip()
    graph.nodes["far"] = Node("ReLU", pos=(300.0, 300.0))
    document.load(Project(graphs={"Net": graph}))
    canvas.view.set_zoom(1.0)
    canvas.view.centerOn(QPointF(400, 150))
    over = canvas.scene.wires[wire("a.output", "d.other")]
    lane = over.line[2]
    hand.drag("far", QPointF(400, lane.y()), keys=SHIFT)  # not inserted
    node = canvas.scene.nodes["far"].scene_rect
    assert node.top() < lane.y() < node.bottom()
    assert not any(node.contains(point) for point in sampled(over))


def test_a_wire_passes_through_its_dots(canvas, document):
    document.load(Project(graphs={"Net": skip()}))
    dots = ((300.0, 260.0), (520.0, 180.0))
    document.do(SetPoints("Net", wire("a.output", "d.other").target, dots))
    (item,) = [each for each in canvas.scene.wires.values() if each.points]
    for x, y in dots:
        assert min((point - QPointF(x, y)).manhattanLength() for point in sampled(item)) < 6


def test_a_chip_without_room_is_shown_while_its_wire_is_hovered(open_canvas, qtbot):
    canvas = open_canvas(scattered(5, 40))
    in_a_row(canvas)
    canvas.scene.follow_results()
    canvas.scene.routing.finish()
    item = next(each for each in canvas.scene.wires.values() if each.pieces and each.chip_rect is None)
    item.show_hovered(True)
    assert item.chip_rect is not None
    assert item.zValue() > max(node.zValue() for node in canvas.scene.nodes.values())
    item.show_hovered(False)
    assert item.chip_rect is None
    assert item.zValue() < 0


def test_a_deep_network_is_routed_bit_by_bit(open_canvas, qtbot):
    canvas = open_canvas(resnet(16))
    routing = canvas.scene.routing
    in_a_row(canvas)
    assert not routing.is_done
    qtbot.waitUntil(lambda: routing.is_done, timeout=20_000)
    assert all(item.has_route for item in canvas.scene.wires.values())


@pytest.mark.parametrize("what", ["undo", "another file", "another graph", "delete"])
def test_changes_during_routing_are_routed_too(open_canvas, qtbot, document, what):
    canvas = open_canvas(resnet(16))
    routing = canvas.scene.routing
    in_a_row(canvas)
    qtbot.wait(10)
    assert not routing.is_done

    if what == "undo":
        document.history.undo()
    elif what == "another file":
        document.load(Project(graphs={"Net": resnet(14)}))
    elif what == "another graph":
        document.load(Project(main="Other", graphs={"Other": resnet(3)}))
    else:
        canvas.commands.select_all()
        canvas.commands.delete()
        document.history.undo()

    qtbot.waitUntil(lambda: routing.is_done, timeout=20_000)
    assert set(canvas.scene.wires) == set(canvas.scene.graph.wires)
    assert all(item.has_route for item in canvas.scene.wires.values() if item.source.pos() != item.target.pos())
