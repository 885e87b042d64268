"""The inside of a scroll area, made here: Qt's own costs Python the classes of all widgets that there are."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QGraphicsView, QWidget


def replace_viewport(area: QAbstractScrollArea) -> None:
    """Replace the viewport by one alike, before anything else is set.

    PySide makes the Python class of a widget that it has not made itself by trying all of Qt's. For the first such
    widget that takes 6 ms, or a tenth of a bare start.
    """
    inside = QWidget()
    inside.setObjectName("qt_scrollarea_viewport")
    inside.setAutoFillBackground(True)
    inside.setBackgroundRole(QPalette.ColorRole.Base)
    inside.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
    if isinstance(area, QGraphicsView):
        inside.setObjectName("")
        inside.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    area.setViewport(inside)
