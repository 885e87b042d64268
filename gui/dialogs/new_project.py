"""A new project from a template."""

from functools import cache, cached_property

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QSizePolicy, QWidget

from engine.graph.model import Project
from engine.project import file
from engine.project.templates import templates
from gui.common_dialogs.dialog import Dialog, text_label
from gui.dialogs.graph_thumbnail import GraphThumbnail
from gui.theme import Theme

COLUMNS = 4
CARD = QSize(252, 184)
GAP_PX = 12
LAST = 1000  # more than there are cards
_PICTURE_PX = 98.0
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Home: (-LAST, 0),
    Qt.Key.Key_End: (LAST, 0),
}
EMPTY = "empty"


@cache
def project_of(name: str) -> Project:
    """The project of a template; do not change it."""
    by_name = {each.name: each for each in templates()}
    return file.parse(by_name[name].text(), name) if name in by_name else Project()


class TemplateCard(QAbstractButton):
    """One template: a thumbnail of its graph, its name and its summary."""

    activated = Signal()
    stepped = Signal(int, int)  # by a key: how many cards to go, and how many lines of cards

    def __init__(self, name: str, summary: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setObjectName(f"template_{name}")
        self.setText(name if name != EMPTY else "Empty graph")
        self.setToolTip(summary)
        self.setAccessibleName(f"{name}: {summary}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._summary, self._theme = summary, theme

    @cached_property
    def _thumbnail(self) -> GraphThumbnail:
        """Made when it is first painted: most cards are out of sight at first."""
        project = project_of(self.name)
        return GraphThumbnail(project.graphs[project.main])

    def sizeHint(self) -> QSize:
        return CARD

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_highlighted = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(QColor(tokens.accent if is_highlighted else tokens.edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(tokens.hover if self.underMouse() else tokens.raised))
        painter.drawRoundedRect(card, 8, 8)
        picture = QRectF(card.left() + 7, card.top() + 7, card.width() - 14, _PICTURE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(picture, 5, 5)
        if self._thumbnail.nodes:
            self._thumbnail.paint(painter, tokens, picture.adjusted(12, 10, -12, -10))
        else:
            painter.setPen(QColor(tokens.text_dim))
            painter.setFont(self._theme.font("small"))
            painter.drawText(picture, Qt.AlignmentFlag.AlignCenter, "empty")
        self._draw_text(painter, QRectF(card.left() + 12, picture.bottom() + 6, card.width() - 24, card.height()))
        painter.end()

    def _draw_text(self, painter: QPainter, area: QRectF) -> None:
        tokens = self._theme.tokens
        bold, small = self._theme.font("bold"), self._theme.font("small")
        title_px, line_px = QFontMetricsF(bold).height(), QFontMetricsF(small).height()
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        painter.drawText(
            QRectF(area.left(), area.top(), area.width(), title_px), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        painter.setFont(small)
        painter.setPen(QColor(tokens.text_dim))
        if self.name != EMPTY and project_of(self.name).data.is_absent:
            title_area = QRectF(area.left(), area.top(), area.width(), title_px)
            painter.drawText(title_area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "no data")
        summary_area = QRectF(area.left(), area.top() + title_px + 1, area.width(), 3 * line_px + 1)
        painter.drawText(summary_area, Qt.TextFlag.TextWordWrap, self._summary)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setChecked(True)
            self.activated.emit()
        elif event.key() in _STEPS:
            self.stepped.emit(*_STEPS[event.key()])
        else:
            super().keyPressEvent(event)


class NewProjectDialog(Dialog):
    """Shows all templates by topic; when the dialog is accepted, `project` is made from the selected one."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        subtitle = "Templates with data train at once; the others are networks to check, change and export."
        super().__init__("new_project", "New project", parent, subtitle=subtitle)
        self.cards: dict[str, TemplateCard] = {}
        self._lines: list[list[TemplateCard]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        for topic, names in _topics().items():
            self._add_topic(topic, [TemplateCard(name, summary, theme) for name, summary in names])
        self._area = area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = area.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, end: self._grid.setContentsMargins(0, 0, GAP_PX if end else 0, 0))
        self.body.addWidget(area)
        self.resize(COLUMNS * (CARD.width() + GAP_PX) + 32, len(self._lines) * (CARD.height() + GAP_PX) + 146)
        self.add_button("Cancel").clicked.connect(self.reject)
        self.add_button("Create", default=True).clicked.connect(self.accept)
        first = next(iter(self.cards.values()))
        first.setChecked(True)
        first.setFocus()

    @property
    def template_name(self) -> str:
        """The name of the selected template, or `EMPTY`."""
        return next(name for name, card in self.cards.items() if card.isChecked())

    def project(self) -> Project:
        """A new copy of the project of the selected template."""
        if self.template_name == EMPTY:
            return Project()
        return file.from_json(file.to_json(project_of(self.template_name)))

    def _add_topic(self, topic: str, cards: list[TemplateCard]) -> None:
        """Add a heading and the cards below it, beside the topic before if the line has room for all of them."""
        if not self._lines or len(self._lines[-1]) + len(cards) > COLUMNS:
            self._lines.append([])
        heading = text_label(topic.capitalize(), "section")
        first = len(self._lines[-1])
        self._grid.addWidget(heading, 2 * len(self._lines), first, 1, min(len(cards), COLUMNS))
        for card in cards:
            if len(self._lines[-1]) == COLUMNS:
                self._lines.append([])
            line = self._lines[-1]
            self.cards[card.name] = card
            card.activated.connect(self.accept)
            card.stepped.connect(self._step)
            self._grid.addWidget(card, 2 * len(self._lines) + 1, len(line))
            line.append(card)

    def _step(self, cards: int, lines: int) -> None:
        """Select the card that is so many cards behind the selected one, or as many lines below it."""
        selected = self.cards[self.template_name]
        if lines:
            line = next(index for index, row in enumerate(self._lines) if selected in row)
            column = self._lines[line].index(selected)
            row = self._lines[max(0, min(line + lines, len(self._lines) - 1))]
            target = row[min(column, len(row) - 1)]
        else:
            order = list(self.cards.values())
            target = order[max(0, min(order.index(selected) + cards, len(order) - 1))]
        target.setChecked(True)
        target.setFocus()
        self._area.ensureWidgetVisible(target, 0, CARD.height())  # with the heading above it


def _topics() -> dict[str, list[tuple[str, str]]]:
    """The names and summaries of the templates of each topic, in the order of the list; last the empty graph."""
    topics: dict[str, list[tuple[str, str]]] = {}
    for each in templates():
        topics.setdefault(each.topic, []).append((each.name, each.summary))
    topics["nothing yet"] = [(EMPTY, "Start without layers.")]
    return topics
