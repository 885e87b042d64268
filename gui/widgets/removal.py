"""Removing a widget from the window."""

from PySide6.QtWidgets import QWidget


def remove_widget(widget: QWidget) -> None:
    """Hide a widget at once, and delete it when the event loop runs again.

    It is hidden first: Qt shows a widget that was added to a layout a moment later. Without a parent, it would then
    become a window that takes the keyboard focus.
    """
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()
