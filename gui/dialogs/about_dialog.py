"""What Torchloom is, in which version, and whose work it stands on."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine import __version__
from gui.common_dialogs.dialog import Dialog, labelled
from gui.theme.icons import app_icon

_PACKAGES = ("torch", "numpy", "PySide6-Essentials", "pyqtgraph", "networkx", "msgspec", "safetensors")


class AboutDialog(Dialog):
    """Versions that a report of a fault needs, ready to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("about", "Torchloom", parent, subtitle=f"Version {__version__}")
        sign = QLabel()
        sign.setPixmap(app_icon().pixmap(56, 56))
        self.body.addWidget(sign)
        words = (
            "Draw a neural network, train exactly what you drew, and take the PyTorch code with you. "
            "Free software under the MIT licence; THIRD_PARTY.md names the data, the fonts and the libraries."
        )
        text = labelled(words, wrap=True)
        text.setMinimumWidth(420)
        self.body.addWidget(text)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for place, (name, what) in enumerate(versions().items()):
            grid.addWidget(labelled(name, "dim"), place, 0)
            grid.addWidget(labelled(what), place, 1)
        grid.setColumnStretch(1, 1)
        self.body.addSpacing(6)
        self.body.addLayout(grid)
        self.add_button("Copy versions", first=True).clicked.connect(self._copy)
        self.add_close()

    def _copy(self) -> None:
        lines = [f"Torchloom {__version__}", *(f"{name} {what}" for name, what in versions().items())]
        QGuiApplication.clipboard().setText("\n".join(lines))


def versions() -> dict[str, str]:
    """The versions of what Torchloom runs on, read without loading any of it."""
    found = {"Python": platform.python_version(), "Qt": qVersion()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
