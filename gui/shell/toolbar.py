"""The row of buttons below the menus: train, undo, tidy, how far the training is, export."""

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
    """The buttons; each is an action that stands in a menu, too."""

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
        """Offer what can be done on a page."""
        for each in self._of_graph:
            each.serve(page == "canvas")


class ActionButton(QPushButton):
    """A button of an action, there exactly when the action is; ``text`` and icon are its own where given."""

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
        """Be there, or not where what it does could not be seen."""
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
        self._known: dict[str, str] = {"auto": "the fastest there is", "cpu": "the processor"}
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        document.edited.connect(self._show)
        document.replaced.connect(self._show)
        del theme
        self._show()

    def offer(self, devices: dict[str, str]) -> None:
        """What this machine has: device names, each with what it is."""
        self._known = {"auto": self._known["auto"]} | devices

    def _show(self) -> None:
        device = self._document.project.training.device
        if self.text() != device:
            self.setText(device)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        current = self._document.project.training.device
        known = self._known | {current: self._known.get(current, "not found on this machine")}
        texts = {name: f"{name}  –  {what}" for name, what in known.items()}
        for action in add_choices(menu, texts, current, self._choose):
            action.setEnabled(not self._document.read_only)

    def _choose(self, name: str) -> None:
        training = self._document.project.training
        if training.device != name:
            self._document.do(SetTraining(replace(training, device=name), label=f"Train on {name}"))


class ExportButton(QToolButton):
    """What the drawing can be turned into."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("button_export")
        self.setText("Export")
        self.setProperty("role", "button")
        self.setProperty("menu", "true")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolTip("Take the network with you")
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
    """How far the training is, in words and as a bar; not there while nothing is trained."""

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
        """``done``: the share in [0, 1], or ``None`` while it is not known."""
        self._text.setText(text)
        needed = self._text.sizeHint().width()
        if needed > self._text.minimumWidth():  # it never gives way, so that its words do not tremble
            self._text.setMinimumWidth(needed)
        self._bar.setRange(0, 0 if done is None else _FULL)
        if done is not None:
            self._bar.setValue(round(done * _FULL))
        self.setVisible(True)

    def clear(self) -> None:
        """Nothing is trained."""
        self._text.setMinimumWidth(0)
        self.setVisible(False)
