"""The page of a node: editors made from declarations, each gesture one undo step, problems beside the value."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.catalog.index import layers
from engine.graph.edits import AddNode, SetParam, SetTraining
from engine.graph.model import Graph, Node, Part
from engine.protocol.answers import Analysed
from gui.forms.choice_editors import ChoiceEditor, FlagEditor, SuggestEditor
from gui.forms.text_editors import DerivedEditor, TextEditor
from gui.inspector.inspector import Inspector
from gui.problems.checks import checks
from gui.state.document import Document
from gui.state.selection import Selection
from tests.gui.inspector.inspector_fields import analysed, field, params, retype, row, settle
from tests.windows import windows_shown


def test_every_kind_has_a_form(inspector: Inspector, document: Document, selection: Selection) -> None:
    for kind, layer in layers().items():
        document.do(AddNode("Net", f"new_{kind}", Node(kind, dict(layer.preset))))
        selection.select((f"new_{kind}",))
        if kind != "Block":
            assert set(inspector.node.form.rows) == {param.name for param in layer.params}
        assert inspector.node.header.title.text() == kind


def test_each_sort_of_parameter_has_its_editor(inspector: Inspector, selection: Selection) -> None:
    selection.select(("conv1",))
    sorts = {name: type(row.editor) for name, row in inspector.node.form.rows.items()}
    assert sorts["in_channels"] is DerivedEditor
    assert sorts["out_channels"] is sorts["kernel_size"] is TextEditor
    assert sorts["bias"] is FlagEditor
    assert sorts["padding_mode"] is ChoiceEditor
    selection.select(("image",))
    assert type(row(inspector, "field").editor) is SuggestEditor
    assert row(inspector, "field").editor.combo.itemText(1) == "label"


def test_a_node_without_switches_makes_room_for_one_with_them(inspector, selection, qtbot) -> None:
    for name in ("image", "conv1", "image", "conv1"):  # an input cannot be bypassed
        selection.select((name,))
        QTest.qWait(0)  # what was replaced is deleted now
        assert ("bypass" in inspector.node.more.rows) is (name == "conv1")


@pytest.mark.parametrize(
    "steps",
    [(["conv1"], ["fc1"], ["drop"]), (["conv1"], [], ["fc1"]), (["conv1", "fc1"], ["act1"], ["conv1", "drop"], [])],
)
def test_forms_that_are_replaced_in_one_moment_never_show_as_windows(inspector, document, selection, qapp, steps):
    with windows_shown() as strays:
        for names in steps:
            selection.select(names)
            inspector.refresh()
        selection.select([])
        for kind in ("SGD", "Adam", "Adagrad"):
            document.do(SetTraining(replace(document.project.training, optimizer=Part(kind))))
            inspector.refresh()
        qapp.processEvents()
    assert strays == []
    assert inspector.isActiveWindow()


def test_typing_changes_the_node_at_once_and_is_one_undo_step(inspector, document, selection, qtbot) -> None:
    selection.select(("conv1",))
    before = document.history.index()

    retype(field(inspector, "out_channels"), "128")

    assert params(document, "conv1")["out_channels"] == 128
    assert document.history.index() == before + 1
    document.history.undo()
    assert params(document, "conv1")["out_channels"] == 32
    settle(qtbot, inspector)
    assert field(inspector, "out_channels").text() == "32"
    document.history.redo()
    assert params(document, "conv1")["out_channels"] == 128


def test_enter_ends_the_step(inspector, document, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    retype(line, "64")
    QTest.keyClick(line, Qt.Key.Key_Return)
    retype(line, "16")

    document.history.undo()

    assert params(document, "conv1")["out_channels"] == 64


def test_another_field_is_another_undo_step(inspector, document, selection) -> None:
    selection.select(("conv1",))
    before = document.history.index()
    retype(field(inspector, "out_channels"), "8")
    retype(field(inspector, "groups"), "2")
    assert document.history.index() == before + 2


def test_what_is_typed_is_not_rewritten_while_typing(inspector, document, selection, qtbot) -> None:
    selection.select(("drop",))
    line = field(inspector, "p")
    retype(line, "0.50")
    settle(qtbot, inspector)
    assert line.text() == "0.50"
    assert params(document, "drop")["p"] == 0.5
    inspector.node.name.rows["name"].editor.field.setFocus()
    assert line.text() == "0.5"


def test_arrows_and_keys_step_within_one_undo_step(inspector, document, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    before = document.history.index()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up)
    QTest.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() - 6, line.height() - 5))
    assert params(document, "conv1")["out_channels"] == 32 + 1 + 10 - 1
    assert document.history.index() == before + 1


def test_dragging_the_name_steps_the_value(inspector, document, selection) -> None:
    selection.select(("conv1",))
    label = row(inspector, "out_channels").label
    before = document.history.index()
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    for x in (20, 30, 40):
        QTest.mouseMove(label, QPoint(x, 8))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
    assert params(document, "conv1")["out_channels"] == 37
    assert document.history.index() == before + 1
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    QTest.mouseMove(label, QPoint(17, 8))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(17, 8))
    assert document.history.index() == before + 2


def test_sizes_are_shown_for_each_axis(inspector, document, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "kernel_size")
    assert line.text() == "3 × 3"
    retype(line, "3x5")
    assert params(document, "conv1")["kernel_size"] == (3, 5)
    retype(field(inspector, "padding"), "same")
    assert params(document, "conv1")["padding"] == "same"


def test_a_switch_and_a_choice_are_separate_undo_steps(inspector, document, selection) -> None:
    selection.select(("conv1",))
    QTest.mouseClick(row(inspector, "bias").editor.switch, Qt.MouseButton.LeftButton)
    assert params(document, "conv1")["bias"] is False
    combo = row(inspector, "padding_mode").editor.combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert params(document, "conv1")["padding_mode"] == "reflect"
    document.history.undo()
    assert "padding_mode" not in params(document, "conv1")
    document.history.undo()
    assert "bias" not in params(document, "conv1")


def test_an_illegal_value_is_kept_and_named(inspector, document, selection, qtbot) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    retype(line, "0")
    settle(qtbot, inspector)
    problem = row(inspector, "out_channels").problem
    assert problem.text() == "out_channels must be >= 1, got 0"
    assert problem.isVisible()
    assert line.property("wrong") is True
    assert params(document, "conv1")["out_channels"] == 0
    QTest.mouseClick(row(inspector, "out_channels").reset, Qt.MouseButton.LeftButton)
    assert params(document, "conv1")["out_channels"] == 64
    assert not problem.isVisible()


def test_an_unreadable_text_changes_nothing(inspector, document, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    before = document.history.index()
    retype(line, "many")
    assert row(inspector, "out_channels").problem.text() == "out_channels must be a whole number, got 'many'"
    assert document.history.index() == before
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "32"
    assert not row(inspector, "out_channels").problem.isVisible()


def test_back_to_the_default(inspector, document, selection) -> None:
    selection.select(("conv1",))
    assert not row(inspector, "stride").reset.isVisible()
    reset = row(inspector, "padding").reset
    assert reset.isVisible()
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert "padding" not in params(document, "conv1")
    document.history.undo()
    assert params(document, "conv1")["padding"] == 1


def test_a_required_parameter_is_marked(inspector, selection) -> None:
    selection.select(("conv1",))
    assert "*" in row(inspector, "out_channels").label.text()
    assert "*" not in row(inspector, "stride").label.text()


def test_a_size_from_the_input_is_shown_and_can_be_set_by_hand(inspector, document, selection, results) -> None:
    selection.select(("conv1",))
    results.take(Analysed(1, (), analysed(conv1=(["N", 32, 8, 8], {"in_channels": 1})), 320, 18432), document.revision)
    line = field(inspector, "in_channels")
    assert line.text() == ""
    assert line.placeholderText() == "1"
    assert line.property("derived") is True
    retype(line, "3")
    assert params(document, "conv1")["in_channels"] == 3
    assert line.property("derived") is False
    line.clear()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClicks(line, "4")
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert "in_channels" not in params(document, "conv1")


def test_the_results_and_the_code_of_the_node_are_shown(inspector, document, selection, results) -> None:
    selection.select(("conv1",))
    source = (
        "class Net(nn.Module):\n    def a():\n        self.conv1 = nn.Conv2d(1, 32)\n        x = self.conv1(image)\n"
    )
    nodes = analysed(conv1=(["N", 32, 8, 8], {}))
    results.take(Analysed(1, (), nodes, 320, 18432, source, {3: "conv1", 4: "conv1"}), document.revision)
    texts = [label.text() for label in inspector.node.table.values]
    assert texts[:3] == ["N × 32 × 8 × 8", "320", "18.4\u202fk / sample"]
    assert inspector.node.code.toPlainText() == "self.conv1 = nn.Conv2d(1, 32)\nx = self.conv1(image)"


def test_the_parameters_of_a_repeated_block_are_shown_for_one_and_times_the_number(
    inspector, selection, results, document
) -> None:
    twice = {**analysed(fc1=(["N", 64], {}), conv1=(["N", 32, 8, 8], {})), "head": {"outputs": {}, "parameters": 640,
             "macs": 640, "times": 2}}  # fmt: skip
    twice["fc1"] |= {"parameters": 8320, "macs": 8192, "times": 2}
    results.take(Analysed(1, (), twice, 8960, 8832), document.revision)
    selection.select(("fc1",))
    texts = [label.text() for label in inspector.node.table.values]
    assert texts[1:3] == ["4,160 × 2", "4.1\u202fk × 2 / sample"]
    selection.select(("fc1", "head"))
    assert inspector.many.table.values[0].text() == "4,480 × 2"
    selection.select(("fc1", "conv1"))  # of which not all is there twice
    assert inspector.many.table.values[0].text() == "8,640"


def test_the_size_of_a_graph_counts_the_nodes_within_blocks(inspector, document, selection) -> None:
    assert inspector.project.table.values[0].text() == "11"
    inside = Graph({"x": Node("Input"), "act": Node("ReLU"), "y": Node("Output")})
    project = document.project
    graphs = {"Net": Graph({"a": Node("Block", graph="In"), "b": Node("Block", graph="In", repeat=3)}), "In": inside}
    document.load(replace(project, graphs={**graphs, "Unused": Graph({"x": Node("Input")})}), None)
    selection.clear()
    inspector.project.refresh()
    main, whole = "2 nodes, 0 wires", "5 nodes, 0 wires"
    assert [label.text() for label in inspector.project.table.values[:2]] == ["2 (5 with blocks)", "0"]
    assert checks(document.project, inspector.project._results)[0].text == f"{main} ({whole} with blocks)"


def test_gradients_are_shown_as_they_come(inspector, selection) -> None:
    norms = [0.02, 0.031]
    inspector.set_gradients(lambda path: norms if path == "conv1" else [])
    selection.select(("conv1",))
    assert inspector.node.table.values[-1].text() == "3.1e-2"
    norms.append(0.5)
    inspector.refresh_gradients()
    assert inspector.node.table.values[-1].text() == "0.5"
    selection.select(("bn1",))
    assert not inspector.node.table.spark.isVisible()


def test_a_problem_is_shown_with_its_fix(inspector, document, selection, qtbot) -> None:
    selection.select(("conv1",))
    document.do(SetParam("Net", "conv1", "out_chanels", 3))
    qtbot.waitUntil(lambda: bool(inspector.node.problems.cards) and inspector.node.problems.isVisible())
    card = inspector.node.problems.cards[0]
    assert "has no parameter out_chanels" in card.accessibleName()
    QTest.mouseClick(card.fix, Qt.MouseButton.LeftButton)
    assert "out_chanels" not in params(document, "conv1")
    document.history.undo()
    assert "out_chanels" in params(document, "conv1")


def test_an_input_gives_its_shape_and_element(inspector, document, selection, qtbot) -> None:
    selection.select(("image",))
    before = dict(params(document, "image"))
    retype(field(inspector, "shape"), "T x 128")
    settle(qtbot, inspector)
    assert params(document, "image")["shape"] == ("T", 128)
    assert not row(inspector, "shape").wrong
    retype(field(inspector, "shape"), "N x 128")
    assert "axis of the samples" in row(inspector, "shape").wrong
    retype(field(inspector, "shape"), "128")
    elements = row(inspector, "element").editor.combo
    elements.setCurrentText("int64")
    elements.activated.emit(elements.currentIndex())
    assert params(document, "image") == before | {"shape": (128,), "element": "int64"}
    for _ in range(3):
        document.history.undo()
    assert params(document, "image") == before


@pytest.mark.parametrize("text", ["5 * 3", "32x"])
def test_a_text_that_cannot_be_read_leaves_the_value_of_before(inspector, document, selection, text) -> None:
    selection.select(("conv1",))
    before = params(document, "conv1")["out_channels"]
    line = field(inspector, "out_channels")
    retype(line, text)
    assert row(inspector, "out_channels").wrong
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert params(document, "conv1")["out_channels"] == before
    assert line.text() == str(before)
