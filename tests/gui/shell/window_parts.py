"""Parts of the window that several tests look for."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from gui.shell.main_window import Window


def button(window: Window, name: str) -> QPushButton:
    button = window.frame.findChild(QPushButton, name)
    assert button is not None, name
    return button


def drag(edge: QWidget, by: QPoint) -> None:
    middle = edge.rect().center()
    QTest.mousePress(edge, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(edge, middle + by)
    QTest.mouseRelease(edge, Qt.MouseButton.LeftButton, pos=middle + by)
    QApplication.processEvents()


def edges(window: Window) -> dict[str, list[int]]:
    return {"across": window._across.sizes(), "down": window._down.sizes()}
