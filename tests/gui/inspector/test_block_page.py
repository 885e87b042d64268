"""The page of a block: its name, its ports and their order, and what it costs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.compose import make_block
from engine.graph.edits import AddNode
from engine.graph.model import Node
from gui.state.analysis_results import NodeResults
from tests.gui.canvas.hand import Steps
from tests.gui.inspector.inspector_fields import analysed, retype, settle

KEY = Qt.Key


@pytest.fixture
def page(inspector, document, selection):
    """The page of a block with one input and one output, which is used twice."""
    document.do(make_block(document.project, "Net", ("conv1", "bn1", "act1"), "Stem"))
    document.do(AddNode("Net", "twin", Node("Block", graph="Stem")))
    assert selection.dive("stem")
    assert inspector.page is inspector.block
    return inspector.block


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def port(side, place):
    return side.lines[place].form.rows[f"{side._side.lower()} {place + 1}"]


def names(document, kind) -> list[str]:
    return list(document.project.graphs["Stem"].of_kind(kind))


def test_it_says_whom_a_change_concerns_and_what_it_costs(page, inspector, document, results, selection, qtbot) -> None:
    assert page.header.title.text() == "Stem"
    assert "1 other use" in page.header.summary.text()
    results.nodes = {}
    document.do(AddNode("Stem", "spare", Node("ReLU")))
    settle(qtbot, inspector)
    assert [label.text() for label in page.table.values[:2]] == ["2", "6"]
    selection.up()
    assert inspector.page is inspector.node
    selection.clear()
    assert inspector.page is inspector.project


def test_a_block_is_renamed_with_all_its_uses(page, document) -> None:
    line, steps = page.name.rows["name"].editor.field, Steps(document)
    retype(line, "Trunk")
    QTest.keyClick(line, KEY.Key_Return)
    assert steps.is_one()
    nodes = document.project.graphs["Net"].nodes
    assert (nodes["stem"].graph, nodes["twin"].graph) == ("Trunk", "Trunk")


@pytest.mark.parametrize(("name", "why"), [("Net", "taken by another block: try Net2"), ("my block", "try my_block")])
def test_a_bad_name_stays_with_its_reason(page, document, name, why) -> None:
    line, steps = page.name.rows["name"].editor.field, Steps(document)
    retype(line, name)
    QTest.keyClick(line, KEY.Key_Return)
    page.refresh()
    assert steps.are_none()
    assert line.text() == name
    assert why in page.name.rows["name"].problem.text()
    QTest.keyClick(line, KEY.Key_Escape)
    assert line.text() == "Stem"


def test_a_port_is_renamed_at_all_uses(page, document) -> None:
    line, steps = port(page.inputs, 0).editor.field, Steps(document)
    retype(line, "image")
    QTest.keyClick(line, KEY.Key_Return)
    assert steps.is_one()
    assert names(document, "Input") == ["image"]
    assert any(str(wire.target) == "stem.image" for wire in document.project.graphs["Net"].wires)


def test_ports_are_added_moved_and_removed(page, inspector, document, qtbot) -> None:
    wires = set(document.project.graphs["Net"].wires)
    for act, ports in (
        (lambda: press(page.inputs.add), ["x", "x2"]),
        (lambda: press(page.inputs.lines[1].buttons.up), ["x2", "x"]),
        (lambda: press(page.inputs.lines[0].buttons.down), ["x", "x2"]),
        (lambda: press(page.inputs.lines[1].buttons.remove), ["x"]),
    ):
        steps = Steps(document)
        act()
        settle(qtbot, inspector)
        assert names(document, "Input") == ports
        assert [port(page.inputs, place).editor.field.text() for place in range(len(ports))] == ports
        assert set(document.project.graphs["Net"].wires) == wires
        assert steps.is_one()
        settle(qtbot, inspector)
    assert not page.inputs.lines[0].buttons.up.isEnabled()
    assert not page.inputs.lines[0].buttons.down.isEnabled()


def test_the_name_of_another_node_is_refused_for_a_port(page, document) -> None:
    row, steps = port(page.outputs, 0), Steps(document)
    retype(row.editor.field, "conv1")
    QTest.keyClick(row.editor.field, KEY.Key_Return)
    assert steps.are_none()
    assert "conv1 is taken by another node" in row.problem.text()
    page.refresh()
    assert row.editor.field.text() == "conv1"


def test_costs_are_those_of_the_use_that_was_opened(page, results) -> None:
    answer = analysed(stem=((1, 16, 8, 8), {}))["stem"]

    results.nodes = {"stem": NodeResults(**answer)}
    page.refresh_results()
    rows = [(name.text(), value.text()) for name, value in zip(page.table._names, page.table.values, strict=True)]
    assert ("parameters", "320") in rows
    assert ("multiply-adds", "18.4\u202fk / sample") in rows
