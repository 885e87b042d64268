"""The page of a node: its name, bypass, shared weights, and blocks."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.catalog.index import layer
from engine.graph.compose import make_block
from engine.graph.edits import SetTraining
from engine.graph.model import Phase
from tests.gui.inspector.inspector_fields import field, retype, settle


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


def test_a_loss_says_what_it_computes(inspector, selection) -> None:
    selection.select(("loss",))
    assert layer("CrossEntropyLoss").formula in inspector.node._about.text()


def test_a_loss_names_its_phases(inspector, document, selection, qtbot) -> None:
    def phase() -> str:
        settle(qtbot, inspector)
        values = [value for value in inspector.node.table.values if not value.isHidden()]
        return values[0].accessibleName() if values else ""

    selection.select(("loss",))
    assert "phase" not in phase()
    training = document.project.training
    document.do(SetTraining(replace(training, phases=(Phase("first", ("loss",)), Phase("second")))))
    assert phase() == "phase first"
    document.do(SetTraining(replace(training, phases=(Phase("first", ("loss",)), Phase("second", ("loss",))))))
    assert phase() == "phases first, second"
    document.do(SetTraining(replace(training, phases=(Phase("first"),))))
    assert phase() == "phase none"
