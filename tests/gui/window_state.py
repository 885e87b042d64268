"""The state of a window as it is opened, and the way back to it after a test."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget

from engine.project import file
from gui.canvas.canvas import Canvas
from gui.preferences.preferences_file import Values
from gui.shell.main_window import Window

SIZE = (1440, 900)


def settle() -> None:
    """Wait for the layouts, which trigger each other, and delete what is to be deleted."""
    for _ in range(4):
        QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def reset(window: Window) -> None:
    """Open the example again, in the first layout, with the first preferences."""
    context = window.context
    context.theme.set("dark")
    for name, value in vars(Values()).items():
        context.preferences.set(name, value)
    context.document.history.setClean()
    context.files.new_from("digits-cnn")
    settle()
    context.notices.remove(*context.notices.by_topic)
    window.pages.show_page("canvas")
    window.frame.resize(*SIZE)
    window.reset_layout()
    window.frame.activateWindow()
    if focus := window.frame.focusWidget():
        focus.clearFocus()
    window.status.clearMessage()
    QCursor.setPos(QPoint(0, 0))
    for area in window.frame.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)
    settle()
    canvas = window.panel("canvas", Canvas)
    assert canvas is not None
    canvas.fit()


def state(window: Window) -> dict[str, object]:
    """What a test may rely on."""
    context, canvas = window.context, window.panel("canvas", Canvas)
    assert canvas is not None
    document, actions = context.document, context.actions
    visible = [each for each in window.frame.findChildren(QWidget) if each.isVisible()]
    return {
        "project": file.dump(document.project),
        "path": document.path,
        "steps": document.history.count(),
        "modified": document.modified,
        "selected": (context.selection.path, context.selection.nodes),
        "notices": dict(context.notices.by_topic),
        "preferences": vars(context.preferences.values) | {"layout": None},
        "page": window.pages.current,
        "actions": [
            (each.text(), each.isEnabled(), each.isVisible(), each.isChecked())
            for each in (actions[name] for name in actions)
        ],
        "is dark": context.theme.tokens.is_dark,
        "is active": window.frame.isActiveWindow(),
        "texts": [each.text() for each in visible if isinstance(each, QLabel | QAbstractButton | QLineEdit)],
        "places": [
            (
                type(each).__name__,
                each.objectName(),
                each.mapTo(window.frame, QPoint()).toTuple(),
                each.size().toTuple(),
            )
            for each in visible
            if not window.status.isAncestorOf(each)
        ],
        "in view": canvas.view.visible_rect.getRect(),
    }
