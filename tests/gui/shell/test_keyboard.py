"""The window by keyboard alone: the order of the focus, and keys without conflicts."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)

from gui.dialogs.welcome import Welcome
from gui.shell.banners import Card
from gui.shell.main_window import Window
from gui.state.notices import Notice
from tests.gui.shell.keyboard_parts import CTRL, KEY, PAGES, press


@pytest.fixture
def window(active_window: Window) -> Window:
    return active_window


def is_in(panel: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is panel or panel.isAncestorOf(focus))


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
