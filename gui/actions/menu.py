"""Menus from the table of actions, and menus of exclusive choices."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu

from gui.actions.actions import ACTION_SPECS, Actions

T = TypeVar("T")


class Menu(QMenu):
    """A menu whose entries are found by their first letter, without underlined mnemonics; Enter chooses."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text().casefold()
        if not letter.isalnum() or not self._go_to(letter):
            super().keyPressEvent(event)

    def _go_to(self, letter: str) -> bool:
        """Go to the next entry that begins with this letter; returns whether there is one."""
        entries = [each for each in self.actions() if each.isVisible() and not each.isSeparator()]
        current = self.activeAction()
        start = entries.index(current) + 1 if current in entries else 0
        for each in (*entries[start:], *entries[:start]):
            if each.isEnabled() and each.text().casefold().startswith(letter):
                self.setActiveAction(each)
                return True
        return False


def fill(menu: QMenu, name: str, actions: Actions) -> None:
    """Add the actions of the table's menu ``name``, with separators between groups."""
    group = 0
    for spec in ACTION_SPECS:
        if spec.menu == name:
            if spec.group != group:
                menu.addSeparator()
                group = spec.group
            menu.addAction(actions[spec.id])


def add_choices(menu: QMenu, choices: Mapping[T, str], current: T, choose: Callable[[T], object]) -> list[QAction]:
    """Add exclusive entries, which look like radio buttons."""
    group = QActionGroup(menu)
    actions = []
    for value, text in choices.items():
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(value == current)
        action.triggered.connect(lambda _=False, value=value: choose(value))
        group.addAction(action)
        actions.append(action)
    if actions:
        actions[0].destroyed.connect(group.deleteLater)  # a menu that is filled again keeps no groups
    return actions
