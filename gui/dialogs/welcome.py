"""The welcome: what Torchloom does in three steps, shown over the example project."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.project.templates import template
from gui.common_dialogs.dialog import text_label
from gui.dialogs.new_project import TemplateCard
from gui.theme import Theme

STEPS = (
    ("Draw", "Drag layers from the left, or press Tab over the graph. Each wire shows the shape that flows in it."),
    ("Train", "Press Train. Loss and accuracy move while it learns; pause, stop and go on as you like."),
    ("Take it with you", "Export gives the PyTorch program that was trained. It runs without Torchloom."),
)
TEMPLATES = ("digits-cnn", "iris-mlp", "digits-transformer")
_SCRIM = {"dark": QColor(8, 10, 14, 150), "light": QColor(30, 38, 50, 80)}


class Welcome(QWidget):
    """Covers the window until a choice is made, Escape is pressed, or the graph changes."""

    template_chosen = Signal(str)  # its name
    more_wanted = Signal()  # all templates
    open_wanted = Signal()
    closed = Signal(bool)  # whether it had the keyboard focus

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("welcome")
        self._theme, self._over = theme, over
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        outer = QGridLayout(self)
        outer.addWidget(self._card(), 0, 0, Qt.AlignmentFlag.AlignCenter)
        over.installEventFilter(self)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()
        self.setFocus()
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]  # there is one

    def _card(self) -> QFrame:
        card = QFrame()
        card.setObjectName("welcome_card")
        card.setFixedWidth(848)
        column = QVBoxLayout(card)
        column.setContentsMargins(34, 28, 34, 26)
        column.setSpacing(0)
        column.addWidget(text_label("Welcome to Torchloom", "display"))
        column.addSpacing(4)
        column.addWidget(text_label("Draw a neural network, train exactly what you drew, keep the code.", "dim"))
        column.addSpacing(22)
        steps = QHBoxLayout()
        steps.setSpacing(24)
        for number, (title, text) in enumerate(STEPS, 1):
            steps.addLayout(self._step(number, title, text), 1)
        column.addLayout(steps)
        column.addSpacing(24)
        column.addWidget(text_label("Start with", "section"))
        column.addSpacing(6)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for name in TEMPLATES:
            cards.addWidget(self._template(name))
        column.addLayout(cards)
        column.addSpacing(22)
        column.addLayout(self._buttons())
        return card

    def _step(self, number: int, title: str, text: str) -> QVBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        badge = text_label(str(number), "badge")
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setFixedSize(22, 22)
        head.addWidget(badge)
        head.addWidget(text_label(title, "strong"))
        head.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(head)
        details = text_label(text, "dim", wrap=True)
        details.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(details, 1)
        return column

    def _template(self, name: str) -> TemplateCard:
        card = TemplateCard(name, template(name).summary, self._theme)
        card.setCheckable(False)
        card.clicked.connect(lambda: self._finish(self.template_chosen, name))
        return card

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, signal in (("All templates...", self.more_wanted), ("Open a file...", self.open_wanted)):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, signal=signal: self._finish(signal))
            row.addWidget(button)
        row.addStretch(1)
        go = QPushButton("Go on with the example")
        go.setObjectName("welcome_close")
        go.setDefault(True)
        go.clicked.connect(self.finish)
        row.addWidget(go)
        return row

    def finish(self) -> None:
        """Close the welcome."""
        if self.isVisible():
            focus = QApplication.focusWidget()
            had_focus = focus is not None and (focus is self or self.isAncestorOf(focus))
            self.hide()
            self.closed.emit(had_focus)
            self.deleteLater()

    def _finish(self, signal: object, *arguments: str) -> None:
        self.finish()
        signal.emit(*arguments)  # type: ignore[attr-defined]  # a bound signal has no type of its own

    def focusNextPrevChild(self, next: bool) -> bool:
        """Keep the focus in the welcome, since the widgets below are covered."""
        stops, current = self.findChildren(QAbstractButton), self.focusWidget()
        index = stops.index(current) if isinstance(current, QAbstractButton) else -1 if next else 0
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        stops[(index + (1 if next else -1)) % len(stops)].setFocus(reason)
        return True

    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """Close when the focus moves to a widget below, for example by F6."""
        if now is not None and now is not self and not self.isAncestorOf(now) and self._over.isAncestorOf(now):
            self.finish()

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(target, QWidget):
            self.setGeometry(target.rect())
        return super().eventFilter(target, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), _SCRIM[self._theme.tokens.name])
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.childAt(event.position().toPoint()) is None:
            self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        else:
            super().keyPressEvent(event)
