"""The parameters of a block on its page: added, renamed, changed, moved and removed, each as one step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.catalog.expressions import Expression
from engine.graph.block_params import BlockParam
from engine.graph.compose import make_block
from engine.graph.edits import SetParam
from tests.gui.canvas.hand import Steps
from tests.gui.inspector.inspector_fields import retype, settle

KEY = Qt.Key


@pytest.fixture
def form(inspector, document, selection):
    document.do(make_block(document.project, "Net", ("conv1", "bn1", "act1"), "Stem"))
    assert selection.dive("stem")
    return inspector.block.params


def params(document) -> dict[str, BlockParam]:
    return document.project.graphs["Stem"].params


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def enter(form, place: int, name: str, text: str) -> None:
    card = form.cards[place]
    rows = card.name.rows | card.form.rows
    line = rows[name].editor.field
    retype(line, text)
    QTest.keyClick(line, KEY.Key_Return)


def choose(form, place: int, name: str, option: str) -> None:
    combo = form.cards[place].form.rows[name].editor.combo
    combo.setFocus()
    combo.setCurrentText(option)
    combo.activated.emit(combo.currentIndex())


def test_a_parameter_is_added_with_its_name_ready_to_be_typed(form, inspector, document, qtbot) -> None:
    steps = Steps(document)
    press(form.add)
    settle(qtbot, inspector)
    assert steps.is_one()
    settle(qtbot, inspector)
    line = form.cards[0].name.rows["name"].editor.field
    assert (line.text(), line.isVisible()) == ("channels", True)
    assert params(document) == {"channels": BlockParam("int", 64, min=1)}


def test_renaming_mends_expressions_and_uses(form, inspector, document, qtbot) -> None:
    press(form.add)
    document.do(SetParam("Stem", "conv1", "out_channels", Expression("channels * 2")))
    document.do(SetParam("Net", "stem", "channels", 32))
    settle(qtbot, inspector)
    steps = Steps(document)
    enter(form, 0, "name", "width")
    assert steps.is_one()
    assert document.project.graphs["Stem"].nodes["conv1"].params["out_channels"] == Expression("width * 2")
    assert document.project.graphs["Net"].nodes["stem"].params == {"width": 32}


@pytest.mark.parametrize(
    ("name", "why"), [("conv1", "taken by another parameter"), ("index", "taken"), ("my width", "try my_width")]
)
def test_a_name_that_it_cannot_have_stays_with_the_reason(form, inspector, document, qtbot, name, why) -> None:
    press(form.add)
    settle(qtbot, inspector)
    steps = Steps(document)
    enter(form, 0, "name", name)
    inspector.block.refresh()
    row = form.cards[0].name.rows["name"]
    assert steps.are_none()
    assert row.editor.field.text() == name
    assert why in row.problem.text()


def test_type_default_range_options_and_help_are_set(form, inspector, document, qtbot) -> None:
    press(form.add)
    settle(qtbot, inspector)

    def step(act) -> BlockParam:
        steps = Steps(document)
        act()
        assert steps.is_one()
        settle(qtbot, inspector)
        return params(document)["channels"]

    assert step(lambda: enter(form, 0, "default", "16")).default == 16
    assert step(lambda: enter(form, 0, "min", "4")).min == 4
    assert form.cards[0].form.rows["min"].editor.field.hasFocus()
    assert step(lambda: enter(form, 0, "max", "8")).max == 8
    assert "must be" in form.cards[0].form.rows["default"].problem.text()  # the default is out of range now
    assert step(lambda: enter(form, 0, "help", "Filters.")).help == "Filters."
    assert step(lambda: choose(form, 0, "type", "float")) == BlockParam("float", 16.0, help="Filters.")
    assert step(lambda: choose(form, 0, "type", "tuple")).default == (16, 16)
    assert step(lambda: choose(form, 0, "type", "flag")).type == "flag"
    after = step(lambda: choose(form, 0, "type", "choice"))
    assert (after.options, after.default) == (("a", "b"), "a")
    after = step(lambda: enter(form, 0, "options", "relu, gelu"))
    assert (after.options, after.default) == (("relu", "gelu"), "relu")
    assert form.cards[0].head.text() == "channels = relu"


def test_parameters_are_moved_and_removed(form, inspector, document, qtbot) -> None:
    for _ in range(2):
        press(form.add)
        settle(qtbot, inspector)
    document.do(SetParam("Stem", "conv1", "out_channels", Expression("channels2")))
    settle(qtbot, inspector)
    steps = Steps(document)
    press(form.cards[1].buttons.up)
    settle(qtbot, inspector)
    assert steps.is_one()
    assert list(params(document)) == ["channels2", "channels"]
    settle(qtbot, inspector)
    steps = Steps(document)
    press(form.cards[0].buttons.remove)
    settle(qtbot, inspector)
    assert list(params(document)) == ["channels"]
    assert document.project.graphs["Stem"].nodes["conv1"].params["out_channels"] == 64
    assert steps.is_one()
