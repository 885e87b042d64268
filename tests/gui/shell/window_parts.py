"""Parts of the window that several tests look for."""

from PySide6.QtWidgets import QPushButton

from gui.shell.main_window import Window


def button(window: Window, name: str) -> QPushButton:
    button = window.frame.findChild(QPushButton, name)
    assert button is not None, name
    return button
