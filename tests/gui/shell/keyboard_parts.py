"""Keys, and the widgets that Tab visits."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QWidget,
)

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PAGES = {"canvas": KEY.Key_1, "code": KEY.Key_2, "data": KEY.Key_3, "runs": KEY.Key_4}


def press(key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QWidget:
    """Press a key in the focused widget; returns the widget with the focus then."""
    QTest.keyClick(QApplication.focusWidget(), key, keys)
    return QApplication.focusWidget()


def stops(top: QWidget) -> list[QWidget]:
    """The widgets that Tab visits."""
    return [
        each
        for each in top.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and not isinstance(each.parent(), QAbstractScrollArea)
    ]
