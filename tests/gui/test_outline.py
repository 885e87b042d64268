"""The outline: in step with the project and with the canvas's selection, and accessible."""

import random

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip
from pytestqt.qtbot import QtBot

from engine.graph.compose import duplicate, heal, make_block, remove, unpack
from engine.graph.edits import AddNode, EditError, RemoveWire, SetParam
from engine.graph.model import Node
from engine.protocol.answers import Analysed
from gui.outline.outline import Outline
from gui.outline.tree_entries import Branch, branches
from gui.outline.tree_model import NOWHERE, OutlineModel
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def outline(document, selection, results, theme: Theme, qtbot: QtBot) -> Outline:
    return in_front(Outline(document, selection, results, theme), qtbot, 430, 600)


def test_names_and_kinds_are_whole_if_there_is_room_until_the_user_drags(outline, qtbot) -> None:
    tree = outline.tree
    outline.resize(320, 300)
    assert tree.columnWidth(0) >= tree.sizeHintForColumn(0)
    assert tree.columnWidth(1) >= tree.sizeHintForColumn(1)
    outline.resize(180, 300)
    assert tree.columnWidth(0) + tree.columnWidth(1) <= tree.viewport().width()
    head = tree.header()
    edge = QPoint(head.sectionViewportPosition(1) - 1, head.height() // 2)
    QTest.mousePress(head.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    QTest.mouseMove(head.viewport(), edge + QPoint(30, 0))
    QTest.mouseRelease(head.viewport(), Qt.MouseButton.LeftButton, pos=edge + QPoint(30, 0))
    dragged_width = tree.columnWidth(0)
    outline.resize(400, 300)
    assert tree.columnWidth(0) == dragged_width


def shape_of(branches) -> list:
    return [(branch.entry, shape_of(branch.children)) for branch in branches]


def rows_of(model: OutlineModel, parent: QModelIndex = NOWHERE) -> list:
    indexes = [model.index(row, 0, parent) for row in range(model.rowCount(parent))]
    return [(model.entry(index), rows_of(model, index)) for index in indexes]


def wait_for_refresh(outline: Outline, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not outline._soon.isActive() and not outline._is_dirty)


def names(outline: Outline, graph: str = "Net") -> list[str]:
    at = outline.model.find(graph)
    return [outline.model.index(row, 0, at).data() for row in range(outline.model.rowCount(at))]


def test_it_lists_nodes_ports_shapes_and_problems(outline, document, results, qtbot) -> None:
    nodes = {"conv1": {"outputs": {"output": ["N", 32, 8, 8]}, "parameters": 320, "macs": 0, "elements": {}}}
    results.take(Analysed(1, (), nodes, 0, 0), document.revision)
    document.do(SetParam("Net", "conv1", "out_channels", 0))
    wait_for_refresh(outline, qtbot)
    qtbot.waitUntil(lambda: outline.model.rowCount(outline.model.find("Net", "conv1")) == 3)
    conv = outline.model.find("Net", "conv1")
    assert conv.siblingAtColumn(1).data() == "Conv2d"
    assert conv.siblingAtColumn(2).data() == "N×32×8×8"
    assert conv.data(Qt.ItemDataRole.AccessibleTextRole) == "conv1, Conv2d, gives N by 32 by 8 by 8, 1 problem"
    rows = [outline.model.index(row, 0, conv).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert rows[0] == "input input, from image.output"
    assert rows[1] == "output output, to bn1.input, N×32×8×8"
    assert rows[2].startswith("error: conv1: out_channels must be >= 1, got 0.")


def test_a_new_node_is_one_new_row(outline, document, qtbot) -> None:
    QAbstractItemModelTester(outline.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    inserted: list[tuple[str, int, int]] = []
    outline.model.rowsInserted.connect(
        lambda parent, first, last: inserted.append((parent.data() if parent.isValid() else "", first, last))
    )
    resets: list[int] = []
    outline.model.modelReset.connect(lambda: resets.append(1))
    document.do(AddNode("Net", "extra", Node("ReLU")))
    wait_for_refresh(outline, qtbot)
    assert inserted[0] == ("Net", 11, 11)
    assert {name for name, _, _ in inserted[1:]} <= {"extra", "conv1"}
    assert not resets


def test_selection_goes_both_ways(outline, document, selection) -> None:
    selection.select(("fc1", "head"))
    assert {index.data() for index in outline.tree.selectionModel().selectedRows()} == {"fc1", "head"}

    rect = outline.tree.visualRect(outline.model.find("Net", "bn1"))
    QTest.mouseClick(outline.tree.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert selection.nodes == {"bn1"}
    QTest.keyClick(outline.tree, Qt.Key.Key_Down)
    assert selection.nodes == {"act1"}
    QTest.keyClick(outline.tree, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selection.nodes == {"act1", "pool1"}


def test_a_port_selects_its_node(outline, selection) -> None:
    conv = outline.model.find("Net", "conv1")
    outline.tree.expand(conv)
    outline.tree.setCurrentIndex(outline.model.index(0, 0, conv))
    assert selection.nodes == {"conv1"}


def test_selecting_inside_a_block_shows_the_block(outline, document, selection, qtbot) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1", "act1"], "Stem"))
    wait_for_refresh(outline, qtbot)
    assert set(names(outline, "Stem")) >= {"conv1", "bn1", "act1"}
    outline.tree.setCurrentIndex(outline.model.find("Stem", "bn1"))
    assert (selection.graph, selection.path, selection.nodes) == ("Stem", ("stem",), {"bn1"})


def test_enter_reveals_the_node(outline, selection, qtbot) -> None:
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.find("Net", "drop"))
    with qtbot.waitSignal(outline.revealed) as revealed:
        QTest.keyClick(outline.tree, Qt.Key.Key_Return)
    assert revealed.args == ["drop"]


def test_f2_renames_as_one_step(outline, document, selection, qtbot) -> None:
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.find("Net", "drop"))
    QTest.keyClick(outline.tree, Qt.Key.Key_F2)
    editor = outline.tree.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "rest")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    wait_for_refresh(outline, qtbot)
    assert "rest" in names(outline)
    assert selection.nodes == {"rest"}
    assert document.history.count() == 1
    document.history.undo()
    wait_for_refresh(outline, qtbot)
    assert "drop" in names(outline)


def test_a_bad_name_stays_in_the_tree_with_the_reason(outline, document, qtbot) -> None:
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.find("Net", "drop"))
    QTest.keyClick(outline.tree, Qt.Key.Key_F2)
    editor = outline.tree.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "my rest")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert editor.text() == "my rest"
    assert "try my_rest" in QToolTip.text()
    editor.selectAll()
    QTest.keyClicks(editor, "rest")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    wait_for_refresh(outline, qtbot)
    assert "rest" in names(outline)
    QToolTip.hideText()


def test_a_name_in_use_is_refused_with_a_message(outline, document, qtbot) -> None:
    with qtbot.waitSignal(document.edit_refused):
        outline.rename(outline.model.entry(outline.model.find("Net", "drop")), "fc1")


def test_a_problem_is_fixed_from_the_keyboard(outline, document, qtbot) -> None:
    document.do(SetParam("Net", "conv1", "out_chanels", 3))
    conv = outline.model.find("Net", "conv1")
    qtbot.waitUntil(lambda: outline.model.rowCount(conv) == 3)
    outline.tree.expand(conv)
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.index(2, 0, conv))
    assert outline.tree.isFirstColumnSpanned(2, conv)
    QTest.keyClick(outline.tree, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "out_chanels" not in document.project.graphs["Net"].nodes["conv1"].params


def test_a_hidden_outline_is_not_updated(outline, document, qtbot) -> None:
    outline.hide()
    document.do(AddNode("Net", "extra", Node("ReLU")))
    assert not outline._soon.isActive()
    assert "extra" not in names(outline)
    outline.show()
    assert "extra" in names(outline)


def test_what_is_open_stays_open(outline, document, qtbot) -> None:
    conv = outline.model.find("Net", "conv1")
    outline.tree.expand(conv)
    document.do(AddNode("Net", "extra", Node("ReLU"), 0))
    wait_for_refresh(outline, qtbot)
    assert outline.tree.isExpanded(outline.model.find("Net", "conv1"))
    assert names(outline)[0] == "extra"


def test_after_any_edits_the_tree_equals_a_new_one(document, results, theme, qapp) -> None:
    model = OutlineModel(theme)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(7)
    projects = set()
    for _ in range(120):
        _some_edit(document, chance)
        projects.add(repr(document.project))
        expected: tuple[Branch, ...] = branches(document.project, results)
        model.show_branches(expected)
        assert rows_of(model) == shape_of(expected)
    assert len(projects) > 50


def _some_edit(document: Document, chance: random.Random) -> None:
    project = document.project
    graph = chance.choice(list(project.graphs))
    nodes = list(project.graphs[graph].nodes)
    some = chance.sample(nodes, min(len(nodes), chance.randint(1, 3)))
    acts = (
        lambda: AddNode(graph, f"n{chance.randrange(10**6)}", Node(chance.choice(("ReLU", "cat", "LSTM", "Nope")))),
        lambda: remove(project, graph, some),
        lambda: heal(project, graph, some[:1]),
        lambda: make_block(project, graph, some, f"B{chance.randrange(10**6)}"),
        lambda: unpack(project, graph, some[0]),
        lambda: RemoveWire(graph, chance.choice(project.graphs[graph].wires)),
        lambda: duplicate(project, graph, some),
    )
    if chance.random() < 0.3:
        document.history.undo()
        return
    try:
        document.do(chance.choice(acts)())
    except (EditError, IndexError):
        document.history.undo()


def test_a_block_is_renamed_and_removed_in_its_row(outline, document, qtbot) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1", "act1"], "Stem"))
    wait_for_refresh(outline, qtbot)
    row = outline.model.find("Stem")
    assert row.siblingAtColumn(1).data() == "block, 1 use"
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(row)
    with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text: "Stem is used by stem in Net" in text):
        QTest.keyClick(outline.tree, Qt.Key.Key_Delete)
    QTest.keyClick(outline.tree, Qt.Key.Key_F2)
    editor = outline.tree.viewport().findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Trunk")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert document.project.graphs["Net"].nodes["stem"].graph == "Trunk"

    document.do(unpack(document.project, "Net", "stem"))
    wait_for_refresh(outline, qtbot)
    row = outline.model.find("Trunk")
    assert row.siblingAtColumn(1).data() == "block, not used"
    outline.tree.setCurrentIndex(row)
    QTest.keyClick(outline.tree, Qt.Key.Key_Delete)
    assert "Trunk" not in document.project.graphs
    document.history.undo()
    assert "Trunk" in document.project.graphs
