"""The whole window: its panels, its layout, files, dialogs, and the welcome."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from engine.graph.edits import AddGraph, AddNode, Batch, RemoveWire, SetData, SetParam, SetProject
from engine.graph.model import Data, End, Graph, Node, Project, Wire
from engine.project.templates import template
from engine.protocol.answers import Analysed
from gui.canvas.canvas import Canvas
from gui.canvas.editing.availability import RULES
from gui.canvas.graph_views import READABLE, WHOLE_FROM
from gui.dialogs.about_dialog import AboutDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.fault_report import FaultReport
from gui.dialogs.new_project import NewProjectDialog
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.dialogs.welcome import Welcome
from gui.preferences.preferences import Preferences
from gui.shell.banners import Card
from gui.shell.main_window import Window
from gui.shell.panels import PANELS
from gui.state.notices import Notice
from gui.workers.ending import Ending
from tests.windows import double_click, windows_shown

PANEL_NAMES = {"palette", "canvas", "inspector", "problems", "code", "data", "runs", "outline", "live"}


def button(window: Window, name: str) -> QPushButton:
    button = window.frame.findChild(QPushButton, name)
    assert button is not None, name
    return button


# Panels and layout


def test_every_panel_has_its_name(window):
    for name in PANEL_NAMES:
        assert window.frame.findChild(QWidget, name) is window.panels[name]
        assert window.panels[name].accessibleName()


def test_a_hidden_panel_is_made_when_it_is_first_shown(open_window, qtbot):
    window = open_window(filled=False)
    assert set(window.panels) == {"canvas", "palette", "inspector", "problems"}
    assert {"node", "many", "wire"} & vars(window.panels["inspector"]).keys() == set()

    tabs = window.pages.tabs
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(window.panels["outline"].isVisible)
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center())
    qtbot.waitUntil(window.panels["data"].isVisible)
    assert "runs" not in window.panels
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    assert window.panels["canvas"].isVisible()


def test_no_other_window_appears_while_the_window_is_filled(open_window):
    with windows_shown() as windows:
        window = open_window()
    assert windows == [window.frame]


def test_a_panel_that_was_hidden_is_connected_when_it_is_shown(open_window, qtbot):
    settings = Preferences()
    settings.set("layout", {"hidden": [panel.name for panel in PANELS if panel.side != "page"]})
    settings.write()
    window = open_window(filled=False)
    assert set(window.panels) == {"canvas"}
    nodes = window.context.document.project.graphs["Net"].nodes
    before = len(nodes)

    window.context.actions["view.palette"].trigger()
    window.panels["palette"].node_wanted.emit(Node("ReLU"))
    assert len(nodes) == before + 1

    window.context.selection.select(["conv1"])
    window.context.actions["edit.rename"].trigger()
    qtbot.waitUntil(window.panels["inspector"].isVisible)
    assert window.frame.focusWidget() is window.panels["inspector"].node.name.rows["name"].editor.field


def test_a_panel_that_is_made_late_is_connected(open_window, qtbot):
    window = open_window(filled=False)
    window.context.actions["view.outline"].trigger()
    window.turn_to("code")

    window.panels["outline"].revealed.emit("conv1")

    assert window.pages.current == "canvas"
    qtbot.waitUntil(window.panels["canvas"].isVisible)


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


def test_the_outline_gets_its_width_and_gives_it_back(window, qtbot):
    side, outline = window.sides["left"], window.panels["outline"]
    narrow = side.width()
    window.frame.resize(1600, 900)
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(lambda: side.width() > narrow)
    tree = outline.tree
    assert tree.columnWidth(0) + tree.columnWidth(1) <= tree.viewport().width()
    assert tree.columnWidth(1) >= tree.sizeHintForColumn(1)
    window.context.actions["view.outline"].trigger()
    qtbot.waitUntil(lambda: side.width() == narrow)


def test_the_layout_is_remembered(window, open_window, qtbot):
    window.context.actions["view.problems"].trigger()
    window.context.actions["view.outline"].trigger()
    window.pages.show_page("code")
    window.keep_layout()
    window.context.preferences.write()

    again = open_window()

    assert again.pages.current == "code"
    assert not again.panels["outline"].isVisible()  # it is of the graph
    again.pages.show_page("canvas")
    assert not again.panels["problems"].isVisible()
    assert again.panels["outline"].isVisible()

    again.reset_layout()
    assert again.panels["problems"].isVisible()
    assert not again.panels["outline"].isVisible()


@pytest.mark.parametrize("page", ["data", "runs", "code"])
def test_an_opened_graph_is_shown(window, laid_out, tmp_path, page):
    files = window.context.files
    window.pages.show_page(page)
    files.new_from("iris-mlp")
    assert window.pages.current == "canvas"
    files.save_to(tmp_path / "mine.loom")
    files.new_from("digits-cnn")
    window.pages.show_page(page)
    files.open(tmp_path / "mine.loom")
    assert window.pages.current == "canvas"
    window.pages.show_page(page)
    files.reload()
    assert window.pages.current == page  # it is the same project


def drag(edge, by: QPoint) -> None:
    middle = edge.rect().center()
    QTest.mousePress(edge, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(edge, middle + by)
    QTest.mouseRelease(edge, Qt.MouseButton.LeftButton, pos=middle + by)
    QApplication.processEvents()


def edges(window) -> dict[str, list[int]]:
    return {"across": window._across.sizes(), "down": window._down.sizes()}


@pytest.mark.parametrize("size", [(1000, 640), (1280, 800), (1600, 1000)])
def test_panels_keep_their_sizes_when_the_page_changes(window, laid_out, size):
    window.frame.resize(*size)
    QApplication.processEvents()
    drag(window._across.handle(1), QPoint(24, 0))
    drag(window._across.handle(2), QPoint(-18, 0))
    drag(window._down.handle(1), QPoint(0, -30))
    before = edges(window)
    window.panels["data"].setMinimumHeight(before["down"][0] + 60)  # as much as some data needs
    window.panels["runs"].setMinimumWidth(before["across"][1] + 60)
    for page in ("data", "runs", "code"):
        window.pages.show_page(page)
        QApplication.processEvents()
        assert edges(window) != before
        window.pages.show_page("canvas")
        QApplication.processEvents()
        assert edges(window) == before


@pytest.mark.parametrize("page", ["data", "runs", "code"])
def test_closing_on_another_page_keeps_the_sizes_around_the_graph(window, open_window, laid_out, page):
    drag(window._across.handle(1), QPoint(24, 0))
    drag(window._down.handle(1), QPoint(0, -30))
    before = edges(window)
    window.pages.show_page(page)
    QApplication.processEvents()
    assert window.frame.close()
    window.context.preferences.write()

    again = open_window()
    assert again.pages.current == page
    again.pages.show_page("canvas")
    QApplication.processEvents()
    assert edges(again) == before


def test_an_edge_that_was_dragged_on_another_page_stays_there(window, laid_out):
    window.pages.show_page("code")
    QApplication.processEvents()
    drag(window._across.handle(2), QPoint(-80, 0))
    dragged = window.sides["right"].width()
    window.pages.show_page("canvas")
    QApplication.processEvents()
    assert window.sides["right"].width() == dragged


SERVES = {
    "canvas": {"palette", "inspector", "problems"}, "code": {"inspector"}, "data": set(), "runs": set(),
}  # fmt: skip


@pytest.mark.parametrize("page", SERVES)
def test_a_page_has_around_it_only_panels_that_serve_it(window, laid_out, qtbot, page):
    tab = window.pages.tabs
    qtbot.mouseClick(tab, Qt.MouseButton.LeftButton, pos=tab.tabRect([*SERVES].index(page)).center())
    QApplication.processEvents()
    pages = {panel.name for panel in PANELS if panel.side == "page"}
    assert {name for name, panel in window.panels.items() if panel.isVisible()} - pages == SERVES[page]
    for panel in PANELS:
        if panel.side != "page" and panel.name not in SERVES[page] and not panel.hidden:
            action = window.context.actions[panel.action]
            assert not action.isEnabled()
            assert panel.title in action.statusTip() or "training" in action.statusTip()
    tools = {each.objectName() for each in window.toolbar.findChildren(QPushButton) if each.isVisible()}
    assert ("button_frame" in tools) is (page == "canvas")
    assert window.frame.findChild(QLabel, "status_zoom").isVisible() is (page == "canvas")


def test_there_is_no_panel_of_curves_before_there_is_a_training(window, laid_out):
    live, actions = window.panels["live"], window.context.actions
    low = window.sides["bottom"].height()
    assert low < 40  # the problems are one line until they are opened
    assert not live.isVisible()
    assert "press Train" in actions["view.live"].statusTip()
    window.context.runs.current.show_run(Path("runs/digits-cnn-1"))
    QApplication.processEvents()
    assert live.isVisible()
    assert actions["view.live"].isChecked()
    assert window.sides["bottom"].height() > low
    assert live.width() > 4 * window.panels["problems"].width()  # its share, also where it came late
    window.pages.show_page("runs")
    assert not live.isVisible()  # the page has curves of its own
    window.pages.show_page("canvas")
    assert live.isVisible()
    window.context.files.new_from("iris-mlp")
    QApplication.processEvents()
    assert not live.isVisible()
    assert window.sides["bottom"].height() == low


def test_thirteen_nodes_are_readable_at_1280_by_800(window, laid_out, qtbot):
    window.frame.resize(1280, 800)
    QApplication.processEvents()
    canvas = window.panel("canvas", Canvas)
    canvas.arranger.is_animated = False
    assert canvas.zoom >= READABLE  # the example as it is opened, with its note
    assert canvas.view.visible_rect.contains(canvas.scene.content)
    rows = [[f"n{row}{place}" for place in range(4)] for row in range(3)] + [["n30"]]
    places = {name: (248.0 * x, 148.0 * y) for y, row in enumerate(rows) for x, name in enumerate(row)}
    names = [*places]
    wires = [Wire(End(one, "output"), End(two, "input")) for one, two in pairwise(names)]
    graph = Graph({name: Node("BatchNorm2d", {}, pos) for name, pos in places.items()}, wires)
    window.context.document.history.setClean()
    window.context.files.new(Project(graphs={"Net": graph}))
    QApplication.processEvents()
    assert len(canvas.scene.nodes) == 13
    assert canvas.view.visible_rect.contains(canvas.scene.content)
    assert canvas.zoom >= READABLE
    window.context.runs.current.show_run(Path("runs/digits-cnn-1"))
    window.context.actions["view.fit"].trigger()
    assert canvas.zoom >= WHOLE_FROM


def test_an_invalid_layout_is_ignored(open_window, qtbot):
    settings = Preferences()
    edges = {"left": "a", "right": -5, "bottom": True, "top": 7}
    nonsense = {"geometry": "?", "edges": edges, "sizes": {"side_left": [1, "a"]}, "hidden": 3, "page": ["x"]}
    settings.set("layout", nonsense)
    settings.write()
    window = open_window()
    assert window.panels["canvas"].isVisible()
    assert window.panels["problems"].isVisible()


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


# Files


def dropped(window: Window, path: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    spot, copy, none = QPoint(700, 400), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(spot, copy, data, Qt.MouseButton.LeftButton, none)
    enter.ignore()
    QApplication.sendEvent(window.frame, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window.frame, QDropEvent(spot, copy, data, Qt.MouseButton.LeftButton, none))
    return enter.isAccepted()


def test_a_project_is_opened_by_dropping_it(window, tmp_path):
    path = tmp_path / "iris.loom"
    path.write_text(template("iris-mlp").text())
    (tmp_path / "words.txt").write_text("words")
    assert not dropped(window, tmp_path / "words.txt")
    assert dropped(window, path)
    assert window.context.document.path == path
    assert window.frame.windowTitle() == "iris.loom[*]"


def test_recent_files_are_listed_and_opened(window, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "net.loom").write_text(template("iris-mlp").text())
        window.context.files.open(tmp_path / folder / "net.loom")
    recent = window.menus.menus["File"].findChild(QWidget, "menu_recent") or window.frame.findChild(
        QWidget, "menu_recent"
    )
    recent.aboutToShow.emit()
    texts = [action.text() for action in recent.actions() if action.text()]
    assert texts == ["net.loom  (b)", "net.loom  (a)", "Clear the list"]
    recent.actions()[1].trigger()
    assert window.context.document.path == tmp_path / "a" / "net.loom"
    recent.actions()[-1].trigger()
    assert not recent.menuAction().isVisible()


@pytest.mark.parametrize(("answer", "closes"), [(None, False), (False, True)])
def test_closing_asks_about_unsaved_changes(window, answer, closes):
    window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    window.context.files._questions.first = answer
    assert window.frame.close() is closes
    assert window.frame.isVisible() is not closes


def test_a_notice_is_a_strip_with_its_choices(window, qtbot):
    answers = []
    choices = (("Do it", lambda: answers.append(1)),)
    window.context.notices.put(Notice("topic", "Something is so.", "warning", choices))
    strip = window.frame.findChild(QWidget, "banner_topic")
    assert strip.isVisible()
    qtbot.mouseClick(button(window, "banner_topic_do_it"), Qt.MouseButton.LeftButton)
    assert answers == [1]
    assert not window.context.notices.by_topic
    assert not window.frame.findChild(QWidget, "banners").isVisible()


def test_a_notice_moves_nothing_and_covers_no_tab_or_button(window, laid_out):
    canvas, pages = window.panels["canvas"], window.pages
    spot = canvas.view.viewportTransform().map(canvas.scene.nodes["conv1"].scene_rect.center()).toPoint()
    before = [each.mapToGlobal(QPoint(0, 0)) for each in (canvas.view.viewport(), *window.panels.values())]
    for topic in ("one", "two"):
        window.context.notices.put(Notice(topic, "Something is so, and it takes many words to say that. " * 3))
    QApplication.processEvents()
    assert before == [each.mapToGlobal(QPoint(0, 0)) for each in (canvas.view.viewport(), *window.panels.values())]
    QTest.mouseClick(window.frame.windowHandle(), Qt.MouseButton.LeftButton, pos=canvas.view.viewport().mapTo(
        window.frame, spot))  # fmt: skip
    assert window.context.selection.single == "conv1"
    banners = window.banners
    assert banners.geometry().top() > pages.height() / 2
    assert banners.geometry().bottom() < pages.height()
    cards = [banners.findChild(QWidget, f"banner_{topic}") for topic in ("one", "two")]
    for card in cards:
        assert all(label.height() >= label.heightForWidth(label.width()) for label in card.findChildren(QLabel)[1:])
    assert not cards[0].geometry().intersects(cards[1].geometry())
    assert not banners.geometry().intersects(canvas.minimap.geometry().translated(canvas.mapTo(pages, QPoint(0, 0))))


def test_the_search_and_the_card_of_a_node_do_not_overlap_a_notice(window, laid_out):
    canvas, actions = window.panels["canvas"], window.context.actions
    window.context.notices.put(Notice("topic", "Something is so, and it takes many words to say that. " * 3))
    top = canvas.mapFromGlobal(window.banners.mapToGlobal(QPoint(0, 0))).y()
    for name in ("head", "label"):  # the lowest
        window.context.selection.select((name,))
        actions["graph.add"].trigger()
        assert canvas.layer_popup.search.geometry().bottom() < top
        QTest.keyClick(canvas.layer_popup.search.field, Qt.Key.Key_Escape)
        actions["graph.info"].trigger()
        assert canvas.info.card.isVisible()
        assert canvas.info.card.geometry().bottom() < top
        actions["graph.info"].trigger()


def test_a_notice_does_not_take_the_focus(window, laid_out):
    window.focus_panel("canvas")
    notice = Notice("topic", "Something is so.", choices=(("Do it", lambda: None),))
    with windows_shown() as windows:
        window.context.notices.put(notice)
        QTest.mouseClick(button(window, "banner_topic_do_it"), Qt.MouseButton.LeftButton)
    assert not windows
    assert not window.context.notices.by_topic
    assert QApplication.focusWidget() is window.panels["canvas"].view


def test_a_new_notice_ignores_clicks_for_a_moment(window, laid_out, monkeypatch):
    monkeypatch.setattr("gui.shell.banners.IGNORE_CLICKS_MS", 60_000)
    answers = []
    notice = Notice("topic", "Something is so.", choices=(("Do it", lambda: answers.append(1)),))
    window.context.notices.put(notice)
    QCursor.setPos(button(window, "banner_topic_do_it").mapToGlobal(QPoint(5, 5)))
    window.context.notices.take("topic")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.context.notices.put(notice)
    do_it = button(window, "banner_topic_do_it")
    QTest.mouseClick(do_it, Qt.MouseButton.LeftButton)
    assert (answers, list(window.context.notices.by_topic)) == ([], ["topic"])
    window.banners.findChild(Card, "banner_topic").ignoring_clicks.stop()
    QTest.mouseClick(do_it, Qt.MouseButton.LeftButton)
    assert (answers, list(window.context.notices.by_topic)) == ([1], [])
    QCursor.setPos(QPoint(0, 0))


def test_fitting_leaves_room_for_a_notice(window, laid_out):
    canvas = window.panels["canvas"]
    window.context.notices.put(Notice("topic", "Something is so, and it takes many words to say that. " * 3))
    window.frame.activateWindow()
    canvas.view.setFocus()
    QTest.keyClick(canvas.view, Qt.Key.Key_Home)
    lowest = max(item.scene_rect.bottom() for item in canvas.scene.nodes.values())
    top = canvas.mapFromGlobal(window.banners.mapToGlobal(QPoint(0, 0))).y()
    assert canvas.view.viewportTransform().map(QPointF(0, lowest)).y() < top


# Theme and dialogs


def test_the_theme_is_switched_and_kept(window):
    window.context.actions["view.theme"].trigger()
    assert not window.context.theme.tokens.is_dark
    assert window.context.preferences.values.theme == "light"
    window.context.preferences.write()
    assert Preferences().values.theme == "light"


def test_a_long_name_of_a_run_is_elided_in_its_middle(window, qtbot):
    dialog = ExportDialog(window.context, lambda _: None, "code_of_graph", window.frame)
    qtbot.addWidget(dialog)
    name = f"{'digits-with-many-layers-' * 4}12  (98.3%)"
    dialog.runs.addItem(name)
    dialog.runs.setCurrentIndex(dialog.runs.count() - 1)
    dialog.show()
    dialog.run_settings.show()
    begin, mark, end = dialog.runs.visible_text().partition("\u2026")
    assert mark
    assert name.startswith(begin)
    assert end.endswith("12  (98.3%)")
    assert dialog.runs.toolTip() == name


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_every_dialog_is_drawn_without_a_warning(window, theme, qtbot, choice):
    theme.set(choice)
    context, frame = window.context, window.frame
    for dialog in (
        NewProjectDialog(theme, frame),
        PreferencesDialog(context.preferences, frame),
        AboutDialog(frame),
        FaultReport("words", lambda: None, frame),
        ExportDialog(context, lambda _: None, parent=frame),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        assert not dialog.grab().isNull()
        for each in dialog.findChildren(QAbstractButton):
            if each.isVisible() and each.text():
                assert each.width() >= each.minimumSizeHint().width(), each.text()
        dialog.close()


def test_an_export_is_proposed_to_an_existing_folder(window, tmp_path, qtbot):
    path = tmp_path / "work" / "net.loom"
    path.parent.mkdir()
    assert window.context.files.save_to(path)
    path.parent.rename(tmp_path / "renamed")
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    assert dialog.path.text() == str(tmp_path / "net-code")


def test_an_export_below_the_home_of_an_unknown_user_is_refused(window, qtbot):
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    dialog.path.setText("~someone-unknown/net-code")
    dialog.go.click()
    assert dialog.problem.text() == "Choose a place to write to."
    assert dialog.go.text() == "Export", "nothing is being written"


def test_the_export_of_a_run_shows_every_file_of_its_program(window, tmp_path, qtbot):
    names = ("model.py", "cells.py", "reading.py", "data.py", "step.py", "train.py", "table.json")
    for name in (*names, "data.json", "losses.txt"):
        (tmp_path / name).write_text(f"# {name}")
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    dialog.runs.addItem("first", tmp_path)
    dialog.runs.setCurrentIndex(dialog.runs.count() - 1)
    dialog.radios["code_of_run"].setEnabled(True)
    dialog.radios["code_of_run"].setChecked(True)
    assert [dialog.preview.tabs.tabText(at) for at in range(dialog.preview.tabs.count())] == [*names]
    dialog.preview.tabs.setCurrentIndex(2)
    assert dialog.preview.source.toPlainText() == "# reading.py"


def test_a_template_is_chosen_by_keys_and_click(window, theme, qtbot):
    dialog = NewProjectDialog(theme, window.frame)
    qtbot.addWidget(dialog)
    dialog.show()
    names = list(dialog.cards)
    qtbot.keyClick(dialog.cards[names[0]], Qt.Key.Key_Right)
    assert dialog.template_name == names[1]
    qtbot.mouseClick(dialog.cards["digits-cnn"], Qt.MouseButton.LeftButton)
    assert "conv1" in dialog.project().graphs["Net"].nodes
    qtbot.mouseClick(dialog.cards["empty"], Qt.MouseButton.LeftButton)
    assert not dialog.project().graphs["Net"].nodes
    with qtbot.waitSignal(dialog.accepted):
        double_click(dialog.cards["iris-mlp"])


def test_edits_never_change_a_template(window, theme, qtbot):
    dialog = NewProjectDialog(theme, window.frame)
    qtbot.addWidget(dialog)
    dialog.cards["iris-mlp"].setChecked(True)
    dialog.project().graphs.clear()
    assert dialog.project().graphs


def test_settings_take_effect_at_once(window, qtbot):
    dialog = PreferencesDialog(window.context.preferences, window.frame)
    qtbot.addWidget(dialog)
    box = dialog.findChild(QWidget, "settings_theme")
    box.setCurrentIndex(box.findData("light"))
    assert not window.context.theme.tokens.is_dark


# The welcome


def test_a_click_a_key_and_an_edit_close_the_welcome(window, qtbot):
    def welcome() -> Welcome:
        window.commands.show_welcome()
        return next(each for each in window.frame.findChildren(Welcome) if each.isVisible())

    over = welcome()
    with qtbot.waitSignal(over.closed):
        qtbot.keyClick(over, Qt.Key.Key_Escape)
    over = welcome()
    with qtbot.waitSignal(over.closed):
        qtbot.mouseClick(over, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    over = welcome()
    with qtbot.waitSignal(over.closed):
        window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    assert window.context.preferences.values.welcomed


def test_the_welcome_opens_a_template(window, qtbot):
    window.commands.show_welcome()
    card = window.frame.findChild(QWidget, "template_iris-mlp")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.context.document.project.name == "iris-mlp"


def test_the_table_of_panels_names_existing_actions(actions):
    assert {panel.action for panel in PANELS} <= set(actions)
    assert len({panel.name for panel in PANELS}) == len(PANELS)


def test_a_small_window_cuts_no_panel_off(window, laid_out):
    window.frame.resize(1280, 800)
    QApplication.processEvents()
    for side in ("left", "right"):
        assert window.sides[side].width() >= window.arrangement.first_px(side) - 1
    for name, panel in window.panels.items():
        if panel.isVisible():
            assert panel.width() >= panel.minimumSizeHint().width(), name
    canvas = window.panel("canvas", Canvas)
    canvas.fit()
    assert canvas.view.visible_rect.contains(canvas.scene.content)


@pytest.mark.parametrize("width", [1100, 960])
@pytest.mark.parametrize("page", ["canvas", "code", "data", "runs"])
def test_no_page_is_so_wide_that_anything_is_cut_off(window, laid_out, page, width):
    window.frame.resize(width, 700)
    window.pages.show_page(page)
    for _ in range(3):
        QApplication.processEvents()
    assert window.frame.width() == width
    inspector, page_widget = window.panels["inspector"], window.panels[page]
    buttons = page_widget.findChildren(QPushButton) if page == "runs" else []
    assert all(
        each.mapTo(page_widget, each.rect().topRight()).x() < page_widget.width()
        for each in buttons
        if each.isVisible()
    )
    assert inspector.isVisible() is (page in ("canvas", "code"))
    if inspector.isVisible():
        area = inspector.area.viewport()
        assert area.mapTo(window.frame, area.rect().topRight()).x() < width
        fields = [each for each in inspector.findChildren(QWidget) if each.isVisible() and area.isAncestorOf(each)]
        assert len(fields) > 10
        assert all(each.mapTo(area, each.rect().topRight()).x() < area.width() for each in fields)


def test_the_buttons_of_runs_are_beside_the_title_if_there_is_room(window, laid_out):
    window.pages.show_page("runs")
    page = window.panels["runs"]

    def is_beside() -> bool:
        for _ in range(3):
            QApplication.processEvents()
        return (
            page.scope.mapTo(page, page.scope.rect().center()).y()
            == page.resume.mapTo(page, page.resume.rect().center()).y()
        )

    assert is_beside()
    window.frame.resize(960, 700)
    wide = is_beside()
    window.panels["runs"].setFixedWidth(560)
    assert not is_beside()
    assert wide


@pytest.fixture
def laid_out(window):
    for _ in range(3):
        QApplication.processEvents()


def test_a_project_opened_from_inside_a_block_is_shown(window, laid_out, qtbot):
    context = window.context
    context.files.new_from("digits-transformer")
    context.selection.select(["encoder"])
    context.actions["graph.open_block"].trigger()
    assert context.selection.graph == "Encoder"
    context.document.history.setClean()
    context.files.new_from("diabetes-mlp")
    assert window.panel("canvas", Canvas).scene.graph_name == "Net"
    assert "mae" in window.panel("canvas", Canvas).scene.nodes


def test_the_shown_graph_exists_when_results_change(window, laid_out):
    context, graphs = window.context, []
    context.files.new_from("digits-transformer")
    assert context.selection.dive("encoder")
    context.results.changed.connect(lambda: graphs.append(context.selection.graph in context.document.project.graphs))
    context.document.history.setClean()
    context.files.new_from("diabetes-mlp")
    assert graphs
    assert all(graphs)


@pytest.mark.parametrize("name", ["outline", "history"])
def test_a_panel_that_appears_beside_others_has_a_usable_size(window, laid_out, name):
    panel = window.panels[name]
    window.context.actions["edit.history" if name == "history" else f"view.{name}"].trigger()
    QApplication.processEvents()
    assert panel.isVisible()
    assert panel.height() > 120


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


def test_a_refused_training_has_the_data_read_again(open_window, qtbot, tmp_path: Path):
    window = open_window()
    window.context.document.do(SetData(Data("Csv", {"path": "t.csv", "target": "kind"})))
    ended, changed = window.context.runs.link.ended, window.context.analysis.files.changed
    with qtbot.assertNotEmitted(changed):
        ended.emit(tmp_path, Ending("stopped", "Stopped before the training began."))
    with qtbot.waitSignal(changed):
        ended.emit(tmp_path, Ending("refused", "t.csv, line 2: that is no number."))


def test_an_empty_graph_greets_with_the_next_step_and_takes_it_by_one_click(window, laid_out, qtbot):
    context, greeting = window.context, window.panels["canvas"].greeting
    context.files.new(Project(graphs={"Net": Graph()}))
    QApplication.processEvents()
    assert greeting.isVisible()
    qtbot.mouseClick(button(window, "greeting_first"), Qt.MouseButton.LeftButton)
    graph = context.document.project.graphs["Net"]
    assert {name: node.params["field"] for name, node in graph.nodes.items()} == {"image": "image", "label": "label"}
    assert not greeting.isVisible()
    assert not greeting.buttons.isVisible()
    context.document.history.undo()  # it was one step
    assert not graph.nodes
    assert greeting.isVisible()


def test_an_empty_graph_without_data_leads_to_the_data_page(window, laid_out, qtbot):
    window.context.files.new(Project(graphs={"Net": Graph()}, data=Data("Csv")))
    QApplication.processEvents()
    first = button(window, "greeting_first")
    assert first.text() == "Choose data"
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert window.pages.current == "data"


def test_an_empty_block_greets_with_its_ends(window, laid_out, qtbot):
    context = window.context
    context.document.do(Batch("Make", (AddGraph("Stem", Graph()), AddNode("Net", "stem", Node("Block", graph="Stem")))))
    context.selection.dive("stem")
    QApplication.processEvents()
    qtbot.mouseClick(button(window, "greeting_first"), Qt.MouseButton.LeftButton)
    assert [node.kind for node in context.document.project.graphs["Stem"].nodes.values()] == ["Input", "Output"]


def test_the_words_of_an_empty_graph_take_no_mouse(window, laid_out, qtbot):
    canvas = window.panel("canvas", Canvas)
    window.context.files.new(Project(graphs={"Net": Graph()}))
    QApplication.processEvents()
    place = canvas.greeting.geometry().center()
    viewport = canvas.view.viewport()
    assert canvas.childAt(place) is viewport
    double_click(viewport, viewport.mapFrom(canvas, place))
    assert canvas.layer_popup.search.isVisible()


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


def test_another_refusal_of_a_trainer_goes_with_its_cause(window, laid_out, qtbot, tmp_path):
    context = window.context
    run = tmp_path / "run"
    context.runs.project_runs.started_runs.append(run)
    context.runs.link.ended.emit(run, Ending("refused", "t.csv, line 2: that is no number."))
    assert "cannot be trained yet" in context.notices.by_topic["training"].text
    context.results.changed.emit()
    assert "training" in context.notices.by_topic  # nothing has happened
    context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    context.results.take(Analysed(context.document.revision, (), {}, 0, 0), context.document.revision)
    assert "training" not in context.notices.by_topic
