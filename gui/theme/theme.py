"""Applies a theme's colours, fonts and icons to the whole application, and switches between themes."""

from functools import cache
from importlib.resources import files
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from gui.preferences.preferences_file import Choice
from gui.theme.icons import icon
from gui.theme.stylesheet import stylesheet
from gui.theme.tokens import Family, Tokens, family, tokens_of

Voice = Literal["ui", "small", "medium", "bold", "title", "mono", "mono_bold"]

_FONT_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
)


class Theme(QObject):
    """The current theme: ``tokens`` for colours and metrics, fonts by voice, icons by name.

    ``styled``: apply the stylesheet at once. To build a window first and style it then takes half the time: Qt looks
    up the rules each time a widget gets another parent.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "dark", *, styled: bool = True) -> None:
        super().__init__(app)
        self._app = app
        self._styled = styled
        self.choice: Choice = choice
        self.tokens = self._current_tokens()
        load_fonts()
        app.setStyle("Fusion")
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    def set(self, choice: Choice) -> None:
        """Use the dark theme, the light one, or the system's choice."""
        self.choice = choice
        if (tokens := self._current_tokens()) is not self.tokens:
            self.tokens = tokens
            self._apply()
            self.changed.emit()

    def family(self, name: str) -> Family:
        """The colour, outline and glyph of a catalogue family in this theme."""
        return family(name, self.tokens)

    def colour(self, token: str) -> QColor:
        """A colour by its token's name."""
        return QColor(getattr(self.tokens, token))

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """One of our icons in the colour of a token, sharp at every size; call again after ``changed``."""
        return icon(name, getattr(self.tokens, colour), self.tokens.text_faint)

    def font(self, voice: Voice = "ui") -> QFont:
        """A font by its use: running text, small print, names (``medium``, ``bold``), a title, code."""
        return font(voice, self.tokens)

    def _current_tokens(self) -> Tokens:
        return tokens_of(self.choice, self._app)

    def _follow_system(self) -> None:
        if self.choice == "system":
            self.set("system")

    def apply_stylesheet(self) -> None:
        """Apply the stylesheet, if it is not applied yet."""
        if not self._styled:
            self._styled = True
            self._app.setStyleSheet(stylesheet(self.tokens))

    def _apply(self) -> None:
        self._app.setFont(self.font())
        self._app.setPalette(palette(self.tokens))
        if self._styled:
            self._reset_stylesheet()
            self._app.setStyleSheet(stylesheet(self.tokens))

    def _reset_stylesheet(self) -> None:
        """Let Qt apply the new sheet from the top-level widgets only.

        Qt polishes every widget whose rules it has cached and, each time, all widgets inside: one at depth ten is
        polished ten times. So it may only cache the rules of the widgets from which it reaches all others.
        """
        if self._app.styleSheet():
            style = self._app.style()
            style.unpolish(self._app)
            for widget in self._app.topLevelWidgets():
                style.polish(widget)


def load_fonts() -> None:
    """Make Inter and JetBrains Mono known to Qt; once is enough for a process."""
    if "Inter" in QFontDatabase.families() and "JetBrains Mono" in QFontDatabase.families():
        return
    folder = files("resources") / "fonts"
    for name in _FONT_FILES:
        QFontDatabase.addApplicationFontFromData(folder.joinpath(name).read_bytes())


def font(voice: Voice, tokens: Tokens) -> QFont:
    """The font of a voice, in device-independent pixels; a copy for each caller."""
    return QFont(_font(voice, tokens))


@cache
def _font(voice: Voice, tokens: Tokens) -> QFont:
    mono = voice.startswith("mono")
    qfont = QFont("JetBrains Mono" if mono else "Inter")
    qfont.setStyleHint(QFont.StyleHint.Monospace if mono else QFont.StyleHint.SansSerif)
    qfont.setPixelSize(
        {"small": tokens.small_px, "title": tokens.title_px}.get(voice, tokens.mono_px if mono else tokens.ui_px)
    )
    weights = {"medium": QFont.Weight.Medium, "bold": QFont.Weight.DemiBold, "title": QFont.Weight.DemiBold}
    if mono:
        qfont.setFeature(QFont.Tag("calt"), 0)  # code is shown as it is typed: -> does not become an arrow
    qfont.setWeight(QFont.Weight.Bold if voice == "mono_bold" else weights.get(voice, QFont.Weight.Normal))
    return qfont


def palette(tokens: Tokens) -> QPalette:
    """The theme's palette, for what the stylesheet does not reach."""
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.field,
        QPalette.ColorRole.AlternateBase: tokens.raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_faint,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.error,
        QPalette.ColorRole.Highlight: tokens.selection,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.popup,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Light: tokens.hover,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line,
        QPalette.ColorRole.Shadow: tokens.canvas,
    }
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text_faint))
    return result
