"""The table of actions: each id once, each key with one meaning, menus and the list of shortcuts made from it."""

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
    menu, values = QMenu(), []
    qtbot.addWidget(menu)
    entries = add_choices(menu, {"a": "A & B", "b": "B"}, "a", values.append)
    assert [action.isChecked() for action in entries] == [True, False]
    entries[0].trigger()
    assert entries[0].isChecked()
    entries[1].trigger()
    assert [action.isChecked() for action in entries] == [False, True]
    assert values == ["a", "b"]
    menu.clear()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not menu.findChildren(QActionGroup), "a menu that is filled again keeps no groups"


def test_promised_actions_exist():
    assert {spec.id for spec in ACTION_SPECS} >= PROMISED


def test_ids_are_unique_and_name_their_actions(actions):
    assert max(Counter(spec.id for spec in ACTION_SPECS).values()) == 1
    assert all(actions[name].objectName() == name for name in actions)


def test_no_key_has_two_meanings():
    keys = Counter(QKeySequence(each).toString() for spec in ACTION_SPECS for each in spec.keys)
    assert not [each for each, count in keys.items() if count > 1]
    assert all(QKeySequence(each).toString() for spec in ACTION_SPECS for each in spec.keys)


def test_plain_keys_are_local():
    # Global ones would be taken away from text fields.
    plain = [
        spec.id
        for spec in ACTION_SPECS
        for each in spec.keys
        if re.fullmatch(r"(Shift\+)?\S|Tab|Del|Home|Return", each)
    ]
    assert not [name for name in plain if not next(spec for spec in ACTION_SPECS if spec.id == name).local]


def test_every_action_is_in_a_menu_and_has_a_tip():
    assert {spec.menu for spec in ACTION_SPECS} == set(MENUS)
    assert all(spec.tip and spec.text for spec in ACTION_SPECS)


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
def dialog(actions: Actions, theme, qtbot) -> ShortcutsDialog:
    for name in actions:
        actions.offer(name)
    dialog = ShortcutsDialog(actions)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def label_texts(dialog: ShortcutsDialog) -> set[str]:
    from PySide6.QtWidgets import QLabel

    return {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}


def test_the_dialog_lists_every_shortcut(dialog):
    texts = label_texts(dialog)
    missing = [spec.id for spec in ACTION_SPECS if spec.keys and spec.text.rstrip(".") not in texts]
    assert not missing
    assert "Ctrl+Shift+Z" in texts


def test_the_shortcuts_are_searched(dialog, qtbot):
    qtbot.keyClicks(dialog.field, "select up")
    texts = label_texts(dialog)
    assert "Select upstream" in texts
    assert not {"Undo", "Save", "File"} & texts
