"""What Torchloom is, its version, and the versions of its libraries."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine import __version__
from gui.common_dialogs.dialog import Dialog, text_label
from gui.theme.icons import app_icon

_PACKAGES = ("torch", "numpy", "PySide6-Essentials", "pyqtgraph", "networkx", "msgspec", "safetensors")


class AboutDialog(Dialog):
    """Shows the versions that a bug report needs, with a button that copies them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("about", "Torchloom", parent, subtitle=f"Version {__version__}")
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(56, 56))
        self.body.addWidget(icon)
        summary = (
            "Draw a neural network, train exactly what you drew, and take the PyTorch code with you. "
            "Free software under the MIT licence; THIRD_PARTY.md names the data, the fonts and the libraries."
        )
        text = text_label(summary, wrap=True)
        text.setMinimumWidth(420)
        self.body.addWidget(text)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for row, (name, number) in enumerate(versions().items()):
            grid.addWidget(text_label(name, "dim"), row, 0)
            grid.addWidget(text_label(number), row, 1)
        grid.setColumnStretch(1, 1)
        self.body.addSpacing(6)
        self.body.addLayout(grid)
        self.add_button("Copy versions", first=True).clicked.connect(self._copy)
        self.add_close()

    def _copy(self) -> None:
        lines = [f"Torchloom {__version__}", *(f"{name} {number}" for name, number in versions().items())]
        QGuiApplication.clipboard().setText("\n".join(lines))


def versions() -> dict[str, str]:
    """The versions of the libraries, read without importing them."""
    by_name = {"Python": platform.python_version(), "Qt": qVersion()}
    for name in _PACKAGES:
        try:
            by_name[name] = version(name)
        except PackageNotFoundError:
            by_name[name] = "not installed"
    return by_name
