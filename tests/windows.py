"""Qt without a screen and pytest-qt, for folders whose tests open windows."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before an application of Qt is made

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import pytestqt.plugin
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

AnyWidget = TypeVar("AnyWidget", bound=QWidget)


PATIENCE_MS = 60_000  # a guard against an endless wait, not against a busy machine


def turn_on(config: pytest.Config) -> None:
    """Turn on pytest-qt; pyproject.toml blocks it, so that no other test loads Qt into its process."""
    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitActive, QtBot.waitExposed):
        wait.__kwdefaults__["timeout"] = PATIENCE_MS
    if not config.pluginmanager.has_plugin("qt"):
        config.pluginmanager.unblock("pytest-qt")
        config.pluginmanager.register(pytestqt.plugin, "qt")


def watch_qt(items: list[pytest.Item], folder: Path) -> None:
    """Let every warning of Qt fail the folder's tests."""
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))  # there is no screen


@contextmanager
def windows_gone() -> Iterator[None]:
    """Delete the windows of a test at its end; otherwise every later test would take longer to style them all.

    pyqtgraph makes menus for each plot that have no parent. Those with one are deleted with it.
    """
    before = set(QApplication.topLevelWidgets())
    yield
    for each in QApplication.topLevelWidgets():
        if each not in before and each.parent() is None:
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def double_click(widget: QWidget, at: QPoint | None = None) -> None:
    """Double-click and release: Qt's own double click leaves the button pressed for all later tests."""
    place = at if at is not None else widget.rect().center()
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=place)


def in_front(widget: AnyWidget, qtbot: QtBot, width: int, height: int) -> AnyWidget:
    """The widget as a window of that size with the keyboard focus."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


class _Shows(QObject):
    """Records every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[QObject] = []

    def eventFilter(self, target: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() is QEvent.Type.Show and isinstance(target, QWidget) and target.isWindow():
            self.windows.append(target)
        return False


@contextmanager
def windows_shown() -> Iterator[list[QObject]]:
    """The windows that are shown in this context, even for a moment."""
    application, shows = QApplication.instance(), _Shows()
    assert application is not None
    application.installEventFilter(shows)
    try:
        yield shows.windows
    finally:
        application.removeEventFilter(shows)
