"""Menus filled from the table of actions, or with choices of which one holds."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu

from gui.actions.actions import ACTION_SPECS, Actions

T = TypeVar("T")


class Menu(QMenu):
    """A menu whose entries are found by their first letter, with no lines below letters; Enter chooses."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text().casefold()
        if not letter.isalnum() or not self._go_to(letter):
            super().keyPressEvent(event)

    def _go_to(self, letter: str) -> bool:
        """Go to the next entry that begins so; tells whether there is one."""
        offered = [each for each in self.actions() if each.isVisible() and not each.isSeparator()]
        here = self.activeAction()
        at = offered.index(here) + 1 if here in offered else 0
        for each in (*offered[at:], *offered[:at]):
            if each.isEnabled() and each.text().casefold().startswith(letter):
                self.setActiveAction(each)
                return True
        return False


def fill(menu: QMenu, name: str, actions: Actions) -> None:
    """Put the actions of one menu of the table into a menu, their groups parted by lines."""
    group = 0
    for row in ACTION_SPECS:
        if row.menu == name:
            if row.group != group:
                menu.addSeparator()
                group = row.group
            menu.addAction(actions[row.id])


def add_choices(menu: QMenu, choices: Mapping[T, str], current: T, choose: Callable[[T], object]) -> list[QAction]:
    """Add entries of which exactly one holds, and which therefore look like radio buttons."""
    group = QActionGroup(menu)
    made = []
    for value, text in choices.items():
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(value == current)
        action.triggered.connect(lambda _=False, value=value: choose(value))
        group.addAction(action)
        made.append(action)
    if made:
        made[0].destroyed.connect(group.deleteLater)  # a menu that is filled again keeps no groups
    return made
