"""Draws the notices that are up, below the toolbar, each with its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.notices import Notice, Notices
from gui.theme import Theme

_ICONS = {"info": ("info", "accent"), "warning": ("warning", "warning"), "error": ("error", "error")}


class Banners(QWidget):
    """One strip a notice; nothing, and no height, while there is none."""

    def __init__(self, notices: Notices, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banners")
        self._notices, self._theme = notices, theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        notices.changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for notice in self._notices.shown.values():
            self._column.addWidget(self._strip(notice))
        self.setVisible(bool(self._notices.shown))

    def _strip(self, notice: Notice) -> QFrame:
        strip = QFrame()
        strip.setObjectName(f"banner_{notice.topic}")
        strip.setProperty("role", "banner")
        row = QHBoxLayout(strip)
        row.setContentsMargins(14, 7, 10, 7)
        row.setSpacing(10)
        name, colour = _ICONS[notice.tone]
        sign = QLabel()
        sign.setPixmap(self._theme.icon(name, colour).pixmap(16, 16))
        text = QLabel(notice.text)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(sign)
        row.addWidget(text, 1)
        for label, act in notice.choices:
            choice = QPushButton(label)
            choice.setObjectName(f"banner_{notice.topic}_{label.lower().replace(' ', '_').strip('.')}")
            choice.clicked.connect(lambda _=False, act=act: self._choose(notice, act))
            row.addWidget(choice)
        if notice.can_close:
            close = QToolButton()
            close.setIcon(self._theme.icon("close", "text_dim"))
            close.setToolTip("Dismiss")
            close.setAccessibleName("Dismiss")
            close.clicked.connect(lambda: self._notices.take(notice.topic))
            row.addWidget(close)
        return strip

    def _choose(self, notice: Notice, act: object) -> None:
        self._notices.take(notice.topic)
        if callable(act):
            act()
