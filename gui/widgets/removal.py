"""Taking a widget out of the window for good."""

from PySide6.QtWidgets import QWidget


def remove_widget(widget: QWidget) -> None:
    """Take a widget out of sight at once, and delete it when nothing is at work in it any more.

    It is hidden first: what is put into a layout is shown by Qt a moment later, and as a window of its own, which takes
    the keyboard, if it has no parent by then.
    """
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
