"""Opens folders in the system's file manager."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


def open_folder(folder: Path) -> str:
    """Show a folder in the system's file manager; returns a message if there is none."""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        return ""
    QGuiApplication.clipboard().setText(str(folder))
    return f"There is no file manager here. The path is on the clipboard: {folder}"
