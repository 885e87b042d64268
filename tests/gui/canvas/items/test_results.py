"""Analysis results on nodes, wires and frames."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.check.diagnostics import Diagnostic
from engine.graph.edits import SetFrames
from engine.graph.model import Frame, Graph, Node, Project
from gui.canvas.items.node_layout import LEFT
from gui.state.analysis_results import NodeResults
from tests.gui.canvas.hand import wire
from tests.gui.canvas.items.results import NODES, Results, show_results


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


def test_all_that_is_shown_includes_the_captions(canvas):
    show_results(canvas, Results(NODES))
    captions = [item.caption_rect for item in canvas.scene.nodes.values() if item.caption]
    assert captions
    assert all(rect.bottom() <= canvas.scene.content.bottom() for rect in captions)


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


@pytest.mark.parametrize("path", ["a.fc", "a[1].fc"])  # of the first repetition, or of another
def test_a_problem_inside_a_block_shows_on_its_use_and_within(canvas, document, selection, path):
    inner = Graph({"x": Node("Input"), "fc": Node("Linear"), "y": Node("Output")})
    outer = Graph({"a": Node("Block", graph="Stem"), "b": Node("Block", graph="Stem", pos=(300, 0))})
    document.load(Project(graphs={"Net": outer, "Stem": inner}))
    results = Results({}, (Diagnostic("S001", "error", "No.", node=path, graph="Stem"),))
    show_results(canvas, results)
    assert canvas.scene.nodes["a"].severity == "error"
    selection.dive("b")  # a block is judged once, by its first use
    assert canvas.scene.nodes["fc"].severity == "error"
