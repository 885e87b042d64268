"""The problems that prevent a training, until they are fixed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import RemoveWire, SetData, SetParam
from engine.graph.model import NO_DATA, Data
from engine.protocol.answers import Analysed
from gui.canvas.canvas import Canvas
from gui.workers.ending import Ending
from tests.gui.shell.window_parts import button


def test_a_refused_training_has_the_data_read_again(own_window, qtbot, tmp_path: Path):
    window = own_window
    window.context.document.do(SetData(Data("Csv", {"path": "t.csv", "target": "kind"})))
    ended, changed = window.context.runs.link.ended, window.context.analysis.files.changed
    with qtbot.assertNotEmitted(changed):
        ended.emit(tmp_path, Ending("stopped", "Stopped before the training began."))
    with qtbot.waitSignal(changed):
        ended.emit(tmp_path, Ending("refused", "t.csv, line 2: that is not a number."))


def test_another_refusal_of_a_trainer_goes_with_its_cause(own_window, qtbot, tmp_path):
    context = own_window.context
    run = tmp_path / "run"
    context.runs.project_runs.started_runs.append(run)
    context.runs.link.ended.emit(run, Ending("refused", "t.csv, line 2: that is not a number."))
    assert "cannot be trained yet" in context.notices.by_topic["training"].text
    context.results.changed.emit()
    assert "training" in context.notices.by_topic  # nothing has happened
    context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    context.results.take(Analysed(context.document.revision, (), {}, 0, 0), context.document.revision)
    assert "training" not in context.notices.by_topic


@pytest.mark.parametrize("asks", ["F8", "Train"])
def test_an_unwired_node_is_unfinished_until_the_user_asks(window, laid_out, qtbot, asks):
    context, canvas = window.context, window.panel("canvas", Canvas)
    problems, item = window.panels["problems"], canvas.scene.nodes["loss"]

    def cut() -> None:
        wires = context.document.project.graphs["Net"].wires
        context.document.do(RemoveWire("Net", next(each for each in wires if str(each.target) == "loss.input")))

    cut()
    qtbot.waitUntil(lambda: item.severity == "unfinished")
    (problem,) = [each for each in context.results.errors if each.node == "loss"]
    assert (problem.code, problem.severity) == ("G005", "error")  # its severity is unchanged
    qtbot.waitUntil(lambda: "to finish" in problems.count.text())
    assert "error" not in problems.count.text()
    if asks == "F8":
        qtbot.keyClick(window.frame, Qt.Key.Key_F8)
    else:
        qtbot.mouseClick(button(window, "button_start"), Qt.MouseButton.LeftButton)
    assert item.severity == "error"
    qtbot.waitUntil(lambda: "1 error" in problems.count.text())
    context.document.history.undo()
    qtbot.waitUntil(lambda: item.severity == "")
    cut()
    qtbot.waitUntil(lambda: item.severity == "unfinished")  # it was fixed, and has returned


def test_a_network_without_data_is_unfinished_until_the_user_trains_it(window, laid_out, qtbot):
    context, problems = window.context, window.panels["problems"]
    context.document.do(SetData(NO_DATA))
    qtbot.waitUntil(lambda: "D113" in [problem.code for problem in context.results.errors])
    qtbot.waitUntil(lambda: "to finish" in problems.count.text())
    assert "error" not in problems.count.text()
    qtbot.mouseClick(button(window, "button_start"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "error" in problems.count.text())


def test_the_reason_of_a_refused_training_goes_when_it_is_fixed(window, laid_out, qtbot):
    context = window.context
    notices = context.notices.by_topic

    def cut(target: str) -> None:
        wires = context.document.project.graphs["Net"].wires
        context.document.do(RemoveWire("Net", next(each for each in wires if str(each.target) == target)))

    cut("loss.input")
    cut("loss.target")
    qtbot.waitUntil(lambda: len(context.results.errors) == 2)
    qtbot.mouseClick(button(window, "button_start"), Qt.MouseButton.LeftButton)
    assert "(1 more)" in notices["training"].text
    QTest.keyClick(window.frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "more)" not in notices["training"].text)
    assert "into input" in notices["training"].text  # what is left
    QTest.keyClick(window.frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "training" not in notices)
