"""Fixtures of the tests of the window."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture
def laid_out(window):
    for _ in range(3):
        QApplication.processEvents()
