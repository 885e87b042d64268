"""At 1280 by 800 no text of the window is cut off, and nothing scrolls horizontally."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QHeaderView,
    QLabel,
    QLineEdit,
    QWidget,
)

from engine.graph.edits import RemoveWire
from engine.project.templates import templates
from gui.dialogs.new_project import project_of
from gui.problems.problem_card import CutButton, CutLabel
from gui.shell.main_window import Window

SLACK_PX = 1
PAGES = ("canvas", "code", "data", "runs")


def settle() -> None:
    """Wait for the layouts, which trigger each other."""
    for _ in range(4):
        QApplication.processEvents()


def cut(window: Window) -> Iterator[str]:
    """The texts that are cut off."""
    for widget in window.frame.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, CutLabel | CutButton):
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and _is_cut(widget):
                yield widget.text()
            elif isinstance(widget, QHeaderView) and _are_heads_cut(widget):
                yield f"the heads of {widget.parent().objectName()}"
            elif isinstance(widget, QAbstractScrollArea) and widget.horizontalScrollBar().isVisible():
                yield widget.objectName() or type(widget).__name__


def _is_cut(widget: QLabel | QAbstractButton | QLineEdit) -> bool:
    if not widget.text():
        return False
    if isinstance(widget, QLineEdit):
        return _is_too_long(widget)
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() + SLACK_PX < widget.heightForWidth(widget.width()) or _has_no_room_for_a_word(widget)
    return widget.width() + SLACK_PX < widget.sizeHint().width()


def _has_no_room_for_a_word(label: QLabel) -> bool:
    words = re.sub(r"<[^>]*>", "", label.text()).replace("\u200b", " ").split()
    metrics, room = label.fontMetrics(), label.contentsRect().width() + SLACK_PX
    return any(metrics.horizontalAdvance(word) > room for word in words)


def _are_heads_cut(header: QHeaderView) -> bool:
    visible = (at for at in range(header.count()) if not header.isSectionHidden(at))
    return any(header.sectionSize(at) + SLACK_PX < header.sectionSizeHint(at) for at in visible)


def _is_too_long(field: QLineEdit) -> bool:
    room = field.contentsRect().width() - field.textMargins().left() - field.textMargins().right() - 4
    return field.fontMetrics().horizontalAdvance(field.text()) > room


@pytest.fixture
def narrow(window: Window) -> Window:
    window.frame.resize(1280, 800)
    settle()
    return window


def show(window: Window, name: str) -> None:
    window.context.document.history.setClean()
    window.context.files.new(project_of(name))
    settle()


@pytest.mark.parametrize("name", [each.name for each in templates()])
def test_no_text_of_a_template_is_cut_off(narrow, name):
    show(narrow, name)
    for page in PAGES:
        narrow.turn_to(page)
        settle()
        assert list(cut(narrow)) == [], page


@pytest.mark.parametrize("name", ["digits-cnn", "digits-transformer"])
def test_no_text_of_a_node_is_cut_off(narrow, name):
    show(narrow, name)
    for node in narrow.context.document.project.graphs["Net"].nodes:
        narrow.context.selection.select((node,))
        settle()
        assert list(cut(narrow)) == [], node


def test_a_problem_fits_in_one_line(narrow):
    show(narrow, "digits-cnn")
    wires = narrow.context.document.project.graphs["Net"].wires
    narrow.context.document.do(RemoveWire("Net", next(wire for wire in wires if wire.target.node == "loss")))
    settle()
    head = narrow.panels["problems"].head
    assert head.line.isVisible()
    assert head.line.width() >= head.line.sizeHint().width()
    assert list(cut(narrow)) == []
