"""Shows notices as cards with buttons above the bottom of a page, without moving anything."""

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
_MAX_PX, _LEAST_PX = 760, 320  # of a card's width
_EDGE_PX, _GAP_PX = 14, 8
_MAP_PX = 178  # free at the right, where the graph has its map
IGNORE_CLICKS_MS = 700  # so that a card that appears under the pointer takes no click meant for what was there


class Banners(QWidget):
    """A card for each notice, the newest at the bottom."""

    def __init__(self, notices: Notices, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("banners")
        self._notices, self._theme, self._over = notices, theme, over
        self._cards: dict[str, Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP_PX)
        notices.changed.connect(self._show)
        theme.changed.connect(self._apply_theme)
        over.installEventFilter(self)
        self._show()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if target is self._over and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(target, event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # a card has its height only after styling
            self._place()
        return done

    def _show(self) -> None:
        notices = self._notices.by_topic
        for topic, card in tuple(self._cards.items()):
            if card.notice is not notices.get(topic):
                remove_widget(card)
                del self._cards[topic]
        new = [
            Card(notice, self._notices, self._theme, self)
            for topic, notice in notices.items()
            if topic not in self._cards
        ]
        for card in new:
            self._cards[card.notice.topic] = card
            self._column.addWidget(card)
            card.show()  # a hidden card would have no size
        self.setVisible(bool(notices))
        self._place()
        for card in new:
            card.ignore_clicks_at(QCursor.pos())

    def _place(self) -> None:
        """Place the cards at the bottom, left of the minimap, as high as their texts."""
        if not self._cards:
            return
        width = max(_LEAST_PX, min(_MAX_PX, self._over.width() - 2 * _EDGE_PX - _MAP_PX))
        height = self._column.totalHeightForWidth(width)
        self.setGeometry(_EDGE_PX, self._over.height() - _EDGE_PX - height, width, height)
        self.raise_()

    def _apply_theme(self) -> None:
        for card in self._cards.values():
            card.apply_theme()


class Card(QFrame):
    """The card of one notice."""

    def __init__(self, notice: Notice, notices: Notices, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"banner_{notice.topic}")
        self.setProperty("role", "banner")
        self.setProperty("tone", notice.tone)
        self.notice, self._notices, self._theme = notice, notices, theme
        self.ignoring_clicks = QTimer(self, singleShot=True, interval=IGNORE_CLICKS_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 10, 9)
        row.setSpacing(10)
        self._icon = QLabel()
        text = QLabel(notice.text)
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._icon)
        row.addWidget(text, 1)
        buttons = QButtonGroup(self)
        buttons.setExclusive(False)
        for place, (label, _) in enumerate(notice.choices):
            choice = QPushButton(label)
            choice.setObjectName(f"banner_{notice.topic}_{label.lower().replace(' ', '_').strip('.')}")
            choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that a card that closes does not take the focus
            buttons.addButton(choice, place)
            row.addWidget(choice)
        self._close = QToolButton()
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setToolTip("Dismiss")
        self._close.setAccessibleName("Dismiss")
        buttons.addButton(self._close, len(notice.choices))
        row.addWidget(self._close)
        self._close.setVisible(notice.can_close)  # only now, as without a parent it would be a window
        buttons.idClicked.connect(self._press)
        self.apply_theme()

    def apply_theme(self) -> None:
        """Use the icons of the theme."""
        name, colour = _ICONS[self.notice.tone]
        self._icon.setPixmap(self._theme.icon(name, colour).pixmap(16, 16))
        self._close.setIcon(self._theme.icon("close", "text_dim"))

    def ignore_clicks_at(self, pointer: QPoint) -> None:
        """Ignore clicks for a moment, if the pointer is on this card."""
        if self.rect().contains(self.mapFromGlobal(pointer)):
            self.ignoring_clicks.start()

    def _press(self, place: int) -> None:
        if self.ignoring_clicks.isActive():
            return
        self._notices.remove(self.notice.topic)
        if place < len(self.notice.choices):
            self.notice.choices[place][1]()
