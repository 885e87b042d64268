"""Laws for every dialog: nothing is cut off, all fits a small screen, and Tab follows the reading order."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)

from gui.common_dialogs.dialog import FRAME_SIZE
from gui.common_dialogs.line_dialog import LineDialog
from gui.common_dialogs.log_dialog import LogDialog
from gui.common_dialogs.question import Question
from gui.dialogs.about_dialog import AboutDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.fault_report import FaultReport
from gui.dialogs.new_project import NewProjectDialog
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.dialogs.shortcuts_dialog import ShortcutsDialog
from gui.dialogs.unsaved_projects import UnsavedProjectsDialog
from gui.files.recovery import UnsavedProject
from gui.formatting.formats import ago
from gui.runs.commands.train_longer_dialog import TrainLongerDialog
from gui.shell.main_window import Window

SMALL = QSize(1280, 800)


def question(window: Window) -> Question:
    dialog = Question("ask", "Save the changes to net.loom?", "What has changed since is lost. " * 4, window.frame)
    dialog.offer("drop", "Don't save", apart=True)
    dialog.offer(None, "Cancel")
    dialog.offer("save", "Save", default=True)
    return dialog


def unsaved(window: Window) -> UnsavedProjectsDialog:
    projects = [
        UnsavedProject("a", "net.loom", Path("/home/ada/net.loom"), time.time()),
        UnsavedProject("b", "untitled", None, 0.0),
    ]
    return UnsavedProjectsDialog(projects, print, window.frame)


DIALOGS: dict[str, Callable[[Window], QDialog]] = {
    "about": lambda window: AboutDialog(window.frame),
    "export": lambda window: ExportDialog(window.context, print, parent=window.frame),
    "fault": lambda window: FaultReport("words\n" * 90, print, window.frame),
    "line": lambda window: LineDialog("tag", "New tag", "It finds runs again. " * 4, "Add tag", window.frame),
    "log": lambda window: LogDialog("Log", (Path(__file__), Path(pytest.__file__)), window.frame),
    "longer": lambda window: TrainLongerDialog("digits", 20, "OneCycleLR", window.frame),
    "unsaved": unsaved,
    "new": lambda window: NewProjectDialog(window.context.theme, window.frame),
    "question": question,
    "settings": lambda window: PreferencesDialog(window.context.preferences, window.frame),
    "shortcuts": lambda window: ShortcutsDialog(window.context.actions, window.frame),
}


@pytest.fixture
def window(same_window: Window) -> Window:
    return same_window


@pytest.fixture(params=DIALOGS)
def dialog(request, window, qtbot) -> QDialog:
    dialog = DIALOGS[request.param](window)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.isVisible)
    QApplication.processEvents()
    return dialog


def visible(dialog: QDialog, kind: type[QWidget]) -> list[QWidget]:
    return [each for each in dialog.findChildren(kind) if each.isVisible()]


def test_nothing_is_cut_off(dialog):
    for each in visible(dialog, QLabel):
        if each.wordWrap():
            assert each.height() >= each.heightForWidth(each.width()), each.text()
        else:
            assert each.width() >= each.minimumSizeHint().width(), each.text()
            assert each.height() >= each.minimumSizeHint().height(), each.text()
    for each in visible(dialog, QScrollArea):
        assert each.viewport().width() >= each.widget().minimumSizeHint().width()
    for each in visible(dialog, QAbstractButton):
        if each.text():
            assert each.width() >= each.minimumSizeHint().width(), each.text()


def test_it_fits_a_small_screen(dialog):
    room = SMALL - FRAME_SIZE
    least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
    assert least.width() <= room.width()
    assert least.height() <= room.height()


def test_a_large_one_is_cut_to_the_screen(window, qtbot, monkeypatch):
    dialog = NewProjectDialog(window.context.theme, window.frame)
    qtbot.addWidget(dialog)
    monkeypatch.setattr(dialog, "screen", lambda: SimpleNamespace(availableSize=lambda: QSize(1200, 640)))
    dialog.show()
    assert dialog.height() <= 640
    assert dialog.width() <= 1200
    assert dialog.rect().contains(place(dialog.findChild(QPushButton, "button_create")))


def test_return_presses_one_button_and_escape_closes(dialog, qtbot):
    assert sum(each.isDefault() for each in visible(dialog, QPushButton)) == 1
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_each_focusable_widget_has_a_name(dialog):
    for each in stops(dialog):
        own_name = each.accessibleName() or (each.text() if isinstance(each, QAbstractButton) else "")
        buddies = [label.text() for label in dialog.findChildren(QLabel) if label.buddy() is each]
        assert own_name or buddies, each.objectName() or type(each).__name__


def test_tab_follows_the_reading_order(dialog):
    """Down a column and along a line; a column to the right begins at the top again."""
    chain = stops(dialog)
    for here, there in pairwise(chain):
        before, after = place(here), place(there)
        are_in_line = before.top() <= after.bottom() and after.top() <= before.bottom()
        if are_in_line:
            assert before.left() <= after.left(), (words(here), words(there))
        else:
            assert before.bottom() <= after.top() or before.right() <= after.left(), (words(here), words(there))


def stops(dialog: QDialog) -> list[QWidget]:
    """The widgets that Tab visits, in order; of a group of radio buttons, the selected one."""
    chain, each = [], dialog.nextInFocusChain()
    while each is not dialog:
        takes = each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        is_inner = isinstance(each, QLineEdit) and isinstance(each.parentWidget(), QComboBox | QSpinBox)
        is_unchecked = isinstance(each, QRadioButton) and not each.isChecked()
        if takes and not is_inner and not is_unchecked and not isinstance(each, QScrollArea | QAbstractSlider):
            chain.append(each)
        each = each.nextInFocusChain()
    return chain


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def words(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName() or type(widget).__name__


# Single dialogs


def test_matching_shortcuts_move_to_the_left(window, qtbot):
    dialog = ShortcutsDialog(window.context.actions, window.frame)
    qtbot.addWidget(dialog)
    dialog.show()
    left = min(place(label).left() for label in visible(dialog, QLabel) if label.text() == "File")
    dialog.field.setText("zoom")
    QApplication.processEvents()
    assert {"Zoom in", "Zoom out"} <= {label.text() for label in visible(dialog, QLabel)}
    assert min(place(label).left() for label in visible(dialog, QLabel) if label.text() in {"View", "Mouse"}) == left
    assert not dialog.nothing.isVisible()


def test_the_columns_of_shortcuts_are_about_equally_high(window, qtbot):
    dialog = ShortcutsDialog(window.context.actions, window.frame)
    qtbot.addWidget(dialog)
    dialog.show()
    titles = {"File", "Edit", "View", "Graph", "Train", "Export", "Help", "On the graph", "Everywhere", "Mouse"}
    sections = [label.parentWidget() for label in visible(dialog, QLabel) if label.text() in titles]
    ends: dict[int, int] = {}
    for section in sections:
        column = place(section).left()
        ends[column] = max(ends.get(column, 0), place(section).bottom())
    assert len(ends) == 3
    assert max(ends.values()) - min(ends.values()) < 160, ends


def test_a_long_time_ago_is_counted_in_days():
    assert [ago(seconds) for seconds in (1, 90, 7200, 90_000, 200_000)] == [
        "just now", "2 min ago", "2 h ago", "25 h ago", "2 days ago",
    ]  # fmt: skip


def test_a_search_that_finds_no_shortcut_says_so(window, qtbot):
    dialog = ShortcutsDialog(window.context.actions, window.frame)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.field.setText("no such thing")
    assert dialog.nothing.isVisible()
    assert "no such thing" in dialog.nothing.text()
    dialog.field.clear()
    assert not dialog.nothing.isVisible()


def test_a_line_is_returned_without_spaces_and_never_empty(window, qtbot):
    dialog = LineDialog("tag", "New tag", "It finds runs again.", "Add tag", window.frame)

    def type_line() -> None:
        QTest.keyClicks(dialog.field, "   ")
        assert not dialog.go.isEnabled()
        QTest.keyClicks(dialog.field, "to publish ")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    QTimer.singleShot(0, type_line)
    assert dialog.ask() == "to publish"


def test_keys_go_to_every_template_and_show_it(window, qtbot):
    dialog = NewProjectDialog(window.context.theme, window.frame)
    qtbot.addWidget(dialog)
    dialog.resize(dialog.width(), 420)
    dialog.show()
    cards = list(dialog.cards.values())

    def press(key: Qt.Key) -> int:
        selected = next(each for each in cards if each.isChecked())
        QTest.keyClick(selected, key)
        now = next(each for each in cards if each.isChecked())
        assert now.visibleRegion().boundingRect().size() == now.size()
        return cards.index(now)

    for key, index in ((Qt.Key.Key_End, -1), (Qt.Key.Key_End, -1), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Up, 0)):
        assert press(key) == index % len(cards)
    assert [press(Qt.Key.Key_Right) for _ in cards] == [*range(1, len(cards)), len(cards) - 1]
    press(Qt.Key.Key_Home)
    below = [press(Qt.Key.Key_Down) for _ in cards]
    assert below == sorted(below)
    assert cards[below[-1]].y() == max(card.y() for card in cards)
    tops = [cards[index].y() for index in dict.fromkeys(below)]
    assert tops == sorted({card.y() for card in cards} - {cards[0].y()})


def test_text_areas_do_not_keep_tab(dialog):
    for each in visible(dialog, QPlainTextEdit):
        assert each.isReadOnly() or each.tabChangesFocus()
