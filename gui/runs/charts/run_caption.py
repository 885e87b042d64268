"""The line above charts: the names of the runs, and whether the project has changed since."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.runs.context.changes_since import Change, ChangesSince
from gui.theme import Theme

HEIGHT_PX = 22
_DOT_PX, _GAP = 8, 8
NAME_SHARE = 0.6  # of the width that the name gets at least
LEAST_CHANGE_PX = 60.0
OF_ANOTHER, THE_SAME = "of another graph", "the graph is unchanged"


class RunCaption(QWidget):
    """Painted text; a long name is elided in the middle, and the tooltip has all of it."""

    def __init__(self, changes: ChangesSince, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes, self._theme = changes, theme
        self._runs: tuple[Path, ...] = ()
        self._titles: Mapping[Path, str] = {}
        self._colour = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        changes.changed.connect(self._update_texts)
        theme.changed.connect(self.update)

    def show_runs(self, titles: Mapping[Path, str], colour: str = "") -> None:
        """Show the names of these runs, with a dot of ``colour`` for a single one."""
        self._runs, self._titles, self._colour = tuple(titles), dict(titles), colour
        self._update_texts()

    @property
    def name(self) -> str:
        """The name of the run, or the number of runs."""
        if len(self._runs) == 1:
            return self._titles[self._runs[0]]
        return f"{len(self._runs)} runs" if self._runs else ""

    @property
    def change_text(self) -> str:
        """Whether the graph and the settings have changed since, in words."""
        if len(self._runs) == 1:
            change = self._changes.of(self._runs[0])
            return OF_ANOTHER if change is None else change.text or THE_SAME
        return changes_text([self._changes.of(run) for run in self._runs])

    @property
    def has_changed(self) -> bool:
        """Whether the graph or the settings have changed since a run was started."""
        return self.change_text not in ("", OF_ANOTHER, THE_SAME)

    @property
    def text(self) -> str:
        """The whole caption."""
        return " · ".join(filter(None, (self.name, self.change_text)))

    def _update_texts(self) -> None:
        changes = [change for run in self._runs if (change := self._changes.of(run))]
        details = changes[0].details if len(self._runs) == 1 and changes else ""
        self.setToolTip("\n".join(filter(None, (self.text, details))))
        self.setAccessibleName(self.text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter, tokens = QPainter(self), self._theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        if self._colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            painter.drawEllipse(QRectF(0, (self.height() - _DOT_PX) / 2, _DOT_PX, _DOT_PX))
            left = _DOT_PX + _GAP
        change = f"· {self.change_text}" if self.change_text else ""
        small, bold = QFontMetricsF(self._theme.font("small")), QFontMetricsF(self._theme.font("medium"))
        room = self.width() - left
        change_px = small.horizontalAdvance(change) + 2 + _GAP if change else 0.0
        name_px = max(room * NAME_SHARE, room - change_px)
        name = bold.elidedText(self.name, Qt.TextElideMode.ElideMiddle, name_px)
        change_room = room - bold.horizontalAdvance(name) - _GAP
        change = (
            small.elidedText(change, Qt.TextElideMode.ElideRight, change_room) if change_room > LEAST_CHANGE_PX else ""
        )
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._theme.font("medium"))
        painter.setPen(QColor(tokens.text))
        painter.drawText(QRectF(left, 0, room, self.height()), flags, name)
        left += bold.horizontalAdvance(name) + _GAP
        painter.setFont(self._theme.font("small"))
        painter.setPen(QColor(tokens.warning if self.has_changed else tokens.text_dim))
        painter.drawText(QRectF(left, 0, max(0.0, self.width() - left), self.height()), flags, change)


def changes_text(changes: Sequence[Change | None]) -> str:
    """For how many runs the graph or the settings have changed, in words."""
    graphs = sum(change is not None and bool(change.graph) for change in changes)
    settings = sum(change is not None and not change.graph and bool(change.settings) for change in changes)
    parts = [f"the graph has changed since {graphs} of them"] if graphs else []
    parts += [f"the settings have changed since {settings} of them"] if settings else []
    return ", ".join(parts)
