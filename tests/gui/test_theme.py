"""The themes: legible everywhere, and applied to everything."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.catalog.index import layers
from gui.dialogs.about_dialog import AboutDialog
from gui.theme import DARK, LIGHT, family
from gui.theme.icons import renderer
from gui.theme.stylesheet import stylesheet
from gui.theme.tokens import Tokens, tokens_of

ICONS = sorted(path.stem for path in (Path(__file__).parents[2] / "resources" / "icons").glob("*.svg"))
SURFACES = (
    "canvas",
    "window",
    "toolbar",
    "status",
    "raised",
    "hover",
    "pressed",
    "field",
    "popup",
    "code",
    "node",
    "chip",
)
VOICES = ("text", "text_dim")
SIGNS = ("accent", "focus", "good", "warning", "error", "wire", "wire_selected", "node_selected", "train", "validation")
SYNTAX = ("syntax_keyword", "syntax_name", "syntax_number", "syntax_string", "syntax_comment")


def luminance(colour: str) -> float:
    channels = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of the Web Content Accessibility Guidelines, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def tokens(request) -> Tokens:
    return request.param


def test_text_is_legible_on_every_surface(tokens):
    pairs = [(voice, surface) for voice in VOICES for surface in (*SURFACES, "selection")]
    pairs += [("on_accent", "accent_fill"), ("on_go", "go"), ("on_go", "go_hover"), ("on_note", "note")]
    pairs += [(voice, "code") for voice in SYNTAX] + [("text", "frame"), ("text_dim", "frame")]
    weak = {pair: contrast(*(getattr(tokens, name) for name in pair)) for pair in pairs}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


def test_messages_in_colour_are_legible(tokens):
    pairs = [
        (voice, surface)
        for voice in ("error", "warning", "good", "accent")
        for surface in ("window", "canvas", "popup")
    ]
    weak = {pair: contrast(*(getattr(tokens, name) for name in pair)) for pair in pairs}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


def test_signs_and_faint_text_are_seen(tokens):
    pairs = [
        (sign, surface)
        for sign in (*SIGNS, "text_faint")
        for surface in ("canvas", "window", "raised", "field", "node")
    ]
    weak = {pair: contrast(*(getattr(tokens, name) for name in pair)) for pair in pairs}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 3}


def test_every_series_of_a_plot_is_seen(tokens):
    assert not [colour for colour in tokens.series if contrast(colour, tokens.window) < 3]
    assert len(set(tokens.series)) == len(tokens.series) >= 8


def test_every_phase_is_seen_and_looks_like_no_loss_without_one(tokens):
    surfaces = (tokens.node, tokens.canvas, tokens.window)
    assert not [colour for colour in tokens.phases if min(contrast(colour, each) for each in surfaces) < 3]
    assert len({*tokens.phases, family("loss", tokens).outline}) == len(tokens.phases) + 1


def test_every_family_is_seen_on_nodes(tokens):
    weak = {
        layer.family: contrast(family(layer.family, tokens).outline, tokens.node)
        for layer in layers().values()
        if contrast(family(layer.family, tokens).outline, tokens.node) < 3
    }
    assert not weak


def test_the_hues_are_those_of_the_design():
    assert {family(name).colour for name in ("data", "convolution", "linear", "regularization")} == {
        "#56B4E9", "#3A7BD5", "#E69F00", "#F0E442",
    }  # fmt: skip
    assert {family(name).colour for name in ("activation", "pooling", "loss", "math")} == {
        "#009E73", "#CC79A7", "#D55E00", "#C9CED6",
    }  # fmt: skip


def test_families_that_share_a_glyph_share_a_colour():
    families = {family(layer.family) for layer in layers().values()}
    assert len(families) == len({each.glyph for each in families}) == len({each.colour for each in families}) == 8


def test_every_colour_is_valid(tokens):
    for name, value in tokens._asdict().items():
        for colour in value if isinstance(value, tuple) else (value,):
            if isinstance(colour, str) and name != "name":
                assert QColor(colour).isValid()
                assert len(colour) == 7


def test_the_stylesheet_takes_every_name(tokens):
    assert "$" not in stylesheet(tokens)


def test_switching_repaints_everything(theme, qtbot):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    dark = dialog.grab().toImage().pixelColor(2, 2)
    with qtbot.waitSignal(theme.changed):
        theme.set("light")
    light = dialog.grab().toImage().pixelColor(2, 2)
    assert dark == QColor(DARK.window)
    assert light == QColor(LIGHT.window)


class StyleChanges(QObject):
    """Counts how often a widget gets a change of its style."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, target: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        del target
        self.count += event.type() is QEvent.Type.StyleChange
        return False


