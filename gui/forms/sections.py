"""The parts of a page of settings: a header, a thin line, a collapsible section."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme
from gui.theme.glyph import Glyph


class Header(QWidget):
    """An icon, a title, and a sentence about the page."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._glyph = Glyph(theme, 14)
        self.title, self.summary = QLabel(), QLabel()
        self.title.setProperty("voice", "title")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name widens nothing
        self.summary.setProperty("voice", "dim")
        self.summary.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._glyph)
        row.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.summary)

    def set_text(self, title: str, summary: str, family: str = "structure") -> None:
        """Set the title, the sentence, and the family that chooses the icon."""
        self._glyph.set_family(family)
        self.title.setText(title)
        self.title.setToolTip(title)
        self.summary.setText(summary)
        self.summary.setVisible(bool(summary))


class Line(QFrame):
    """A thin line between parts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("line", "true")
        self.setFixedHeight(1)


class Section(QToolButton):
    """A heading that opens and closes the content below it."""

    def __init__(self, title: str, theme: Theme, content: QWidget, *, is_open: bool = True) -> None:
        super().__init__()
        self._theme, self._content = theme, content
        self.setText(title)
        self.setProperty("role", "section")
        self.setCheckable(True)
        self.setChecked(is_open)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(12, 12))
        self.toggled.connect(self._open)
        theme.changed.connect(self._draw)
        if not is_open:
            content.hide()
        self._draw()

    def _open(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(self._theme.icon("chevron-down" if self.isChecked() else "chevron-right", "text_dim"))
