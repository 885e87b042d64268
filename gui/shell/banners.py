"""Draws the notices that are up as cards over the foot of a page, each with its buttons; nothing moves for them."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.state.notices import Notice, Notices
from gui.theme import Theme
from gui.widgets.removal import remove_widget

_ICONS = {"info": ("info", "accent"), "warning": ("warning", "warning"), "error": ("error", "error")}
_MOST_PX, _LEAST_PX = 760, 320  # of a card's width
_EDGE_PX, _GAP_PX = 14, 8
_MAP_PX = 178  # free at the right, where the graph has its map
DEAF_MS = 700  # a card that comes under the pointer takes no click meant for what was there


class Banners(QWidget):
    """One card a notice, the newest at the bottom; nothing while there is none."""

    def __init__(self, notices: Notices, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("banners")
        self._notices, self._theme, self._over = notices, theme, over
        self._cards: dict[str, Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP_PX)
        notices.changed.connect(self._show)
        theme.changed.connect(self._dress)
        over.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # a card knows its height only when it is dressed
            self._place()
        return done

    def _show(self) -> None:
        shown = self._notices.by_topic
        for topic, card in tuple(self._cards.items()):
            if card.notice is not shown.get(topic):
                remove_widget(card)
                del self._cards[topic]
        new = [
            Card(notice, self._notices, self._theme, self)
            for topic, notice in shown.items()
            if topic not in self._cards
        ]
        for card in new:
            self._cards[card.notice.topic] = card
            self._column.addWidget(card)
            card.show()  # a hidden one would count as empty
        self.setVisible(bool(shown))
        self._place()
        for card in new:
            card.be_deaf_under(QCursor.pos())

    def _place(self) -> None:
        """At the foot, left of the map's corner, as high as the texts need."""
        if not self._cards:
            return
        width = max(_LEAST_PX, min(_MOST_PX, self._over.width() - 2 * _EDGE_PX - _MAP_PX))
        height = self._column.totalHeightForWidth(width)
        self.setGeometry(_EDGE_PX, self._over.height() - _EDGE_PX - height, width, height)
        self.raise_()

    def _dress(self) -> None:
        for card in self._cards.values():
            card.dress()


class Card(QFrame):
    """One notice."""

    def __init__(self, notice: Notice, notices: Notices, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"banner_{notice.topic}")
        self.setProperty("role", "banner")
        self.setProperty("tone", notice.tone)
        self.notice, self._notices, self._theme = notice, notices, theme
        self.deaf = QTimer(self, singleShot=True, interval=DEAF_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 10, 9)
        row.setSpacing(10)
        self._sign = QLabel()
        text = QLabel(notice.text)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._sign)
        row.addWidget(text, 1)
        buttons = QButtonGroup(self)
        buttons.setExclusive(False)
        for place, (label, _) in enumerate(notice.choices):
            choice = QPushButton(label)
            choice.setObjectName(f"banner_{notice.topic}_{label.lower().replace(' ', '_').strip('.')}")
            choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a card that goes takes no keyboard with it
            buttons.addButton(choice, place)
            row.addWidget(choice)
        self._close = QToolButton()
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setToolTip("Dismiss")
        self._close.setAccessibleName("Dismiss")
        buttons.addButton(self._close, len(notice.choices))
        row.addWidget(self._close)
        self._close.setVisible(notice.can_close)  # only now: without a parent it would be a window of its own
        buttons.idClicked.connect(self._press)
        self.dress()

    def dress(self) -> None:
        """Use the theme's icons."""
        name, colour = _ICONS[self.notice.tone]
        self._sign.setPixmap(self._theme.icon(name, colour).pixmap(16, 16))
        self._close.setIcon(self._theme.icon("close", "text_dim"))

    def be_deaf_under(self, pointer: QPoint) -> None:
        """Take no click for a moment, if a place of the screen lies on this card."""
        if self.rect().contains(self.mapFromGlobal(pointer)):
            self.deaf.start()

    def _press(self, place: int) -> None:
        if self.deaf.isActive():
            return
        self._notices.take(self.notice.topic)
        if place < len(self.notice.choices):
            self.notice.choices[place][1]()
