"""The menu bar, made from the table of actions."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QMenuBar, QWidget

from engine.project.existence import is_there
from gui.actions.actions import MENUS, Actions
from gui.actions.menu import Menu, fill
from gui.files.open_file import Files
from gui.preferences.preferences import Preferences

T = TypeVar("T")


class Menus(QObject):
    """The menus; one without visible actions is hidden."""

    def __init__(self, bar: QMenuBar, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.menus = {name: Menu(name, bar) for name in MENUS}
        for name, menu in self.menus.items():
            bar.addMenu(menu)
            menu.setObjectName(f"menu_{name.lower()}")
            menu.setToolTipsVisible(True)  # which say why an entry is disabled
            fill(menu, name, actions)
            self._open_by_letter(bar, menu)
            menu.aboutToShow.connect(partial(_hide_if_empty, menu))
            for action in menu.actions():
                action.visibleChanged.connect(partial(_hide_if_empty, menu))
            _hide_if_empty(menu)

    def _open_by_letter(self, bar: QMenuBar, menu: QMenu) -> None:
        """Open a menu by Alt and its first letter, without the underlined mnemonic that Qt would draw."""
        keys = QShortcut(QKeySequence(f"Alt+{menu.title()[0]}"), bar.window())
        keys.activated.connect(lambda: bar.setActiveAction(menu.menuAction()))


def _hide_if_empty(menu: QMenu) -> None:
    """Hide a menu without visible actions."""
    has_actions = any(action.isVisible() and not action.isSeparator() for action in menu.actions())
    menu.menuAction().setVisible(has_actions)


class RecentMenu(QMenu):
    """The files that were open last; missing ones are disabled."""

    def __init__(self, preferences: Preferences, files: Files, parent: QWidget | None = None) -> None:
        super().__init__("Open recent", parent)
        self.setObjectName("menu_recent")
        self.setToolTipsVisible(True)
        self._preferences, self._files = preferences, files
        self.aboutToShow.connect(self._fill)
        preferences.changed.connect(self._show_if_any)
        self._show_if_any("recent")

    def _show_if_any(self, name: str) -> None:
        if name == "recent":
            self.menuAction().setVisible(bool(self._preferences.values.recent))

    def _fill(self) -> None:
        self.clear()
        paths = [Path(text) for text in self._preferences.values.recent]
        for path, name in zip(paths, distinct_names(paths), strict=True):
            action = QAction(name.replace("&", "&&"), self)
            action.setToolTip(str(path))
            action.setEnabled(is_there(path))
            action.triggered.connect(lambda _=False, path=path: self._files.open(path))
            self.addAction(action)
        self.addSeparator()
        self.addAction("Clear the list", lambda: self._preferences.set("recent", []))


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """Each file's name, with its folder where two have the same name."""
    names = [path.name for path in paths]
    return [path.name if names.count(path.name) == 1 else f"{path.name}  ({path.parent.name})" for path in paths]


class MenuRow(QFrame):
    """The name of the app, the menus, and the name of the open file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("menu_row")
        self.bar = QMenuBar()
        self.bar.setNativeMenuBar(False)
        self.file_name = QLabel()
        self.file_name.setObjectName("file_name")
        self.file_name.setProperty("voice", "dim")
        brand = QLabel("Torchloom")
        brand.setProperty("voice", "brand")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 14, 2)
        row.setSpacing(6)
        row.addWidget(brand)
        row.addWidget(self.bar, 1)
        row.addWidget(self.file_name)
