"""What is painted, and how often; and that a scene that followed edits equals a new one."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from engine.catalog.index import layers
from engine.check.diagnostics import Diagnostic
from engine.graph.edits import AddNode, MoveNodes, SetFrames, SetParam, SetWeights
from engine.graph.model import End, Frame, Graph, Node, Project
from engine.graph.weights import Follows, WeightSettings
from gui.canvas.editing.arranger import MAX_ANIMATED
from gui.canvas.items.node_item import Detail, NodeItem
from gui.canvas.items.node_layout import LEFT, look
from gui.canvas.items.parameter_summary import summary
from gui.canvas.items.size_text import counts, human, pieces
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.scene import GraphScene
from gui.state.analysis_results import NodeResults
from gui.state.document import Document
from gui.state.selection import Selection
from tests.gui.canvas.conftest import project
from tests.gui.canvas.hand import wire
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


# Analysis results


class Results:
    """Results as the analysis would give them."""

    def __init__(self, nodes, problems=()):
        self.nodes, self.problems, self.reported = nodes, problems, ()


def show_results(canvas, results):
    canvas.scene._results = results
    canvas.scene.follow_results()


NODES = {
    "image": NodeResults({"output": ("N", 1, 8, 8)}, {"output": "float"}),
    "conv": NodeResults({"output": ("N", 8, 6, 6)}, {"output": "float"}, 80, 2592),
    "label": NodeResults({"output": ("N",)}, {"output": "int"}),
}


def shape(canvas, source, target):
    return [(piece.text, piece.voice) for piece in canvas.scene.wires[wire(source, target)].pieces]


def test_wires_show_shapes_and_what_changed(canvas):
    show_results(canvas, Results(NODES))
    assert "".join(text for text, _ in shape(canvas, "conv.output", "act.input")) == "N×8×6×6"
    assert shape(canvas, "conv.output", "act.input")[0] == ("N", "dim")
    assert [voice for text, voice in shape(canvas, "conv.output", "act.input") if text.isdigit()] == ["bold"] * 3
    assert shape(canvas, "label.output", "loss.target")[-1] == (" int", "dim")
    assert shape(canvas, "head.output", "loss.input") == []


def test_nodes_show_parameters_and_multiply_adds(canvas):
    show_results(canvas, Results(NODES))
    assert canvas.scene.nodes["conv"].caption == "80 params · 2.59k multiply-adds"
    assert canvas.scene.nodes["image"].caption == ""


def test_a_repeated_node_shows_one_copy_and_the_count(canvas, document):
    document.do(SetFrames("Net", (Frame("stem", (-20, -60, 860, 160)),)))
    nodes = {name: replace(each, times=2) for name, each in NODES.items()}
    show_results(canvas, Results(nodes))
    assert canvas.scene.nodes["conv"].caption == "(40 params · 1.3k multiply-adds) × 2"
    assert canvas.scene.frames[0].caption == "(40 params · 1.3k multiply-adds) × 2"
    assert "40 × 2" in canvas.info.card._results_table("conv")
    show_results(canvas, Results({**nodes, "act": NodeResults(times=3)}))
    assert canvas.scene.frames[0].caption == "80 params · 2.59k multiply-adds"  # in which not all is there twice


@given(st.integers(1, 10**13), st.integers(0, 10**13), st.integers(1, 1000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_caption_is_whole_however_long_it_is(canvas, parameters, macs, times):
    show_results(canvas, Results({"conv": NodeResults(parameters=parameters * times, macs=macs * times, times=times)}))
    item = canvas.scene.nodes["conv"]
    width = canvas.scene.paints.metrics["caption"].horizontalAdvance(item.caption)
    assert (item.caption.endswith(f"× {times}")) is (times > 1)
    assert LEFT + width <= item.boundingRect().right()


@pytest.mark.parametrize("kind", sorted(layers()))
def test_ports_are_named_where_a_side_has_several(canvas, kind):
    inner = Graph({"a": Node("Input"), "b": Node("Input"), "c": Node("Output")})
    project_ = Project(
        graphs={"Net": Graph({"it": Node(kind, graph="Inner" if kind == "Block" else None)}), "Inner": inner}
    )
    paints = canvas.scene.paints
    node_look = look(project_, "Net", "it", paints.measure, (), ())
    for side in (node_look.inputs, node_look.outputs):
        has_several = len({port.base for port in (End("it", spot.port) for spot in side)}) > 1
        assert all(bool(spot.label) is has_several for spot in side)
        assert (
            len({spot.label for spot in side}) == len({End("it", spot.port).base for spot in side}) or not has_several
        )
    for left, right in product(node_look.inputs, node_look.outputs):
        if left.y == right.y and left.label and right.label:
            width = paints.measure(left.label, "label") + paints.measure(right.label, "label") + 2 * LEFT
            assert width < node_look.width
    assert all(spot.y <= node_look.height - 10 for spot in (*node_look.inputs, *node_look.outputs))


def test_frames_show_what_is_in_them(canvas, document):
    document.do(SetFrames("Net", (Frame("stem", (-20, -60, 860, 160)),)))
    show_results(canvas, Results(NODES))
    assert canvas.scene.frames[0].caption == "80 params · 2.59k multiply-adds"


def test_problems_are_badges_and_broken_wires(canvas):
    problems = (
        Diagnostic("S001", "error", "Linear wants 512 features, gets 2048.", node="head", port="input", graph="Net"),
        Diagnostic("G008", "warning", "label reaches nothing.", node="label", graph="Net"),
        Diagnostic("G005", "error", "loss has no wire into target.", node="loss", port="target", graph="Net"),
    )
    show_results(canvas, Results({}, problems))
    nodes, wires = canvas.scene.nodes, canvas.scene.wires
    assert [nodes[name].severity for name in ("head", "label", "loss", "conv")] == [
        "error",
        "unfinished",
        "unfinished",
        "",
    ]
    assert wires[wire("flat.output", "head.input")].is_wrong
    assert not wires[wire("label.output", "loss.target")].is_wrong
    show_results(canvas, Results({}))
    assert not wires[wire("flat.output", "head.input")].is_wrong


def test_a_wire_that_does_not_fit_is_broken_on_a_side_branch_too(canvas):
    misfit = Diagnostic("S003", "warning", "Conv2d wants 4 axes.", node="head", port="input", graph="Net")
    show_results(canvas, Results({"head": NodeResults({"output": ("N", 10)})}, (misfit,)))
    wires = canvas.scene.wires
    assert not wires[wire("flat.output", "head.input")].is_wrong  # the network runs: it is only worth a thought
    show_results(canvas, Results({}, (misfit,)))  # head gives nothing
    assert wires[wire("flat.output", "head.input")].is_wrong


def test_equal_results_paint_nothing(cached_canvas):
    show_results(cached_canvas, Results(NODES))
    assert paints(lambda: show_results(cached_canvas, Results(dict(NODES))))[0] == 0


def test_a_problem_inside_a_block_shows_on_its_use_and_within(canvas, document, selection):
    inner = Graph({"x": Node("Input"), "fc": Node("Linear"), "y": Node("Output")})
    outer = Graph({"a": Node("Block", graph="Stem"), "b": Node("Block", graph="Stem", pos=(300, 0))})
    document.load(Project(graphs={"Net": outer, "Stem": inner}))
    results = Results({}, (Diagnostic("S001", "error", "No.", node="a.fc", graph="Stem"),))
    show_results(canvas, results)
    assert canvas.scene.nodes["a"].severity == "error"
    selection.dive("b")  # a block is judged once, by its first use
    assert canvas.scene.nodes["fc"].severity == "error"


# Texts


@pytest.mark.parametrize(
    ("kind", "params", "text"),
    [
        ("Conv2d", {"out_channels": 32, "kernel_size": 3, "padding": 1}, "32 @ 3×3 · pad 1"),
        ("Conv1d", {"out_channels": 32, "kernel_size": 3}, "32 @ 3"),
        ("Conv2d", {"kernel_size": (3, 5), "bias": False}, "64 @ 3×5 · no bias"),
        ("Linear", {"out_features": 10}, "→ 10"),
        ("Dropout", {"p": 0.25}, "p = 0.25"),
        ("MaxPool2d", {}, "2×2"),
        ("Flatten", {}, "from dim 1"),
        ("Flatten", {"end_dim": 2}, "from dim 1 to 2"),
        ("LSTM", {"hidden_size": 64, "num_layers": 2, "batch_first": True}, "→ 64 · 2 layers"),
        ("MultiheadAttention", {"num_heads": 8}, "8 heads"),
        ("ReLU", {"inplace": True}, "inplace"),
        ("ReLU", {}, "activation"),
        ("CrossEntropyLoss", {"label_smoothing": 0.05}, "smoothing 0.05"),
        ("Input", {"field": "image"}, "image · Digits"),
        ("Frobnicate", {}, "unknown kind"),
    ],
)
def test_the_line_of_parameters_that_matter(kind, params, text):
    node = Node(kind, params)
    assert summary(Project(graphs={"Net": Graph({"n": node})}), "Net", "n", node) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (320, "320"), (999, "999"), (1000, "1k"), (18432, "18.4k"), (999_499, "999k"), (999_500, "1M")],
)
def test_counts_have_at_most_five_characters(count, text):
    assert human(count) == text
    assert len(human(count)) <= 5


def test_a_caption_names_only_what_is_there():
    assert counts(0, 0) == ""
    assert counts(64, 0) == "64 params"
    assert counts(64, 0, 4) == "16 params × 4"
    assert counts(64, 9, 4) == "64 params · 9 multiply-adds"  # of a graph that has changed since


def test_an_axis_of_the_input_is_no_change():
    flat = pieces(("N", 512), before=("N", 32, 4, 4))
    assert [piece.voice for piece in flat if piece.text == "512"] == ["bold"]
    last = pieces(("N", 128), before=("N", 8, 128))
    assert [piece.voice for piece in last if piece.text == "128"] == [""]


# A law

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


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (WeightSettings(frozen=True), "→ 10 · frozen"),
        (WeightSettings(frozen=False, decay=False, lr_scale=1.0), "→ 10"),
        (WeightSettings(lr_scale=0.1), "→ 10 · lr ×0.1"),
        (WeightSettings(follows=Follows("a", 0.9)), "→ 10 · follower"),
    ],
)
def test_a_node_shows_how_its_weights_learn(settings, text):
    node = Node("Linear", {"out_features": 10}, settings=settings)
    assert summary(Project(graphs={"Net": Graph({"n": node})}), "Net", "n", node) == text


def test_the_canvas_shows_settings_of_weights_at_once(canvas, document) -> None:
    document.do(SetWeights("Net", "head", WeightSettings(frozen=True)))
    assert canvas.scene.nodes["head"].look.detail.endswith("frozen")
    document.history.undo()
    assert not canvas.scene.nodes["head"].look.detail.endswith("frozen")
