"""The whole window: its panels, title, pages, status bar and focus."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget

from engine.graph.edits import AddGraph, AddNode, Batch, SetParam, SetProject
from engine.graph.model import Graph, Node
from gui.canvas.editing.availability import RULES
from gui.shell.panels import PANELS
from tests.gui.shell.window_parts import button

PANEL_NAMES = {"palette", "canvas", "inspector", "problems", "code", "data", "runs", "outline", "live"}


def test_every_panel_has_its_name(window):
    for name in PANEL_NAMES:
        assert window.frame.findChild(QWidget, name) is window.panels[name]
        assert window.panels[name].accessibleName()


def test_every_action_that_is_promised_does_something(window):
    # Some actions need a training, a selection or a problem; all others are enabled from the start.
    actions = window.context.actions
    assert {name for name in actions if not actions[name].isVisible()} <= {"file.recover"}
    dead = {name for name in actions if not actions[name].isEnabled()} - {"file.recover"}
    assert dead - {*RULES} <= {
        "file.reload", "file.export_safetensors", "edit.undo", "edit.redo", "train.pause", "train.stop", "train.resume",
        "graph.next_problem", "view.live",
    }  # fmt: skip
    assert all(actions[name].statusTip() not in ("", actions.specs[name].tip) for name in dead)  # why not


def test_the_example_fills_the_window(window):
    assert window.frame.windowTitle() == "digits-cnn (unsaved)[*]"  # Qt appends the name of the program to all titles
    assert window.frame.findChild(QLabel, "file_name").text() == "digits-cnn (unsaved)"
    assert "conv1" in window.panels["canvas"].scene.nodes


def test_an_edit_marks_the_title_and_undo_names_it(window, qtbot):
    undo = window.context.actions["edit.undo"]
    assert not undo.isEnabled()
    window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    assert window.frame.isWindowModified()
    assert window.frame.findChild(QLabel, "file_name").text().endswith("•")
    assert undo.text() == "Undo set out_channels of conv1"

    qtbot.mouseClick(button(window, "button_undo"), Qt.MouseButton.LeftButton)

    assert not window.frame.isWindowModified()
    assert window.context.actions["edit.redo"].isEnabled()


def test_pages_are_shown_by_click_and_key(window, qtbot):
    for place, name in enumerate(("canvas", "code", "data", "runs")):
        qtbot.mouseClick(window.pages.tabs, Qt.MouseButton.LeftButton, pos=window.pages.tabs.tabRect(place).center())
        assert window.pages.current == name
        assert window.panels[name].isVisible()
    qtbot.keyClick(window.frame, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.pages.current == "canvas"


def test_panels_hide_and_come_back(window, qtbot):
    inspector = window.panels["inspector"]
    wide = window.pages.width()
    window.context.actions["view.inspector"].trigger()
    assert not inspector.isVisible()
    assert not window.context.actions["view.inspector"].isChecked()
    qtbot.waitUntil(lambda: window.pages.width() > wide)
    window.context.actions["view.inspector"].trigger()
    assert inspector.isVisible()


def test_a_titled_panel_is_closed_by_its_button(window, qtbot):
    window.context.actions["view.outline"].trigger()
    assert window.panels["outline"].isVisible()
    close = next(each for each in window.frame.findChildren(QToolButton) if each.accessibleName() == "Hide outline")
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not window.panels["outline"].isVisible()
    assert not window.context.actions["view.outline"].isChecked()


def test_f6_goes_through_all_panels_and_back(window, qtbot):
    def where() -> str:
        here = QApplication.focusWidget()
        stops = {"toolbar": window.toolbar} | window.panels
        return next((name for name, panel in stops.items() if panel is here or panel.isAncestorOf(here)), "?")

    window.focus_panel("canvas")
    assert where() == "canvas"
    panels = []
    for _ in range(6):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        panels.append(where())
    assert {"inspector", "toolbar", "palette", "canvas"} <= set(panels)
    assert "?" not in panels
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert where() == panels[-2]


def test_breadcrumbs_lead_back(window, qtbot):
    inner, use = AddGraph("Stem", Graph({"x": Node("Input")})), AddNode("Net", "stem", Node("Block", graph="Stem"))
    window.context.document.do(Batch("Make a block", (inner, use)))
    window.context.selection.dive("stem")
    crumbs = [each.text() for each in window.frame.findChildren(QToolButton) if each.objectName().startswith("crumb")]
    assert crumbs[-2:] == ["Net", "stem"]

    qtbot.mouseClick(window.frame.findChild(QToolButton, "crumb_0"), Qt.MouseButton.LeftButton)

    assert window.context.selection.path == ()


def test_the_status_bar_shows_totals_and_messages(window):
    window.status.show_totals(33_866, 51_800)
    texts = [window.frame.findChild(QLabel, f"status_{name}").text() for name in ("parameters", "bytes", "macs")]
    assert texts == ["33,866 parameters", "0.14 MB", "51.8\u202fk multiply-adds / sample"]
    window.status.show_totals(37_824, 51_800, is_partial=True)
    texts = [window.frame.findChild(QLabel, f"status_{name}").text() for name in ("parameters", "bytes", "macs")]
    assert texts == ["at least 37,824 parameters", "at least 0.15 MB", "at least 51.8\u202fk multiply-adds / sample"]
    window.status.show_totals(0, 0, is_partial=True)
    texts = [window.frame.findChild(QLabel, f"status_{name}").text() for name in ("parameters", "bytes", "macs")]
    assert texts == ["parameters unknown", "", ""]
    window.status.show_totals(1_046_000_000_394, 0)
    assert window.frame.findChild(QLabel, "status_bytes").text() == "4.18 TB"
    window.context.selection.select(["conv1", "bn1"])
    assert window.frame.findChild(QLabel, "status_selected").text() == "2 selected"
    window.context.document.do(SetParam("Net", "nobody", "x", 1))
    assert "no node named nobody" in window.status.currentMessage()


def test_the_title_follows_the_name_of_a_project_that_is_modified_already(window):
    document = window.context.document
    document.do(SetParam("Net", "conv1", "out_channels", 16))
    document.do(SetProject("name", "renamed"))
    assert window.file_name.text().startswith("renamed")


def test_a_message_begins_where_the_totals_do(window):
    totals = window.frame.findChild(QLabel, "status_parameters")
    window.status.show_totals(33_866, 51_800)
    left = totals.mapTo(window.status, QPoint(totals.contentsMargins().left(), 0)).x()
    window.status.showMessage("words")
    picture = window.status.grab().toImage()
    paper = picture.pixelColor(5, picture.height() // 2)
    first = next(
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y) != paper for y in range(6, picture.height() - 4))
    )
    assert abs(first / picture.devicePixelRatio() - left) < 8


def test_the_status_bar_shows_whether_the_project_is_saved(window, tmp_path):
    label = window.frame.findChild(QLabel, "status_saved")
    window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    window.context.files.journaling.flush()
    assert label.text() == "autosaved just now"
    window.context.files.save_to(tmp_path / "a.loom")
    assert label.text() == "saved"


def test_the_device_is_chosen_in_the_toolbar(window):
    device = window.toolbar.device
    device.offer({"cpu": "8 cores", "cuda:0": "a fast one"})
    device.menu().aboutToShow.emit()
    texts = [action.text() for action in device.menu().actions()]
    assert any(text.startswith("cuda:0") for text in texts)
    device.menu().actions()[-1].trigger()
    assert window.context.document.project.training.device == "cuda:0"
    assert device.text() == "cuda:0"
    window.context.document.history.undo()
    assert device.text() == "auto"


def test_progress_is_visible_only_during_a_training(window):
    progress = window.toolbar.progress
    assert not progress.isVisible()
    progress.show_progress("epoch 3 / 20", 0.15)
    assert progress.isVisible()
    progress.show_progress("starting", None)
    progress.clear()
    assert not progress.isVisible()


def test_the_table_of_panels_names_existing_actions(actions):
    assert {panel.action for panel in PANELS} <= set(actions)
    assert len({panel.name for panel in PANELS}) == len(PANELS)


def test_the_shown_graph_exists_when_results_change(open_window):
    context, graphs = open_window().context, []
    context.files.new_from("digits-transformer")
    assert context.selection.dive("encoder")
    context.results.changed.connect(lambda: graphs.append(context.selection.graph in context.document.project.graphs))
    context.document.history.setClean()
    context.files.new_from("diabetes-mlp")
    assert graphs
    assert all(graphs)


def test_f2_focuses_the_name_of_the_selected_node(window, laid_out, qtbot):
    context = window.context
    QTest.keyClick(window.frame, Qt.Key.Key_F2)
    assert "Select one node" in window.status.currentMessage()
    context.selection.select(["fc1"])
    QTest.keyClick(window.frame, Qt.Key.Key_F2)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    assert field.selectedText() == "fc1"
    QTest.keyClicks(field, "dense")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "dense" in context.document.project.graphs["Net"].nodes
