"""A viewport for scroll areas, made in Python: Qt's own makes PySide load the classes of all widgets."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QGraphicsView, QWidget


def replace_viewport(area: QAbstractScrollArea) -> None:
    """Replace the viewport by an equal one, before anything else is set.

    PySide finds the Python class of a widget that was made by Qt by trying all classes. For the first such widget
    that takes 6 ms, a tenth of a bare start.
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
