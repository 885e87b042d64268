"""The section of weights in the inspector: by real events, each change one undo step."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.graph.compose import make_block
from engine.graph.edits import AddNode, SetWeights
from engine.graph.model import Part
from engine.graph.weights import NO_SETTINGS, Follows, WeightSettings, WeightsFile
from engine.protocol.answers import Analysed
from gui.inspector.inspector import Inspector
from gui.inspector.weights_form import WeightsForm
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from tests.windows import in_front

SIZES = {"weight": [10, 64], "bias": [10]}


@pytest.fixture
def inspector(document, selection, results, theme: Theme, qtbot: QtBot) -> Inspector:
    return in_front(Inspector(document, selection, results, theme), qtbot, 320, 1000)


@pytest.fixture
def form(inspector: Inspector, document: Document, selection: Selection, results: AnalysisResults) -> WeightsForm:
    """The section of the layer ``head``, open."""
    answer = {"outputs": {"output": ["N", 10]}, "parameters": 650, "macs": 640, "weights": SIZES}
    relu = {"outputs": {"output": ["N", 32, 8, 8]}, "parameters": 0, "macs": 0, "weights": {}}
    results.take(Analysed(1, (), {"head": answer, "act1": relu}, 650, 640), document.revision)
    selection.select(("head",))
    QTest.mouseClick(inspector.node.weights.section, Qt.MouseButton.LeftButton)
    assert inspector.node.weights.form.isVisible()
    return inspector.node.weights.form


def settings(document: Document, node: str = "head") -> WeightSettings:
    return document.project.graphs["Net"].nodes[node].settings


def choose(combo: QComboBox, text: str) -> None:
    """Choose an entry of a list by the keyboard."""
    combo.setFocus()
    combo.showPopup()
    combo.view().setCurrentIndex(combo.model().index(combo.findText(text, Qt.MatchFlag.MatchStartsWith), 0))
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    if combo.view().isVisible():
        combo.hidePopup()
    settle(combo)


def settle(widget: QWidget) -> None:
    """Wait until the page shows the change."""
    inspector = widget
    while not isinstance(inspector, Inspector):
        inspector = inspector.parentWidget()
    for _ in range(500):
        if not inspector._soon.isActive():
            return
        QTest.qWait(2)
    raise AssertionError("the page is not shown again")


def retype(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    settle(line)


def click(switch: QWidget) -> None:
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    settle(switch)


def combo(form: WeightsForm, name: str) -> QComboBox:
    owner = next(each for each in (form.learning, form.follows) if name in each.rows)
    return owner.rows[name].editor.combo


def test_nothing_is_set_at_first_and_the_section_is_closed(inspector, form, selection, document) -> None:
    assert settings(document) is NO_SETTINGS
    selection.select(("act1",))
    assert not inspector.node.weights.isVisible()  # it has no weights
    selection.select(("fc1",))
    assert inspector.node.weights.isVisible()
    assert not inspector.node.weights.form.isVisible()


def test_freezing_is_one_undo_step(form, document) -> None:
    switch = form.learning.rows["frozen"].editor.switch
    click(switch)
    assert settings(document) == WeightSettings(frozen=True)
    document.history.undo()
    settle(form)
    assert settings(document) is NO_SETTINGS
    assert not switch.isChecked()
    document.history.redo()
    settle(form)
    click(switch)
    assert settings(document) is NO_SETTINGS


def test_a_factor_of_the_learning_rate_is_typed_and_one_is_none(form, document) -> None:
    line = form.learning.rows["lr_scale"].editor.field
    retype(line, "0.1")
    assert settings(document).lr_scale == 0.1
    retype(line, "0")
    assert "must be > 0" in form.learning.rows["lr_scale"].wrong
    retype(line, "1")
    assert settings(document) is NO_SETTINGS


def test_a_weight_is_chosen_then_its_initializer_and_its_values(form, document) -> None:
    weights = form.weights
    assert [weights.itemText(at) for at in range(weights.count())] == ["weight  10 \u00d7 64", "bias  10"]
    choose(form.parts["init"].combo, "kaiming_normal_")
    assert settings(document).init == {"weight": Part("kaiming_normal_")}
    choose(form.parts["init"].form.rows["nonlinearity"].editor.combo, "relu")
    assert settings(document).init == {"weight": Part("kaiming_normal_", {"nonlinearity": "relu"})}
    assert weights.itemText(0).endswith("\u2022")

    choose(weights, "bias")
    assert form.parts["init"].combo.currentText() == "torch's own"
    choose(form.parts["init"].combo, "constant_")
    retype(form.parts["init"].form.rows["val"].editor.field, "0.5")
    assert settings(document).init["bias"] == Part("constant_", {"val": 0.5})
    choose(form.parts["parametrize"].combo, "weight_norm")
    assert settings(document).parametrize == {"bias": Part("weight_norm")}
    choose(form.parts["init"].combo, "torch's own")
    assert "bias" not in settings(document).init
    document.history.undo()
    assert settings(document).init["bias"] == Part("constant_", {"val": 0.5})


def test_the_file_of_initial_weights_is_set_and_removed(form, document) -> None:
    path, prefix = (form.start.rows[name].editor.field for name in ("start_from", "prefix"))
    assert not prefix.isVisible()
    retype(path, "shipped:digits")
    assert settings(document).weights == WeightsFile("shipped:digits")
    retype(prefix, "head")
    assert settings(document).weights == WeightsFile("shipped:digits", "head")
    retype(path, "")
    assert settings(document) is NO_SETTINGS


def test_a_node_that_follows_another_has_no_other_settings(form, document, selection) -> None:
    click(form.learning.rows["frozen"].editor.switch)
    follows = combo(form, "follows")
    assert [follows.itemText(at) for at in range(follows.count())] == ["no other", "fc1"]
    choose(follows, "fc1")
    assert settings(document) == WeightSettings(follows=Follows("fc1", decay=0.999))
    assert not form.follows.rows["follows"].wrong
    assert not form.learning.isVisible()
    assert not form.start.isVisible()
    assert not form.parts["init"].isVisible()
    retype(form.follows.rows["keeps"].editor.field, "0.5")
    assert settings(document).follows == Follows("fc1", decay=0.5)
    choose(combo(form, "moves"), "now and then")
    retype(form.follows.rows["every"].editor.field, "10")
    assert settings(document).follows == Follows("fc1", every=10)
    assert not form.follows.rows["keeps"].editor.isVisible()
    choose(follows, "no other")
    assert settings(document) is NO_SETTINGS
    assert form.learning.isVisible()


def test_each_setting_of_a_block_can_be_as_inside(form, inspector, document, selection, results) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1", "act1"], "Stem"))
    selection.select(("stem",))
    QTest.mouseClick(inspector.node.weights.section, Qt.MouseButton.LeftButton)
    choose(combo(form, "frozen"), "no")
    assert settings(document, "stem") == WeightSettings(frozen=False)
    choose(combo(form, "decay"), "yes")
    retype(form.learning.rows["lr_scale"].editor.field, "1")
    assert settings(document, "stem") == WeightSettings(frozen=False, lr_scale=1.0, decay=True)
    for name in ("frozen", "decay"):
        choose(combo(form, name), "as inside")
    assert settings(document, "stem") == WeightSettings(lr_scale=1.0)


def test_the_section_opens_where_something_is_set_and_closes_where_nothing_is(
    form, inspector, document, selection
) -> None:
    document.do(SetWeights("Net", "fc1", WeightSettings(init={"bias": Part("ones_")})))
    selection.select(("fc1",))
    assert inspector.node.weights.form.isVisible()
    assert form.parts["init"].combo.currentText() == "ones_"  # of the weight that has settings
    selection.select(("conv1",))
    assert not inspector.node.weights.form.isVisible()
    document.do(AddNode("Net", "twin", document.project.graphs["Net"].nodes["head"].copy()))
    document.project.graphs["Net"].nodes["twin"].shares = "head"
    selection.select(("twin",))
    assert not inspector.node.weights.isVisible()  # its weights are another's


def test_a_path_is_relative_to_the_folder_of_the_project(form, document, selection, tmp_path: Path) -> None:
    document.path = tmp_path / "a.loom"
    selection.select(("fc1",))
    selection.select(("head",))
    form.start.rows["start_from"].editor.set_path(tmp_path / "w.safetensors")
    assert settings(document).weights == WeightsFile("w.safetensors")


def test_a_weight_of_equal_shape_of_another_node_is_shared_and_let_go(form, document, results, selection) -> None:
    document.do(SetWeights("Net", "head", WeightSettings(init={"weight": Part("ones_"), "bias": Part("zeros_")})))
    head = {"outputs": {"output": ["N", 10]}, "parameters": 650, "macs": 640, "weights": SIZES}
    other = {"outputs": {"output": ["N", 64]}, "parameters": 650, "macs": 0, "weights": {"weight": [10, 64], "b": [64]}}
    results.take(Analysed(2, (), {"head": head, "fc1": other}, 650, 640), document.revision)
    settle(form)
    shared = form.shared.rows["shares"].editor.combo
    assert [shared.itemText(at) for at in range(shared.count())] == ["its own numbers", "fc1.weight"]
    choose(shared, "fc1.weight")
    assert settings(document) == WeightSettings(init={"bias": Part("zeros_")}, shares={"weight": "fc1.weight"})
    assert not form.parts["init"].isVisible()
    choose(form.weights, "bias")
    assert not form.shared.isVisible()  # no other weight has its shape
    assert form.parts["init"].isVisible()
    choose(form.weights, "weight")
    choose(shared, "its own")
    assert settings(document).shares == {}
    document.history.undo()
    settle(form)
    assert shared.currentText() == "fc1.weight"
