"""Fixtures of the tests of the window."""

import pytest
from PySide6.QtWidgets import QApplication

from gui.shell.main_window import Window


@pytest.fixture
def laid_out(window):
    for _ in range(3):
        QApplication.processEvents()


@pytest.fixture
def active_window(window, qtbot) -> Window:
    """A window with the focus on the canvas."""
    window.focus_panel("canvas")
    return window
