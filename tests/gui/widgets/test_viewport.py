"""The viewport made in Python equals Qt's own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsView, QListView, QWidget

from gui.widgets.viewport import replace_viewport


def traits(area):
    inside = area.viewport()
    attributes = {each for each in Qt.WidgetAttribute if inside.testAttribute(each)}
    looks = inside.autoFillBackground(), inside.backgroundRole(), inside.objectName()
    return attributes, looks, inside.hasMouseTracking(), inside.acceptDrops(), inside.focusPolicy(), inside.focusProxy()


@pytest.mark.parametrize("kind", [QGraphicsView, QListView])
def test_the_viewport_equals_qts_own(qtbot, kind):
    area = kind()
    qtbot.addWidget(area)
    usual = traits(area)
    replace_viewport(area)
    assert traits(area) == usual


@pytest.mark.parametrize("kind", [QGraphicsView, QListView])
def test_the_viewport_is_the_widget_made_in_python(qtbot, kind, monkeypatch):
    widgets = []

    class Recorder(QWidget):
        def __init__(self):
            super().__init__()
            widgets.append(self)

    monkeypatch.setattr("gui.widgets.viewport.QWidget", Recorder)
    area = kind()
    qtbot.addWidget(area)
    replace_viewport(area)
    assert [area.viewport()] == widgets
