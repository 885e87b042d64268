"""The table of actions: each id once, each key with one meaning, menus and sheet made from it."""

import re
from collections import Counter

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar

from gui.actions.actions import ACTION_SPECS, MENUS, Actions
from gui.actions.menu import add_choices
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.shell.menus import Menus

PROMISED = set(  # by issue and design
    """
file.new file.open file.save file.save_as file.export_code edit.undo edit.redo edit.cut edit.copy edit.paste
edit.duplicate edit.delete edit.select_all edit.find view.fit view.fit_selection view.theme graph.add graph.arrange
graph.bypass train.start train.pause train.stop
""".split()  # noqa: SIM905 - a list of words is easier to read than of strings
)


def test_a_menu_keeps_no_room_for_icons_that_it_does_not_show(theme, qtbot):
    plain, hidden = QMenu(), QMenu()
    for menu in (plain, hidden):
        qtbot.addWidget(menu)
        action = menu.addAction("Copy")
        if menu is hidden:
            action.setIcon(theme.icon("copy"))
            action.setIconVisibleInMenu(False)
    assert hidden.sizeHint().width() <= plain.sizeHint().width() + 4


def test_one_of_several_choices_is_a_radio_button_and_stays_chosen(qtbot):
    menu, chosen = QMenu(), []
    qtbot.addWidget(menu)
    made = add_choices(menu, {"a": "A & B", "b": "B"}, "a", chosen.append)
    assert [action.isChecked() for action in made] == [True, False]
    made[0].trigger()
    assert made[0].isChecked()
    made[1].trigger()
    assert [action.isChecked() for action in made] == [False, True]
    assert chosen == ["a", "b"]
    menu.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not menu.findChildren(QActionGroup), "a menu that is filled again keeps no groups"


def test_what_is_promised_is_there():
    assert {row.id for row in ACTION_SPECS} >= PROMISED


def test_ids_are_unique_and_told_by_their_actions(actions):
    assert max(Counter(row.id for row in ACTION_SPECS).values()) == 1
    assert all(actions[name].objectName() == name for name in actions)


def test_no_key_has_two_meanings():
    keys = Counter(QKeySequence(each).toString() for row in ACTION_SPECS for each in row.keys)
    assert not [each for each, count in keys.items() if count > 1]
    assert all(QKeySequence(each).toString() for row in ACTION_SPECS for each in row.keys)


def test_plain_keys_are_local():
    # Global ones would be taken away from text fields.
    plain = [
        row.id for row in ACTION_SPECS for each in row.keys if re.fullmatch(r"(Shift\+)?\S|Tab|Del|Home|Return", each)
    ]
    assert not [name for name in plain if not next(row for row in ACTION_SPECS if row.id == name).local]


def test_every_action_stands_in_a_menu_and_says_what_it_does():
    assert {row.menu for row in ACTION_SPECS} == set(MENUS)
    assert all(row.tip and row.text for row in ACTION_SPECS)


def test_an_action_without_a_handler_is_not_offered(actions):
    assert not [name for name in actions if actions[name].isVisible() or actions[name].isEnabled()]


def test_an_action_calls_its_handler(actions):
    called = []

    def toggle(on):
        called.append(on)

    actions.on("file.save", lambda: called.append("save")).trigger()
    actions.on_toggle("view.theme", toggle).trigger()
    assert called == ["save", True]


def test_menus_hold_what_is_offered_and_hide_when_empty(actions, qtbot):
    bar = QMenuBar()
    qtbot.addWidget(bar)
    menus = Menus(bar, actions)
    assert not any(menu.menuAction().isVisible() for menu in menus.menus.values())

    actions.on("file.save", lambda: None)

    assert [name for name, menu in menus.menus.items() if menu.menuAction().isVisible()] == ["File"]
    assert [each.objectName() for each in menus.menus["File"].actions() if each.isVisible() and each.text()] == [
        "file.save"
    ]


@pytest.fixture
def sheet(actions: Actions, theme, qtbot) -> ShortcutsDialog:
    for name in actions:
        actions.offer(name)
    sheet = ShortcutsDialog(actions)
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def words(sheet: ShortcutsDialog) -> set[str]:
    from PySide6.QtWidgets import QLabel

    return {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}


def test_the_sheet_tells_every_shortcut(sheet):
    told = words(sheet)
    missing = [row.id for row in ACTION_SPECS if row.keys and row.text.rstrip(".") not in told]
    assert not missing
    assert "Ctrl+Shift+Z" in told


def test_the_sheet_is_searched(sheet, qtbot):
    qtbot.keyClicks(sheet.field, "select up")
    told = words(sheet)
    assert "Select upstream" in told
    assert not {"Undo", "Save", "File"} & told