def test_switching_restyles_a_widget_once_however_deep_it_is(theme, qtbot):
    outermost = widget = QWidget()
    qtbot.addWidget(outermost)
    for _ in range(9):
        column = QVBoxLayout(widget)
        widget = QWidget()
        column.addWidget(widget)
    field = QLineEdit(widget)
    outermost.show()
    changes = StyleChanges()
    field.installEventFilter(changes)
    theme.set("light")
    assert changes.count == 1


def pages() -> tuple[QStackedWidget, QLineEdit]:
    stack, hidden = QStackedWidget(), QLineEdit("on a page that is not shown")
    stack.resize(300, 40)
    stack.addWidget(QLabel("shown"))
    stack.addWidget(hidden)
    stack.show()
    return stack, hidden


def test_a_widget_hidden_during_the_switch_looks_like_a_new_one(theme, qtbot):
    old, hidden = pages()
    qtbot.addWidget(old)
    old.setCurrentWidget(hidden)
    old.setCurrentIndex(0)
    theme.set("light")
    new, fresh = pages()
    qtbot.addWidget(new)
    for stack, field in ((old, hidden), (new, fresh)):
        stack.setCurrentWidget(field)
    assert old.grab().toImage() == new.grab().toImage()


def test_choosing_the_current_theme_emits_nothing(theme, qtbot):
    with qtbot.assertNotEmitted(theme.changed):
        theme.set("dark")


def test_the_choice_system_follows_the_system(qapp, theme):
    light = qapp.styleHints().colorScheme() is Qt.ColorScheme.Light
    assert tokens_of("system", qapp) is (LIGHT if light else DARK)


def test_our_fonts_are_used(theme):
    assert QFontInfo(theme.font("ui")).family() == "Inter"
    assert QFontInfo(theme.font("mono")).family() == "JetBrains Mono"
    assert QFontInfo(QApplication.font()).family() == "Inter"


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_something_in_its_colour(qapp, name):
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg = renderer(name, "#ff0000")
    assert svg.isValid()
    svg.render(painter)
    painter.end()
    colours = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 250
    }
    assert "#ff0000" in colours


def test_an_icon_is_faint_where_it_is_disabled(theme, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    icon = theme.icon("stop")
    modes = [
        icon.pixmap(16, 16, mode).toImage().pixelColor(8, 8).name() for mode in (icon.Mode.Normal, icon.Mode.Disabled)
    ]
    assert modes == [DARK.text, DARK.text_faint]


@pytest.mark.parametrize(("scale", "pixels"), [(1.0, 15), (1.25, 19), (2.0, 30)])
def test_an_icon_is_drawn_once_however_often_it_is_used(theme, scale, pixels):
    # Qt caches what a label makes of a pixmap: with a new one for each problem shown, 20 MB in an hour of drawing.
    pixmaps = [theme.icon("error", colour).pixmap(QSize(15, 15), scale) for colour in ("error", "error", "warning")]
    assert pixmaps[0].cacheKey() == pixmaps[1].cacheKey() != pixmaps[2].cacheKey()
    assert (pixmaps[0].size(), pixmaps[0].devicePixelRatio()) == (QSize(pixels, pixels), scale)


def test_code_is_shown_as_it_is_typed(theme):
    arrow, parts = (QImage(80, 30, QImage.Format.Format_RGB32) for _ in range(2))
    for image, texts in ((arrow, ["->"]), (parts, ["-", ">"])):
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setFont(theme.font("mono"))
        for place, text in enumerate(texts):
            painter.drawText(10 + place * painter.fontMetrics().horizontalAdvance("-"), 20, text)
        painter.end()
    assert arrow == parts


def test_a_dialog_is_as_high_as_its_text(theme, qtbot):
    sheet = AboutDialog()
    qtbot.addWidget(sheet)
    sheet.resize(464, 380)  # what Qt makes of it where it does not know yet how wide texts will be
    sheet.show()
    labels = [label for label in sheet.findChildren(QLabel) if label.text()]
    assert len(labels) > 10
    for label in labels:
        height = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        assert label.height() >= height, label.text()
