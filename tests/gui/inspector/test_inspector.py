"""The inspector: editors made from declarations, each gesture one undo step, problems beside the value."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.catalog.index import layers
from engine.catalog.params import Text
from engine.graph.compose import make_block
from engine.graph.edits import AddNode, SetData, SetParam, SetTraining
from engine.graph.model import Data, Graph, Node, Part
from engine.protocol.answers import Analysed
from gui.forms.choice_editors import ChoiceEditor, FlagEditor, SuggestEditor
from gui.forms.form import Form
from gui.forms.param_row import ParamRow
from gui.forms.text_editors import DerivedEditor, PathEditor, TextEditor
from gui.inspector.inspector import Inspector
from gui.problems.checks import checks
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from tests.windows import in_front, windows_shown


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def inspector(document, selection, results, theme: Theme, qtbot: QtBot) -> Inspector:
    return in_front(Inspector(document, selection, results, theme), qtbot, 300, 900)


def analysed(**nodes) -> dict:
    return {
        name: {"outputs": {"output": shape}, "parameters": 320, "macs": 18432, "elements": {}, "derived": derived}
        for name, (shape, derived) in nodes.items()
    }


def row(inspector: Inspector, name: str) -> ParamRow:
    return inspector.page.form.rows[name]


def field(inspector: Inspector, name: str) -> QLineEdit:
    return row(inspector, name).editor.field


def retype(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def params(document: Document, node: str) -> dict:
    return document.project.graphs["Net"].nodes[node].params


def settle(qtbot: QtBot, inspector: Inspector) -> None:
    qtbot.waitUntil(lambda: not inspector._soon.isActive())


# --- one node


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


# --- name, bypass, sharing, blocks


def test_renaming_is_one_step_that_keeps_the_wires(inspector, document, selection) -> None:
    selection.select(("conv1",))
    line = inspector.node.name.rows["name"].editor.field
    retype(line, "stem")
    assert "conv1" in document.project.graphs["Net"].nodes  # not while typing
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "stem" in document.project.graphs["Net"].nodes
    assert selection.nodes == {"stem"}
    document.history.undo()
    assert selection.nodes == {"conv1"}
    assert line.text() == "conv1"


BAD_NAMES = [
    ("bn1", "bn1 is taken by another node: try bn2"), ("1st", "cannot start with a digit: try node_1st"),
    ("class", "class is a Python keyword: try class_"), ("", "is empty: a node needs a name"),
    ("my conv", "takes only letters from a to z, digits and _: try my_conv"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "why"), BAD_NAMES)
def test_a_bad_name_stays_with_the_reason_and_a_remedy(inspector, document, selection, name, why) -> None:
    selection.select(("conv1",))
    row = inspector.node.name.rows["name"]
    line = row.editor.field
    retype(line, name)
    if not name:
        QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClick(line, Qt.Key.Key_Return)
    inspector.node.refresh()  # as new analysis results do
    assert "conv1" in document.project.graphs["Net"].nodes
    assert document.history.index() == 0
    assert line.text() == name
    assert row.problem.isVisible()
    assert why in row.problem.text()
    assert line.property("wrong")


def test_a_bad_name_is_cleared_by_escape_by_a_good_one_and_with_its_node(inspector, document, selection) -> None:
    selection.select(("conv1",))
    row = inspector.node.name.rows["name"]
    line = row.editor.field

    def confirm(text):
        retype(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    confirm("my conv")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (line.text(), row.problem.isVisible()) == ("conv1", False)
    confirm("my conv")
    confirm("conv1")
    assert (line.text(), row.problem.isVisible()) == ("conv1", False)
    confirm("my conv")
    selection.select(("bn1",))
    assert (line.text(), row.problem.isVisible()) == ("bn1", False)
    confirm("my norm")
    confirm("my_norm")
    assert (line.text(), row.problem.isVisible()) == ("my_norm", False)
    assert "my_norm" in document.project.graphs["Net"].nodes


def test_bypass(inspector, document, selection) -> None:
    selection.select(("drop",))
    QTest.mouseClick(inspector.node.more_section, Qt.MouseButton.LeftButton)
    QTest.mouseClick(inspector.node.more.rows["bypass"].editor.switch, Qt.MouseButton.LeftButton)
    assert document.project.graphs["Net"].nodes["drop"].bypass
    document.history.undo()
    assert not document.project.graphs["Net"].nodes["drop"].bypass


def test_sharing_drops_the_settings_and_undo_restores_them(inspector, document, selection) -> None:
    selection.select(("head",))
    editor = inspector.node.more.rows["shares"].editor
    assert [editor.combo.itemText(at) for at in range(editor.combo.count())] == ["own weights", "fc1"]
    editor.combo.setCurrentIndex(1)
    editor.combo.activated.emit(1)
    head = document.project.graphs["Net"].nodes["head"]
    assert (head.shares, head.params) == ("fc1", {})
    assert not inspector.node.more.rows["shares"].wrong
    document.history.undo()
    assert (head.shares, head.params) == (None, {"out_features": 10})


def test_a_block_can_be_repeated_and_opened(inspector, document, selection) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1", "act1"], "Stem"))
    selection.select(("stem",))
    assert inspector.node.header.title.text() == "Stem"
    line = field(inspector, "repeat")
    retype(line, "2")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert document.project.graphs["Net"].nodes["stem"].repeat == 2
    QTest.mouseClick(inspector.node._open_block, Qt.MouseButton.LeftButton)
    assert selection.graph == "Stem"


# --- several nodes, a wire, nothing


def test_several_nodes_are_edited_as_one_step(inspector, document, selection) -> None:
    selection.select(("fc1", "head"))
    assert inspector.many.header.title.text() == "2 × Linear"
    line = field(inspector, "out_features")
    assert (line.text(), line.placeholderText()) == ("", "mixed")
    retype(line, "12")
    assert {params(document, name)["out_features"] for name in ("fc1", "head")} == {12}
    document.history.undo()
    assert params(document, "fc1")["out_features"] == 64
    assert params(document, "head")["out_features"] == 10


def test_nodes_of_several_kinds_show_what_they_share(inspector, document, selection) -> None:
    selection.select(("conv1", "head"))
    assert set(inspector.many.form.rows) == {"bias", "bypass"}
    QTest.mouseClick(row(inspector, "bias").editor.switch, Qt.MouseButton.LeftButton)
    assert params(document, "conv1")["bias"] is params(document, "head")["bias"] is False


def test_a_wire_shows_what_it_carries(inspector, document, selection, results) -> None:
    results.take(Analysed(1, (), analysed(conv1=(["N", 32, 8, 8], {})), 0, 0), document.revision)
    selection.select_wire(document.project.graphs["Net"].wires[1])
    assert inspector.wire.isVisible()
    assert inspector.wire.table.values[0].text() == "N × 32 × 8 × 8"
    QTest.mouseClick(inspector.wire.target, Qt.MouseButton.LeftButton)
    assert selection.nodes == {"bn1"}


def test_nothing_selected_shows_the_project(inspector, document, selection) -> None:
    selection.clear()
    assert inspector.project.isVisible()
    line = inspector.project.name.rows["name"].editor.field
    retype(line, "mine")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert document.project.name == "mine"


def test_a_removed_node_gives_way_to_the_project_page(inspector, document, selection, qtbot) -> None:
    document.do(AddNode("Net", "extra", Node("ReLU")))
    selection.select(("extra",))
    document.history.undo()
    settle(qtbot, inspector)
    assert inspector.page is inspector.project
    assert inspector.project.isVisible()


def test_two_pages_are_never_visible_at_once(inspector, document, selection, monkeypatch) -> None:
    inspector.fill()
    pages = [inspector.node, inspector.many, inspector.wire, inspector.project]
    together = []

    def set_visible(page, is_visible) -> None:
        QWidget.setVisible(page, is_visible)
        together.append([each for each in pages if not each.isHidden()])

    for page in pages:
        monkeypatch.setattr(page, "setVisible", partial(set_visible, page))
    for names in (["conv1"], [], ["conv1", "relu1"], [], ["conv1"]):
        selection.select(names)
    selection.select_wire(document.project.graphs["Net"].wires[0])
    selection.clear()
    assert together
    assert all(len(pages) < 2 for pages in together)
    assert not inspector.project.isHidden()


def test_read_only_projects_stay_as_they_are(inspector, document, selection, qtbot) -> None:
    document.set_read_only(True)
    selection.select(("conv1",))
    with qtbot.waitSignal(document.edit_refused):
        retype(field(inspector, "out_channels"), "7")
    assert params(document, "conv1")["out_channels"] == 32


# --- help, paths, accessible names


def test_help_follows_the_focus(inspector, selection) -> None:
    selection.select(("conv1",))
    field(inspector, "stride").setFocus()
    assert "Step between positions" in inspector.help.text()
    assert "default 1" in inspector.help.text()
    inspector.node.code.setFocus()


def test_each_focusable_widget_has_a_name(inspector, document, selection) -> None:
    for names in (("conv1",), ("image",), ("fc1", "head"), ()):
        selection.select(names)
        for widget in inspector.page.findChildren(QWidget):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(widget, QLabel)
            if takes and widget.isVisible() and widget.focusProxy() is None:
                owner = widget if widget.accessibleName() or getattr(widget, "text", str)() else widget.parent()
                assert owner.accessibleName() or owner.text(), (widget, names)


def test_tab_goes_through_the_fields_in_order(inspector, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert field(inspector, "kernel_size").hasFocus()


def test_undo_in_a_field_is_left_to_the_window(inspector, document, selection, qtbot) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    shortcut = QShortcut(QKeySequence.StandardKey.Undo, inspector, document.history.undo)
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    retype(line, "128")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert params(document, "conv1")["out_channels"] == 32
    assert shortcut.isEnabled()


def test_a_path_is_written_relative_to_the_project(theme, document, qtbot, tmp_path: Path) -> None:
    from engine.catalog.data.datasets import CSV
    from gui.forms.editors import EditorContext

    form = Form(CSV.params, theme, document.gesture, live=False, context=EditorContext(base=tmp_path))
    qtbot.addWidget(form)
    editor = form.rows["path"].editor
    assert isinstance(editor, PathEditor)
    with qtbot.waitSignal(form.edited) as edited:
        editor.set_path(tmp_path / "data" / "a.csv")
    assert edited.args[:2] == ["path", "data/a.csv"]
    with qtbot.waitSignal(form.edited) as edited:
        editor.set_path(Path("/elsewhere/a.csv"))
    assert edited.args[1] == "/elsewhere/a.csv"


def test_another_data_set_offers_its_fields(inspector, document, selection, qtbot) -> None:
    selection.select(("image",))
    document.do(SetData(Data("Iris")))
    settle(qtbot, inspector)
    combo = row(inspector, "field").editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["features", "label"]
    assert combo.currentText() == "image"


def test_an_input_is_offered_the_fields_of_the_file(inspector, document, selection, results) -> None:
    document.do(SetData(Data("Npz", {"path": "points.npz"}), "Use the data Npz"))
    selection.select(("image",))
    assert type(row(inspector, "field").editor) is TextEditor
    results.take(
        Analysed(
            1, (), {}, 0, 0, fields={"x": {"shape": [6], "element": "float"}, "y": {"shape": [], "element": "int"}}
        ),
        document.revision,
    )
    combo = row(inspector, "field").editor.combo
    assert [combo.itemText(at) for at in range(combo.count())][-2:] == ["x", "y"]


def test_the_beginning_of_a_long_text_is_visible(qtbot):
    editor = SuggestEditor(Text("target", ""), ())
    qtbot.addWidget(editor)
    editor.set_value("a_column_with_a_name_that_is_longer_than_any_field_has_room_for")
    assert editor.line.cursorPosition() == 0
