"""The toolbar: train, undo, arrange, the progress of the training, export."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from engine.graph.edits import SetTraining
from gui.actions.actions import Actions
from gui.actions.menu import add_choices, fill
from gui.state.document import Document
from gui.theme import Theme

ICON_PX = 16
_FULL = 1000  # steps of the progress bar


class Toolbar(QFrame):
    """The buttons, whose actions are also in the menus."""

    def __init__(self, document: Document, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.device = DeviceButton(document, theme)
        self.progress = Progress()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        train = ActionButton(actions["train.start"])
        train.setProperty("tone", "go")
        pause, stop = ActionButton(actions["train.pause"]), ActionButton(actions["train.stop"])
        for each in (train, pause, stop, self.device):
            row.addWidget(each)
        row.addSpacing(20)
        row.addWidget(ActionButton(actions["edit.undo"], text=""))
        row.addWidget(ActionButton(actions["edit.redo"], text=""))
        arrange = ActionButton(actions["graph.arrange"], icon=False)
        group = ActionButton(actions["graph.frame"], text="Group", icon=False)
        self._of_graph = (arrange, group)
        for each in self._of_graph:
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.progress)
        row.addSpacing(4)
        row.addWidget(ExportButton(actions, theme))

    def turn(self, page: str) -> None:
        """Show the buttons that serve a page."""
        for each in self._of_graph:
            each.serve(page == "canvas")


class ActionButton(QPushButton):
    """A button for an action, visible if the action is; ``text`` replaces that of the action."""

    def __init__(self, action: QAction, *, text: str | None = None, icon: bool = True) -> None:
        super().__init__()
        self.setObjectName(f"button_{action.objectName().partition('.')[2]}")
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action, self._text, self._has_icon, self._serves = action, text, icon, True
        if text == "":
            self.setProperty("role", "square")
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._follow()

    def serve(self, serves: bool) -> None:
        """Show the button, or hide it on a page where its action has no visible effect."""
        self._serves = serves
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setText(action.text() if self._text is None else self._text)
        self.setAccessibleName(action.text())
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        self.setVisible(action.isVisible() and self._serves)
        if self._has_icon:
            self.setIcon(action.icon())


class DeviceButton(QToolButton):
    """Chooses what the project is trained on."""

    def __init__(self, document: Document, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("button_device")
        self.setProperty("role", "button")
        self.setProperty("menu", "true")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setToolTip("What the network is trained on")
        self.setAccessibleName("Device")
        self._document = document
        self._devices: dict[str, str] = {"auto": "the fastest there is", "cpu": "the processor"}
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        document.edited.connect(self._show)
        document.replaced.connect(self._show)
        del theme
        self._show()

    def offer(self, devices: dict[str, str]) -> None:
        """Set the devices of this machine, as descriptions by name."""
        self._devices = {"auto": self._devices["auto"]} | devices

    def _show(self) -> None:
        device = self._document.project.training.device
        if self.text() != device:
            self.setText(device)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        current = self._document.project.training.device
        devices = self._devices | {current: self._devices.get(current, "not found on this machine")}
        texts = {name: f"{name}  –  {what}" for name, what in devices.items()}
        for action in add_choices(menu, texts, current, self._choose):
            action.setEnabled(not self._document.read_only)

    def _choose(self, name: str) -> None:
        training = self._document.project.training
        if training.device != name:
            self._document.do(SetTraining(replace(training, device=name), label=f"Train on {name}"))


class ExportButton(QToolButton):
    """A menu of the exports."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("button_export")
        self.setText("Export")
        self.setProperty("role", "button")
        self.setProperty("menu", "true")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip("Export the network")
        menu = QMenu(self)
        fill(menu, "Export", actions)
        self.setMenu(menu)
        self._exports = [action for action in menu.actions() if not action.isSeparator()]
        for action in self._exports:
            action.visibleChanged.connect(self._show_if_any)
        self._show_if_any()
        del theme

    def _show_if_any(self) -> None:
        self.setVisible(any(action.isVisible() for action in self._exports))


class Progress(QWidget):
    """The progress of the training, as text and as a bar; hidden while nothing is trained."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self._text = QLabel()
        self._text.setObjectName("progress_text")
        self._text.setProperty("voice", "small")
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._bar = QProgressBar()
        self._bar.setObjectName("progress_bar")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _FULL)
        self._bar.setFixedWidth(200)
        self._bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._text)
        row.addWidget(self._bar)
        self.setVisible(False)

    def show_progress(self, text: str, done: float | None) -> None:
        """Show the progress; ``done``: the share in [0, 1], or ``None`` while it is unknown."""
        self._text.setText(text)
        width = self._text.sizeHint().width()
        if width > self._text.minimumWidth():  # it never gets narrower, so that the text does not jitter
            self._text.setMinimumWidth(width)
        self._bar.setRange(0, 0 if done is None else _FULL)
        if done is not None:
            self._bar.setValue(round(done * _FULL))
        self.setVisible(True)

    def clear(self) -> None:
        """Hide the progress."""
        self._text.setMinimumWidth(0)
        self.setVisible(False)
