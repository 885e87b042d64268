"""The pages of several nodes, of a wire, and of the project."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.graph.edits import AddNode
from engine.graph.model import Node
from engine.protocol.answers import Analysed
from tests.gui.inspector.inspector_fields import analysed, field, params, retype, row, settle


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


def test_the_limits_of_a_variable_length_are_shown(inspector, document, selection, results) -> None:
    lengths = {"T": {"length": 31, "limits": "at most 50 (pos)"}}
    nodes = analysed(image=(["N", "T", 64], {}), conv1=(["N", 64], {}))
    results.take(Analysed(1, (), nodes, 0, 0, lengths=lengths), document.revision)
    selection.select(("image",))
    assert "at most 50 (pos); counted for 31" in [value.text() for value in inspector.node.table.values]
    selection.select(("conv1",))
    assert not any("counted for" in each.text() and each.isVisible() for each in inspector.node.table.values)
    selection.clear()
    assert "at most 50 (pos); counted for 31" in [value.text() for value in inspector.project.table.values]


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
