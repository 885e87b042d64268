"""The focus is visible everywhere, and each control has a name for screen readers."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from gui.dialogs.about_dialog import AboutDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.new_project import NewProjectDialog
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.shell.main_window import Window
from tests.gui.shell.keyboard_parts import CTRL, PAGES, press, stops


@pytest.fixture
def window(active_window: Window) -> Window:
    return active_window


RING_PX = 30  # so many pixels differ at least where the focus is


def picture(top: QWidget, widget: QWidget) -> bytes:
    """The pixels of a widget and its surroundings."""
    rect = QRect(widget.mapTo(top, QPoint()), widget.size()).adjusted(-4, -4, 4, 4).intersected(top.rect())
    image = top.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return bytes(image.constBits())


def without_ring(top: QWidget) -> list[str]:
    """The widgets that look the same with and without the focus."""
    same = []
    for widget in stops(top):
        parent = widget.parentWidget()
        while parent and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent:
            parent.ensureWidgetVisible(widget)
            QApplication.processEvents()
        if focus := top.focusWidget():
            focus.clearFocus()
        before = picture(top, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        if not widget.hasFocus():
            continue
        after = picture(top, widget)
        pairs = zip(memoryview(before).cast("I"), memoryview(after).cast("I"), strict=False)
        if len(before) == len(after) and sum(one != other for one, other in pairs) < RING_PX:
            same.append(f"{type(widget).__name__} {widget.objectName()} {widget.accessibleName()}")
    return same


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_the_focus_is_visible_on_every_page(window, theme_name):
    window.context.theme.set(theme_name)
    for name, key in PAGES.items():
        press(key, CTRL)
        QApplication.processEvents()
        assert without_ring(window.frame) == [], name


def dialogs(window: Window):
    context, frame = window.context, window.frame
    yield NewProjectDialog(context.theme, frame)
    yield ExportDialog(context, print, "code_of_graph", frame)
    yield ShortcutsDialog(context.actions, frame)
    yield AboutDialog(frame)
    yield PreferencesDialog(context.preferences, frame)


def test_the_focus_is_visible_in_dialogs(window, qtbot):
    for dialog in dialogs(window):
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        assert without_ring(dialog) == [], dialog.objectName()
        dialog.close()


def nameless(top: QWidget) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
    names = []
    for widget in top.findChildren(QWidget):
        counts = isinstance(widget, kinds) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        inner = isinstance(widget.parent(), QAbstractScrollArea | QComboBox) or isinstance(widget, QScrollBar)
        if widget.isVisible() and counts and not inner:
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name).strip():
                names.append(f"{type(widget).__name__} {widget.objectName()}")
    return names


def test_every_control_has_a_name(window, qtbot):
    for selected in ([], ["conv1"], ["conv1", "fc1"]):
        window.context.selection.select(selected)
        for key in PAGES.values():
            press(key, CTRL)
            QApplication.processEvents()
            assert nameless(window.frame) == []
    for dialog in dialogs(window):
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless(dialog) == [], dialog.objectName()
        dialog.close()
