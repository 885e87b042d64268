"""Colours, pens, brushes and fonts of the canvas, made once for a theme."""

from functools import cached_property
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from gui.theme import icons
from gui.theme.theme import Theme

NoPen = QPen(Qt.PenStyle.NoPen)
GLYPH_SCALE = (
    4  # glyphs are cached larger than they are shown, so that they are sharp at a zoom and a screen scale of 2
)


class FamilyPaint(NamedTuple):
    """The colours, pens and brushes of one family."""

    colour: QColor
    brush: QBrush
    outline: QPen
    port: QPen
    divider: QPen | None  # beside the edge, where the colour alone is too pale
    glyph: str


def pen(colour: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen with round ends."""
    return QPen(QColor(colour), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def faded(colour: str | QColor, alpha: float) -> QColor:
    """The colour at an opacity in [0, 1]."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result


def mixed(colour: str | QColor, ground: str | QColor, share: float) -> QColor:
    """The opaque colour that looks like ``colour`` at an opacity over ``ground``; far faster to paint."""
    top, below = QColor(colour), QColor(ground)
    return QColor.fromRgbF(
        *(
            a * share + b * (1 - share)
            for a, b in zip(top.getRgbF()[:3], below.getRgbF()[:3], strict=True)  # type: ignore[index]  # a tuple of four
        )
    )


class Paints:
    """The pens, brushes and fonts of the canvas; created again when the theme changes."""

    def __init__(self, theme: Theme) -> None:
        t = self.tokens = theme.tokens
        self._theme = theme
        self._families: dict[str, FamilyPaint] = {}
        self._glyphs: dict[str, QPixmap] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._elided: dict[tuple[str, str, int], str] = {}
        self.canvas, self.grid = QColor(t.canvas), QColor(t.grid)
        self.node, self.node_edge = QBrush(QColor(t.node)), pen(t.node_edge)
        self.node_hover = pen(t.text_faint)
        self.node_idle = pen(t.node_edge, 1.0, Qt.PenStyle.DashLine)
        self.selected = pen(t.node_selected, 2.0)
        self.glow = QBrush(faded(t.node_selected, 0.14))
        self.halo = QBrush(faded(t.node_selected, 0.38))
        self.text, self.dim, self.faint = (pen(colour) for colour in (t.text, t.text_dim, t.text_faint))
        self.wire, self.wire_selected = pen(t.wire, 2.0), pen(t.wire_selected, 2.5)
        self.wire_far = QPen(mixed(t.wire, t.canvas, 0.75), 0)
        self.link = pen(t.text_faint, 1.5, Qt.PenStyle.DashLine)
        self.wire_wrong = QPen(QColor(t.error), 2.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        self.wire_wrong.setDashPattern([4.0, 3.0])
        self.live_wire = pen(t.accent, 2.0)
        self.accent, self.accent_faint = QColor(t.accent), faded(t.accent, 0.12)
        self.accent_line = pen(t.accent, 1.0)
        self.guide = pen(t.accent, 0, Qt.PenStyle.DashLine)
        self.cut = pen(t.error, 0, Qt.PenStyle.DashLine)
        self.chip, self.chip_edge = QBrush(QColor(t.chip)), pen(t.chip_edge)
        self.chip_wrong = pen(t.error)
        self.frame, self.frame_edge = QBrush(QColor(t.frame)), pen(t.frame_edge, 1.0, Qt.PenStyle.DashLine)
        self.frame_text = pen(t.accent)
        self.note, self.note_text = QBrush(QColor(t.note)), pen(t.on_note)
        self.note_edge = pen(QColor(t.note).darker(112).name() if not t.is_dark else QColor(t.note).lighter(135).name())
        self.row = QBrush(QColor(t.selection))
        self.track = QBrush(faded(t.text, 0.08))
        self.error, self.warning = QBrush(QColor(t.error)), QBrush(QColor(t.warning))
        self.on_badge = pen(t.canvas)
        self.shade = QBrush(faded(t.canvas, 0.55))

    @cached_property
    def fonts(self) -> dict[str, QFont]:
        """Fonts by voice: ``title``, ``far`` (a title when zoomed out), ``small``, ``name``, ``chip`` and its bold."""
        fonts = {
            "title": self._theme.font("bold"),
            "far": self._theme.font("bold"),
            "small": self._theme.font("small"),
            "label": self._theme.font("small"),
            "caption": self._theme.font("small"),
            "note": self._theme.font("ui"),
            "name": self._theme.font("mono"),
            "chip": self._theme.font("mono"),
            "chip_bold": self._theme.font("mono_bold"),
        }
        sizes = {"far": 22, "label": 11, "caption": 10, "name": 11, "chip": 10, "chip_bold": 10}
        for voice, size in sizes.items():
            fonts[voice].setPixelSize(size)
        for font in fonts.values():
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # text that zooms keeps its spacing
        return fonts

    @cached_property
    def metrics(self) -> dict[str, QFontMetricsF]:
        """The metrics of each font."""
        return {voice: QFontMetricsF(font) for voice, font in self.fonts.items()}

    @cached_property
    def _letter(self) -> float:
        """The width of any one letter of a name."""
        return self.metrics["name"].horizontalAdvance("n")

    def measure(self, text: str, voice: str) -> float:
        """The width of a text, in scene pixels."""
        if voice == "name" and text.isascii():
            return len(text) * self._letter  # names are many and all different, and their font is monospaced
        key = (text, voice)
        if (width := self._widths.get(key)) is None:
            width = self._widths[key] = self.metrics[voice].horizontalAdvance(text)
        return width

    def elided(self, text: str, voice: str, width: float) -> str:
        """The text, shortened to fit."""
        if self.measure(text, voice) <= width:
            return text
        key = (text, voice, int(width))
        if (short := self._elided.get(key)) is None:
            short = self.metrics[voice].elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))
            self._elided[key] = short
        return short

    def family(self, name: str) -> FamilyPaint:
        """How a family of the catalogue is painted."""
        if (paint := self._families.get(name)) is None:
            colour, outline, glyph = self._theme.family(name)
            hue, line = QColor(colour), QColor(outline)
            paint = self._families[name] = FamilyPaint(
                hue, QBrush(hue), pen(outline, 1.2), QPen(line, 1.6), QPen(line, 1.0) if line != hue else None, glyph
            )
        return paint

    def phase(self, index: int) -> FamilyPaint:
        """How the losses of a phase are painted, by its index; the colours repeat after the last."""
        hues = self.tokens.phases
        hue = hues[index % len(hues)]
        if (paint := self._families.get(hue)) is None:
            colour = QColor(hue)
            paint = self._families[hue] = FamilyPaint(
                colour, QBrush(colour), pen(hue, 1.2), QPen(colour, 1.6), None, ""
            )
        return paint

    def paint_glyph(self, painter: QPainter, family: str, rect: QRectF) -> None:
        """Draw a family's icon."""
        pixmap = self._glyphs.get(family)
        if pixmap is None:
            pixmap = self._glyphs[family] = self._glyph(family, rect)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))

    def _glyph(self, family: str, rect: QRectF) -> QPixmap:
        pixmap = QPixmap((rect.size() * GLYPH_SCALE).toSize())
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint = self.family(family)
        icons.paint(painter, paint.glyph, QRectF(pixmap.rect()), paint.outline.color().name())
        painter.end()
        return pixmap
