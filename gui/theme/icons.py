"""Torchloom's own icons: line drawings on a 16 x 16 grid, in any colour, sharp at any scale."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer


def icon(name: str, colour: str, disabled: str) -> QIcon:
    """An icon of ``resources/icons`` in a colour (``#rrggbb``), and another where it is disabled."""
    return QIcon(_SvgIcon(name, colour, disabled))


def app_icon() -> QIcon:
    """The icon of the application."""
    return QIcon(str(files("resources").joinpath("icons", "app", "torchloom.svg")))


def paint(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Draw an icon or a family's glyph into a rectangle with an active painter."""
    renderer(name, colour).render(painter, rect)


@cache
def svg_text(name: str) -> str:
    """The SVG text of an icon, with ``currentColor`` where its colour goes."""
    return files("resources").joinpath("icons", f"{name}.svg").read_text(encoding="utf-8")


@cache
def renderer(name: str, colour: str) -> QSvgRenderer:
    """An icon in one colour, ready to be drawn."""
    return QSvgRenderer(QByteArray(svg_text(name).replace("currentColor", colour).encode()))


class _SvgIcon(QIconEngine):
    def __init__(self, name: str, colour: str, disabled: str) -> None:
        super().__init__()
        self._name, self._colour, self._disabled = name, colour, disabled

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        del state
        colour = self._disabled if mode is QIcon.Mode.Disabled else self._colour
        renderer(self._name, colour).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Return a cached pixmap: Qt keeps derived data per pixmap, so new ones would leak memory."""
        colour = self._disabled if mode is QIcon.Mode.Disabled else self._colour
        pixels = size * scale
        key = f"torchloom {self._name} {colour} {pixels.width()} {pixels.height()} {scale}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            pixmap = QPixmap(pixels)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, QRect(QPoint(0, 0), pixels), mode, state)
            painter.end()
            pixmap.setDevicePixelRatio(scale)  # here: Qt would set it on a copy, which is another pixmap
            QPixmapCache.insert(key, pixmap)
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgIcon(self._name, self._colour, self._disabled)
