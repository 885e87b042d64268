"""Pictures that the network generates from the same noise after each epoch."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.runs.events import Samples
from engine.runs.folder import RunFolder
from engine.runs.pictures import kept_epochs
from gui.runs.results.page import EpochResults, Page
from gui.theme import Theme

ICON_PX = 16
SMOOTH_FROM = 0.5  # image pixels per screen pixel: above it, the picture is interpolated


class GeneratedView(Page):
    """The picture of an epoch, and two buttons that step through the epochs."""

    chooses_epoch = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("generated")
        self._run: Path | None = None
        self._events: dict[int, Samples] = {}
        self._chosen_epoch: int | None = None  # ``None``: the latest
        self._is_seen = False
        self.picture = Picture(theme)
        self.epoch = QLabel()
        self.epoch.setObjectName("generated_epoch")
        self.epoch.setProperty("voice", "dim")
        self._theme = theme
        self.back, self.on = QToolButton(), QToolButton()
        for button, name in ((self.back, "Earlier epoch"), (self.on, "Later epoch")):
            button.setProperty("role", "small")
            button.setIconSize(QSize(ICON_PX, ICON_PX))
            button.setToolTip(name)
            button.setAccessibleName(name)
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        head = QHBoxLayout()
        head.setSpacing(4)
        for part in (self.back, self.epoch, self.on):
            head.addWidget(part)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.picture, 1)

    def _draw_icons(self) -> None:
        for button, icon in ((self.back, "chevron-left"), (self.on, "chevron-right")):
            button.setIcon(self._theme.icon(icon, "text_dim"))

    @property
    def epochs(self) -> list[int]:
        """The epochs with pictures."""
        return sorted(kept_epochs(max(self._events)) & self._events.keys()) if self._events else []

    @property
    def current(self) -> int | None:
        """The epoch whose picture is shown."""
        epochs = self.epochs
        return self._chosen_epoch if self._chosen_epoch in epochs else epochs[-1] if epochs else None

    def show_results(self, results: EpochResults) -> None:
        if results.run != self._run:
            self._run, self._chosen_epoch = results.run, None
        self._events = results.views.every(Samples) if results.views else {}
        self._is_seen = results.is_visible
        self._show()

    def step(self, by: int) -> None:
        """Show an earlier or a later epoch; at the latest one, new pictures are shown as they come."""
        epochs, current = self.epochs, self.current
        if current is None:
            return
        place = min(len(epochs) - 1, max(0, epochs.index(current) + by))
        self._chosen_epoch = None if place == len(epochs) - 1 else epochs[place]
        self._show()

    def _show(self) -> None:
        epochs, current = self.epochs, self.current
        self.back.setEnabled(current is not None and current != epochs[0])
        self.on.setEnabled(current is not None and current != epochs[-1])
        self.epoch.setText(
            "" if current is None else f"epoch {current}" + (", newest" if current == epochs[-1] else "")
        )
        if self._run is None or current is None:
            self.picture.show_file(None, "")
        elif self._is_seen:
            place = RunFolder(self._run).samples / Path(self._events[current].path).name
            self.picture.show_file(place, f"The picture of epoch {current} is missing.")
        self.picture.setAccessibleName(f"Samples of epoch {current}" if current else "No samples")


class Picture(QWidget):
    """A picture from a file, as large as possible, with sharp pixels."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: tuple[Path, int] | None = None
        self.image = QImage()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_file(self, place: Path | None, otherwise: str) -> None:
        """Show the file, or the text ``otherwise`` if it cannot be read; it is read again only after a change."""
        key = _key(place)
        if key != self._place or (key is None and otherwise != self.text):
            self._place = key
            self.image = QImage(str(place)) if key else QImage()
            self.text = otherwise if self.image.isNull() else ""
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        if self.image.isNull():
            painter.setPen(QColor(self._theme.tokens.text_dim))
            top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            painter.drawText(self.rect(), top | Qt.TextFlag.TextWordWrap, self.text)
            return
        place = self.place()
        is_fine = self.image.width() > SMOOTH_FROM * place.width() * self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_fine)
        painter.drawImage(place, self.image)
        painter.setPen(QColor(self._theme.tokens.edge))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))

    def place(self) -> QRectF:
        """The rectangle of the picture; if it is enlarged, by a whole number of screen pixels."""
        share = min((self.width() - 2) / self.image.width(), (self.height() - 2) / self.image.height())
        ratio = self.devicePixelRatioF()
        share = max(1, int(share * ratio)) / ratio if share * ratio >= 1 else share
        return QRectF(1, 1, self.image.width() * share, self.image.height() * share)


def _key(place: Path | None) -> tuple[Path, int] | None:
    """The path and the modification time of a file; ``None`` if it does not exist."""
    try:
        return (place, place.stat().st_mtime_ns) if place else None
    except OSError:
        return None


def page(theme: Theme) -> GeneratedView:
    """The page of `Samples`."""
    return GeneratedView(theme)
