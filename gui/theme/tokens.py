"""The colours and metrics of both themes. Nothing else in the window names a colour."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class Tokens(NamedTuple):  # to define a frozen dataclass takes 4 ms, before the first paint
    """One theme: colours as ``#rrggbb``, lengths in device-independent pixels."""

    name: str
    # Surfaces, from the back to the front.
    canvas: str
    window: str
    toolbar: str
    status: str
    raised: str  # buttons, node bodies' neighbours: what can be pressed
    hover: str
    pressed: str
    field: str  # what can be typed into
    popup: str  # menus, tooltips, search
    code: str  # behind source text
    # Lines.
    line: str  # between panels, around cards
    edge: str  # around what can be pressed or typed into
    focus: str  # the ring around what has the keyboard focus
    # Text, by its emphasis; all are legible on every surface above.
    text: str
    text_dim: str
    text_faint: str  # disabled, placeholders: the only text below 4.5:1, never below 3:1
    # Meaning.
    accent: str  # graphics: selection, progress, the current tab
    accent_fill: str  # behind ``on_accent`` text
    on_accent: str
    selection: str  # behind selected rows and text
    go: str  # the Train button
    go_hover: str
    on_go: str
    good: str
    warning: str
    error: str
    # The canvas.
    grid: str
    node: str
    node_edge: str
    node_selected: str
    wire: str
    wire_selected: str
    chip: str
    chip_edge: str
    frame: str
    frame_edge: str
    note: str
    on_note: str
    # Plots.
    plot_grid: str
    train: str
    validation: str
    series: tuple[str, ...]  # runs, in order: none of them looks like train or validation
    phases: tuple[str, ...]  # of a training, in order: none of them looks like a loss without a phase
    # Source text.
    syntax_keyword: str
    syntax_name: str
    syntax_number: str
    syntax_string: str
    syntax_comment: str
    # Metrics.
    gap: int = 8
    pad: int = 12
    radius: int = 6
    ui_px: int = 13
    small_px: int = 12
    title_px: int = 15
    mono_px: int = 12
    control_px: int = 28  # height of what can be pressed or typed into

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than its background."""
        return self.name == "dark"


DARK = Tokens(
    name="dark",
    canvas="#171a20",
    window="#1a1d23",
    toolbar="#1d2128",
    status="#20252d",
    raised="#262b34",
    hover="#2f3540",
    pressed="#20242c",
    field="#23272f",
    popup="#23272f",
    code="#15181d",
    line="#2a2f38",
    edge="#363c48",
    focus="#6ea8fe",
    text="#e8ecf3",
    text_dim="#a3acba",
    text_faint="#7d8798",
    accent="#6ea8fe",
    accent_fill="#2f6fd0",
    on_accent="#ffffff",
    selection="#1f324d",
    go="#2e7d5b",
    go_hover="#266a4d",
    on_go="#ffffff",
    good="#3fb68b",
    warning="#f2b544",
    error="#ff7b72",
    grid="#242932",
    node="#22262e",
    node_edge="#363c48",
    node_selected="#6ea8fe",
    wire="#7d8798",
    wire_selected="#6ea8fe",
    chip="#1d2128",
    chip_edge="#343a46",
    frame="#181f2b",
    frame_edge="#3a5c92",
    note="#3a3420",
    on_note="#f4e9c4",
    plot_grid="#2a2f38",
    train="#5ab0e8",
    validation="#f2b544",
    series=("#3fb68b", "#e28fc0", "#b79cf2", "#d6dd6a", "#4fd0d0", "#c79a6b", "#9fb6c9", "#ff9d76"),
    phases=("#56b4e9", "#e69f00", "#cc79a7", "#2fb98d", "#f0e442", "#b79cf2"),
    syntax_keyword="#8fb8ff",
    syntax_name="#e8ecf3",
    syntax_number="#f2b98a",
    syntax_string="#8fd3a8",
    syntax_comment="#8a94a6",
)

LIGHT = Tokens(
    name="light",
    canvas="#f4f5f7",
    window="#fbfbfc",
    toolbar="#f1f3f5",
    status="#eceef1",
    raised="#ffffff",
    hover="#eef1f5",
    pressed="#e1e5ea",
    field="#ffffff",
    popup="#ffffff",
    code="#f3f5f7",
    line="#dde1e6",
    edge="#c3c9d2",
    focus="#2563c9",
    text="#1b2027",
    text_dim="#515b69",
    text_faint="#77808e",
    accent="#2563c9",
    accent_fill="#2563c9",
    on_accent="#ffffff",
    selection="#d6e4fb",
    go="#1f7a53",
    go_hover="#1a6a48",
    on_go="#ffffff",
    good="#18794e",
    warning="#8a5a00",
    error="#c4291c",
    grid="#d9dde3",
    node="#ffffff",
    node_edge="#c3c9d2",
    node_selected="#2563c9",
    wire="#6b7585",
    wire_selected="#2563c9",
    chip="#ffffff",
    chip_edge="#c3c9d2",
    frame="#eaf0f9",
    frame_edge="#7f9fd0",
    note="#fff4cc",
    on_note="#4a3c00",
    plot_grid="#e1e5ea",
    train="#1f77b4",
    validation="#b86e00",
    series=("#18794e", "#b0437f", "#6f4fc4", "#6d7300", "#00808a", "#8a5a3c", "#50687d", "#c4541c"),
    phases=("#1f78ad", "#8f6200", "#a8467f", "#00714f", "#6d6600", "#6f4fc4"),
    syntax_keyword="#1d4fa8",
    syntax_name="#1b2027",
    syntax_number="#9a4a00",
    syntax_string="#1a6b43",
    syntax_comment="#626c7a",
)


def tokens_of(choice: str, app: "QApplication") -> Tokens:
    """The theme of a choice: ``dark``, ``light`` or ``system``."""
    if choice == "system":
        from PySide6.QtCore import Qt  # takes 13 ms, which the first paint of most people can do without

        return LIGHT if app.styleHints().colorScheme() is Qt.ColorScheme.Light else DARK
    return LIGHT if choice == "light" else DARK


class Family(NamedTuple):
    """The marks of a family of layers: a colour, an outline where that is too pale, and a glyph.

    ``outline``: the colour to draw around the hue on this theme; equal to ``colour`` where none is needed.
    """

    colour: str
    outline: str
    glyph: str


_HUES = {  # safe for three kinds of colour blindness; the glyph says the same without colour
    "cylinder": "#56B4E9",
    "grid": "#3A7BD5",
    "lattice": "#E69F00",
    "bell": "#F0E442",
    "s-curve": "#009E73",
    "funnel": "#CC79A7",
    "target": "#D55E00",
    "brackets": "#C9CED6",
}
_GLYPHS = {
    "data": "cylinder",
    "convolution": "grid",
    "linear": "lattice",
    "attention": "lattice",
    "recurrent": "lattice",
    "embedding": "lattice",
    "normalization": "bell",
    "regularization": "bell",
    "activation": "s-curve",
    "pooling": "funnel",
    "loss": "target",
    "metric": "target",
}
_LIGHT_OUTLINES = {  # the same hue, dark enough to be seen on white
    "cylinder": "#2A86BC",
    "lattice": "#A06E00",
    "bell": "#8A8200",
    "s-curve": "#00825E",
    "funnel": "#AF5A8A",
    "brackets": "#7C8594",
}


def family(name: str, tokens: Tokens = DARK) -> Family:
    """The marks of a catalogue family; families without their own hue (shape, merge, math, blocks) get brackets."""
    glyph = _GLYPHS.get(name, "brackets")
    colour = _HUES[glyph]
    return Family(colour, colour if tokens.is_dark else _LIGHT_OUTLINES.get(glyph, colour), glyph)
