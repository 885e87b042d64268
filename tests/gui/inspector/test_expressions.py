"""Fields that take an expression: typed, completed, refused, and back to a plain value."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.graph.block_params import BlockParam
from engine.graph.edits import SetWeights
from engine.graph.model import End, Graph, Node, Part, Project, Wire
from engine.graph.weights import WeightSettings
from gui.state.analysis_results import NodeResults
from tests.gui.canvas.hand import Steps
from tests.gui.inspector.inspector_fields import field, retype, row, settle

KEY = Qt.Key


@pytest.fixture
def inside(inspector, document, selection, results, qtbot):
    """The inspector on the convolution inside a block whose use sets ``channels`` to 32."""
    stem = Graph(
        {
            "x": Node("Input"),
            "conv": Node("Conv2d", {"out_channels": 16, "kernel_size": 3}),
            "twin": Node("Conv2d", {"out_channels": 16, "kernel_size": 3}),
            "y": Node("Output"),
        },
        [Wire(End("x", "output"), End("conv", "input")), Wire(End("conv", "output"), End("y", "input"))],
        params={"channels": BlockParam("int", 8, min=1), "wide": BlockParam("flag", default=False)},
    )
    net = Graph(
        {"image": Node("Input"), "stem": Node("Block", {"channels": 32}, graph="Stem")},
        [Wire(End("image", "output"), End("stem", "x"))],
    )
    document.load(Project(graphs={"Net": net, "Stem": stem}))
    assert selection.dive("stem")
    results.nodes = {"stem.x": NodeResults({"output": ("N", 3, 8, 8)})}
    selection.select(("conv",))
    return inspector


def expression(row):
    """The field of the expression, which must be the one that is visible."""
    assert row.visible_editor is row.switch.expression
    assert not row.switch.expression.isHidden()
    assert row.editor.isHidden()
    return row.switch.expression.field


def begin(inspector, name: str, text: str):
    """Type an expression; after its first letter, the keys go to the field that has the focus."""
    retype(row(inspector, name).visible_editor.field, text[0])
    line = expression(row(inspector, name))
    assert line.hasFocus()
    QTest.keyClicks(line, text[1:])
    return line


def enter(inspector, name: str, text: str):
    line = begin(inspector, name, text)
    row(inspector, name).switch.expression.completion.close()
    QTest.keyClick(line, KEY.Key_Return)
    return line


def value_text(inspector, name: str) -> str:
    label = row(inspector, name).switch.expression.value
    assert label.isVisible()
    return label.text()


def value(document, node="conv", name="out_channels"):
    return document.project.graphs["Stem"].nodes[node].params.get(name)


def test_a_typed_expression_is_one_step_and_shows_its_value_at_this_use(inside, document, qtbot) -> None:
    steps = Steps(document)
    line = begin(inside, "out_channels", "=channels*2")
    assert value(document) == 16  # not while typing
    QTest.keyClick(line, KEY.Key_Return)
    assert value(document) == Expression("channels * 2")
    assert steps.is_one()
    settle(qtbot, inside)
    assert line.text() == "=channels * 2"
    assert value_text(inside, "out_channels") == "\u2192 64"
    assert "64" in line.accessibleName()


def test_sizes_of_the_inputs_are_known_from_the_wire(inside, document) -> None:
    enter(inside, "out_channels", "=size(x,1)*2")
    assert value(document) == Expression("size(x, 1) * 2")
    assert value_text(inside, "out_channels") == "\u2192 6"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=chanels*2", "chanels is no parameter of Stem. Did you mean channels?"),
        ("=channels*", "cannot be read as an expression"),
        ("=9**9**9", "cannot be"),
        ("=size(image, 1)", "image is no input of Stem. Use x."),
        ("=open(1)", "The function open is not allowed"),
    ],
)
def test_a_wrong_expression_is_refused_and_its_text_stays(inside, document, selection, qtbot, text, why) -> None:
    steps = Steps(document)
    line = enter(inside, "out_channels", text)
    if text == "=9**9**9":  # a text that can be read, whose value is refused
        assert "out_channels" in row(inside, "out_channels").problem.text()
        return
    assert steps.are_none()
    assert why in row(inside, "out_channels").problem.text()
    assert row(inside, "out_channels").problem.isVisible()
    assert line.property("wrong")
    inside.node.refresh()
    inside.node.setFocus()
    assert expression(row(inside, "out_channels")).text() == text
    line.setFocus()
    QTest.keyClick(line, KEY.Key_Escape)
    assert row(inside, "out_channels").visible_editor.field.text() == "16"
    assert not row(inside, "out_channels").problem.isVisible()


def test_a_refused_text_goes_with_its_node(inside, selection) -> None:
    enter(inside, "out_channels", "=chanels")
    selection.select(("twin",))
    assert field(inside, "out_channels").isVisible()
    assert field(inside, "out_channels").text() == "16"
    assert not row(inside, "out_channels").problem.isVisible()


def test_a_value_that_is_illegal_at_this_use_is_set_and_marked_as_wrong(inside, document, qtbot) -> None:
    enter(inside, "out_channels", "=channels/2.5")
    settle(qtbot, inside)
    assert value(document) == Expression("channels / 2.5")
    assert "must be a whole number, got 12.8" in row(inside, "out_channels").problem.text()


def test_a_name_is_completed(inside, document) -> None:
    line = begin(inside, "out_channels", "=2*ch")
    completion = row(inside, "out_channels").switch.expression.completion
    assert completion.is_open
    QTest.keyClick(completion.completer.popup(), KEY.Key_Return)
    assert line.text() == "=2*channels"
    assert not completion.is_open
    QTest.keyClick(line, KEY.Key_Return)
    assert value(document) == Expression("2 * channels")


def test_a_plain_value_typed_in_its_place_brings_the_usual_field_back(inside, document, qtbot) -> None:
    line = enter(inside, "out_channels", "=channels")
    retype(line, "48")
    QTest.keyClick(line, KEY.Key_Return)
    settle(qtbot, inside)
    assert value(document) == 48
    assert field(inside, "out_channels").isVisible()
    assert field(inside, "out_channels").text() == "48"
    assert field(inside, "out_channels").hasFocus()


def test_the_equal_sign_begins_an_expression_on_a_switch_and_on_a_list(inside, document, qtbot) -> None:
    switch = row(inside, "bias").editor.switch
    switch.setFocus()
    QTest.keyClicks(switch, "=")
    line = expression(row(inside, "bias"))
    QTest.keyClicks(line, "not wide")
    QTest.keyClick(line, KEY.Key_Return)
    assert value(document, name="bias") == Expression("not wide")
    assert value_text(inside, "bias") == "\u2192 True"

    combo = row(inside, "padding_mode").editor.combo
    combo.setFocus()
    QTest.keyClicks(combo, "=")
    line = expression(row(inside, "padding_mode"))
    QTest.keyClicks(line, "'reflect' if wide else 'zeros'")
    QTest.keyClick(line, KEY.Key_Return)
    assert value(document, name="padding_mode") == Expression('"reflect" if wide else "zeros"')


def test_the_menu_of_a_name_begins_and_ends_an_expression(inside, document, qtbot) -> None:
    name = row(inside, "bias").label
    name.customContextMenuRequested.emit(name.rect().center())
    menu = QApplication.activePopupWidget()
    menu.actions()[0].trigger()
    menu.close()
    line = expression(row(inside, "bias"))
    assert line.text() == "="
    QTest.keyClicks(line, "wide")
    QTest.keyClick(line, KEY.Key_Return)
    assert value(document, name="bias") == Expression("wide")
    name.customContextMenuRequested.emit(name.rect().center())
    menu = QApplication.activePopupWidget()
    menu.actions()[0].trigger()
    menu.close()
    settle(qtbot, inside)
    assert value(document, name="bias") is None
    assert row(inside, "bias").editor.switch.isVisible()


def test_bypass_may_be_an_expression(inside, document) -> None:
    node = inside.node
    QTest.mouseClick(node.more_section, Qt.MouseButton.LeftButton)
    switch = node.more.rows["bypass"].editor.switch
    switch.setFocus()
    QTest.keyClicks(switch, "=")
    line = expression(node.more.rows["bypass"])
    QTest.keyClicks(line, "size(x, 1) == channels")
    QTest.keyClick(line, KEY.Key_Return)
    assert document.project.graphs["Stem"].nodes["conv"].bypass == Expression("size(x, 1) == channels")
    assert node.more.rows["bypass"].switch.expression.value.text() == "\u2192 False"
    document.history.undo()
    assert document.project.graphs["Stem"].nodes["conv"].bypass is False


def test_a_use_has_the_parameters_of_its_block_and_may_read_its_repetition(inside, document, selection, qtbot) -> None:
    selection.up()
    assert list(inside.node.form.rows) == ["channels", "wide", "repeat"]
    assert field(inside, "channels").text() == "32"
    retype(field(inside, "repeat"), "3")
    QTest.keyClick(field(inside, "repeat"), KEY.Key_Return)
    settle(qtbot, inside)
    steps = Steps(document)
    enter(inside, "channels", "=64*(index+1)")
    assert steps.is_one()
    assert document.project.graphs["Net"].nodes["stem"].params["channels"] == Expression("64 * (index + 1)")
    assert value_text(inside, "channels") == "\u2192 64"
    assert row(inside, "repeat").switch is None


def test_several_nodes_get_one_expression(inside, document, selection) -> None:
    selection.select(("conv", "twin"))
    steps = Steps(document)
    enter(inside, "out_channels", "=channels")
    assert (value(document), value(document, "twin")) == (Expression("channels"), Expression("channels"))
    assert steps.is_one()


def test_a_value_becomes_a_parameter_of_the_block(inside, document, qtbot) -> None:
    steps = Steps(document)
    name = row(inside, "out_channels").label
    name.customContextMenuRequested.emit(name.rect().center())
    menu = QApplication.activePopupWidget()
    entry = next(each for each in menu.actions() if each.text() == "Make it a parameter of Stem")
    entry.trigger()
    menu.close()
    settle(qtbot, inside)
    assert steps.is_one()
    assert value(document) == Expression("out_channels")
    declared = document.project.graphs["Stem"].params["out_channels"]
    assert (declared.type, declared.default, declared.min) == ("int", 16, 1)
    assert declared.help == layer("Conv2d").param("out_channels").help
    settle(qtbot, inside)
    assert value_text(inside, "out_channels") == "\u2192 16"


def test_the_same_expression_is_typed_for_one_node_after_the_other(inside, document, selection) -> None:
    enter(inside, "out_channels", "=channels")
    selection.select(("twin",))
    enter(inside, "out_channels", "=channels")
    assert (value(document), value(document, "twin")) == (Expression("channels"), Expression("channels"))


def test_a_value_of_an_initializer_takes_an_expression(inside, document, results, qtbot):
    results.nodes |= {"stem.conv": NodeResults({"output": ("N", 16, 6, 6)}, weights={"weight": (16, 3, 3, 3)})}
    settings = WeightSettings(init={"weight": Part("normal_")})
    document.do(SetWeights("Stem", "conv", settings))
    settle(qtbot, inside)
    weights = inside.node.weights
    if not weights.form.isVisible():
        QTest.mouseClick(weights.section, Qt.MouseButton.LeftButton)
    std = weights.form.parts["init"].form.rows["std"]
    retype(std.visible_editor.field, "=")
    QTest.keyClicks(expression(std), "1/channels")
    QTest.keyClick(expression(std), KEY.Key_Return)
    settle(qtbot, inside)
    node = document.project.graphs["Stem"].nodes["conv"]
    assert node.settings.init["weight"].params == {"std": Expression("1 / channels")}
    assert expression(std).text() == "=1 / channels"
    document.history.undo()
    settle(qtbot, inside)
    assert document.project.graphs["Stem"].nodes["conv"].settings == settings
    assert std.visible_editor is std.editor
