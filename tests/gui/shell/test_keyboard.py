"""The window by keyboard alone: the order of the focus, its ring, and the names for screen readers."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from engine.graph.compose import disconnect
from engine.graph.edits import AddGraph, AddNode, Batch
from engine.graph.model import Graph, Node
from gui.actions.actions import ACTION_SPECS
from gui.dialogs.about_dialog import AboutDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.new_project import NewProjectDialog
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.dialogs.welcome import Welcome
from gui.shell.banners import Card
from gui.shell.breadcrumbs import Breadcrumbs
from gui.shell.main_window import Window
from gui.state.notices import Notice

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PAGES = {"canvas": KEY.Key_1, "code": KEY.Key_2, "data": KEY.Key_3, "runs": KEY.Key_4}
RING_PX = 30  # so many pixels differ at least where the focus is


@pytest.fixture
def window(open_window, qtbot) -> Window:
    window = open_window()
    window.frame.activateWindow()
    qtbot.waitUntil(window.frame.isActiveWindow)
    window.focus_panel("canvas")
    return window


def press(key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QWidget:
    """Press a key in the focused widget; returns the widget with the focus then."""
    QTest.keyClick(QApplication.focusWidget(), key, keys)
    return QApplication.focusWidget()


def is_in(panel: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is panel or panel.isAncestorOf(focus))


# The welcome


def test_the_welcome_gives_the_focus_to_the_graph(window):
    window.commands.show_welcome()
    press(KEY.Key_Escape)
    assert window.panels["canvas"].view.hasFocus()


def test_tab_goes_round_in_the_welcome(window):
    window.commands.show_welcome()
    welcome = window.frame.findChild(Welcome)
    stops = [press(KEY.Key_Tab) for _ in range(7)]
    assert all(welcome.isAncestorOf(each) for each in stops)
    assert len(set(stops)) == 6
    assert stops[6] is stops[0]
    assert press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier) is stops[5]
    press(KEY.Key_Escape)
    assert window.panels["canvas"].view.hasFocus()


def test_the_welcome_closes_when_the_focus_moves_away(window):
    window.commands.show_welcome()
    welcome = window.frame.findChild(Welcome)
    focus = press(KEY.Key_F6)
    assert not welcome.isVisible()
    assert focus.isVisible()
    assert not welcome.isAncestorOf(focus)
    assert focus is QApplication.focusWidget()


# From page to page, and back


def test_a_page_gets_the_focus_when_it_is_shown(window):
    for name in (*PAGES, "canvas"):
        press(PAGES[name], CTRL)
        if name != "runs":  # there is none yet, and so no list
            assert is_in(window.panels[name]), name
    window.focus_panel("inspector")
    press(PAGES["canvas"], CTRL)
    assert window.panels["canvas"].view.hasFocus()


def test_a_page_shown_by_a_click_keeps_the_focus(window, qtbot):
    tabs = window.pages.tabs
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(2).center())
    assert is_in(window.panels["data"])
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(0).center())
    assert window.panels["canvas"].view.hasFocus()


def test_escape_leads_back_to_the_graph(window):
    window.context.selection.select(["conv1"])
    for panel in ("inspector", "palette"):
        window.focus_panel(panel)
        assert is_in(window.panels[panel])
        press(KEY.Key_Escape)
        assert window.panels["canvas"].view.hasFocus(), panel
    window.toolbar.findChild(QWidget, "button_start").setFocus()
    press(KEY.Key_Escape)
    assert window.panels["canvas"].view.hasFocus()
    assert window.context.selection.single == "conv1"


def test_escape_in_a_field_first_reverts_the_text(window):
    document = window.context.document
    params = document.project.graphs["Net"].nodes["conv1"].params
    before = dict(params)
    window.context.selection.select(["conv1"])
    press(KEY.Key_Return)
    field = QApplication.focusWidget()
    assert field.accessibleName() == "out_channels"
    QTest.keyClicks(field, "48")
    assert params["out_channels"] == 48
    press(KEY.Key_Escape)
    assert field.hasFocus()
    assert field.text() == str(before["out_channels"])
    assert params == before
    assert not document.history.canUndo()
    assert not document.modified
    press(KEY.Key_Escape)
    assert window.panels["canvas"].view.hasFocus()
    assert params == before


def test_escape_reverts_an_unreadable_text_and_one_that_is_not_committed(window):
    inspector, document = window.panels["inspector"], window.context.document
    field = inspector.page.training.run.rows["epochs"].editor.field
    epochs = document.project.training.epochs
    for text in ("7", "seven"):
        field.setFocus(Qt.FocusReason.TabFocusReason)
        field.selectAll()
        QTest.keyClicks(field, text)
        press(KEY.Key_Escape)
        assert field.text() == str(epochs)
        assert not inspector.page.training.run.rows["epochs"].problem.isVisible()
        press(KEY.Key_Escape)
        assert document.project.training.epochs == epochs
    assert not document.history.canUndo()


def test_enter_commits_the_text_before_escape(window):
    document = window.context.document
    window.context.selection.select(["conv1"])
    field = press(KEY.Key_Return)
    QTest.keyClicks(field, "48")
    press(KEY.Key_Return)
    press(KEY.Key_Escape)
    assert document.project.graphs["Net"].nodes["conv1"].params["out_channels"] == 48
    assert document.history.count() == 1


def test_f6_visits_the_notices_over_the_page(window, qtbot):
    done = []
    window.context.notices.show(Notice("topic", "Something is so.", choices=(("Do it", lambda: done.append(1)),)))
    qtbot.waitUntil(
        lambda: window.banners.isVisible() and any(map(QWidget.isVisible, window.banners.findChildren(Card)))
    )
    panels = [press(KEY.Key_F6) for _ in range(8)]
    button = next(each for each in panels if window.banners.isAncestorOf(each))
    assert button.text() == "Do it"
    button.setFocus()
    press(KEY.Key_Escape)
    assert window.panels["canvas"].view.hasFocus()
    assert not done


# The order of Tab


def test_tab_follows_the_layout_of_the_project_settings(window):
    inspector = window.panels["inspector"]
    inspector.page.training.optimizer.combo.setFocus(Qt.FocusReason.TabFocusReason)
    focused = [press(KEY.Key_Tab) for _ in range(9)]
    places = [each.mapTo(inspector, QPoint()).y() for each in focused]
    assert places == sorted(places)
    assert focused[0].accessibleName() == "lr"


def test_tab_follows_the_layout_after_another_optimizer_was_chosen(window):
    inspector = window.panels["inspector"]
    combo = inspector.page.training.optimizer.combo
    combo.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(combo, "SGD")
    assert window.context.document.project.training.optimizer.kind == "SGD"
    QApplication.processEvents()
    assert press(KEY.Key_Tab).accessibleName() == "lr"
    assert press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier) is combo


# The focus is visible


def stops(top: QWidget) -> list[QWidget]:
    """The widgets that Tab visits."""
    return [
        each
        for each in top.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and not isinstance(each.parent(), QAbstractScrollArea)
    ]


def picture(top: QWidget, widget: QWidget) -> bytes:
    """The pixels of a widget and its surroundings."""
    rect = QRect(widget.mapTo(top, QPoint()), widget.size()).adjusted(-4, -4, 4, 4).intersected(top.rect())
    image = top.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits())


def without_ring(top: QWidget) -> list[str]:
    """The widgets that look the same with and without the focus."""
    same = []
    for widget in stops(top):
        parent = widget.parentWidget()
        while parent and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent:
            parent.ensureWidgetVisible(widget)
            QApplication.processEvents()
        if focus := top.focusWidget():
            focus.clearFocus()
        before = picture(top, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if not widget.hasFocus():
            continue
        after = picture(top, widget)
        pairs = zip(memoryview(before).cast("I"), memoryview(after).cast("I"), strict=False)
        if len(before) == len(after) and sum(one != other for one, other in pairs) < RING_PX:
            same.append(f"{type(widget).__name__} {widget.objectName()} {widget.accessibleName()}")
    return same


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_the_focus_is_visible_on_every_page(window, theme_name):
    window.context.theme.set(theme_name)
    for name, key in PAGES.items():
        press(key, CTRL)
        QApplication.processEvents()
        assert without_ring(window.frame) == [], name


def dialogs(window: Window):
    context, frame = window.context, window.frame
    yield NewProjectDialog(context.theme, frame)
    yield ExportDialog(context, print, "code_of_graph", frame)
    yield ShortcutsDialog(context.actions, frame)
    yield AboutDialog(frame)
    yield PreferencesDialog(context.preferences, frame)


def test_the_focus_is_visible_in_dialogs(window, qtbot):
    for dialog in dialogs(window):
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        assert without_ring(dialog) == [], dialog.objectName()
        dialog.close()


# Names for screen readers


def nameless(top: QWidget) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
    names = []
    for widget in top.findChildren(QWidget):
        counts = isinstance(widget, kinds) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        inner = isinstance(widget.parent(), QAbstractScrollArea | QComboBox) or isinstance(widget, QScrollBar)
        if widget.isVisible() and counts and not inner:
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name).strip():
                names.append(f"{type(widget).__name__} {widget.objectName()}")
    return names


def test_every_control_has_a_name(window, qtbot):
    for selected in ([], ["conv1"], ["conv1", "fc1"]):
        window.context.selection.select(selected)
        for key in PAGES.values():
            press(key, CTRL)
            QApplication.processEvents()
            assert nameless(window.frame) == []
    for dialog in dialogs(window):
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless(dialog) == [], dialog.objectName()
        dialog.close()


# Conflicts of keys


def test_no_two_actions_have_the_same_keys():
    keys = [QKeySequence(each).toString() for row in ACTION_SPECS for each in row.keys]
    assert len(keys) == len(set(keys))


def test_a_letter_finds_the_entry_of_a_menu(window):
    menu = window.menus.menus["View"]
    menu.popup(QPoint(0, 0))
    for letter, text in (("z", "Zoom in"), ("z", "Zoom out"), ("z", "Zoom in"), ("r", "Runs"), ("r", "Reset layout")):
        QTest.keyClicks(menu, letter)
        assert menu.activeAction().text() == text
    QTest.keyClicks(menu, "c")
    QTest.keyClick(menu, KEY.Key_Return)
    assert not menu.isVisible()
    assert window.pages.current == "code"


def test_the_shortcuts_list_keys_without_an_action(window, qtbot):
    dialog = ShortcutsDialog(window.context.actions, window.frame)
    qtbot.addWidget(dialog)
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Arrows", "Shift+Arrows", "Ctrl+Arrows", "Esc"} <= texts


def test_the_outline_keeps_its_own_keys(window):
    window.context.actions["view.outline"].trigger()
    outline, document = window.panels["outline"], window.context.document
    wire = document.project.graphs["Net"].wires[-1]
    document.do(disconnect(document.project, "Net", wire))
    outline.tree.setFocus()
    outline.tree.setCurrentIndex(outline.model.find("Net", "drop"))
    press(KEY.Key_F2)
    assert outline.tree.viewport().findChild(QLineEdit) is not None
    press(KEY.Key_Escape)
    began = []
    window.context.actions["train.start"].triggered.connect(began.append)
    press(KEY.Key_Return, CTRL)
    assert not began


# Room for a long path


def settle() -> None:
    for _ in range(4):  # one layout asks for the next
        QApplication.processEvents()


def test_a_deep_path_takes_no_room_from_the_sides(window):
    document, selection = window.context.document, window.context.selection
    names = [f"Normalisierungsbaugruppe{depth}" for depth in range(5)]
    edits = [AddGraph(names[-1], Graph({"x": Node("Input")}))]
    for outer, inner in reversed([*pairwise(names)]):
        edits.append(AddGraph(outer, Graph({f"innere_{inner.lower()}": Node("Block", graph=inner)})))
    document.do(Batch("Make blocks", (*edits, AddNode("Net", "deep", Node("Block", graph=names[0])))))
    window.frame.resize(1280, 720)
    QApplication.processEvents()
    widths = [window.sides[side].width() for side in ("left", "right")]
    for use in ("deep", *(f"innere_{name.lower()}" for name in names[1:])):
        assert selection.dive(use)
    settle()
    assert [window.sides[side].width() for side in ("left", "right")] == widths
    crumbs = window.pages.findChild(Breadcrumbs)
    buttons = [each for each in crumbs.findChildren(QAbstractButton) if each.isVisible()]
    assert len(buttons) == 6
    assert all(crumbs.rect().contains(each.geometry()) for each in buttons)
    assert all(each.width() >= each.sizeHint().width() for each in buttons)
    assert buttons[0].text() == "Net"
    assert [each.accessibleName() for each in buttons][1] == "deep"
    window.frame.resize(2400, 900)
    settle()
    assert [each.text() for each in buttons] == [each.accessibleName() for each in buttons]
