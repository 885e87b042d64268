"""The Qt stylesheet of a theme, for everything that can be pressed, typed into, scrolled or opened."""

from importlib.resources import files
from string import Template

from gui.theme.tokens import Tokens


def stylesheet(tokens: Tokens) -> str:
    """The rules of ``resources/style/window.qss`` with a theme's colours."""
    rules = files("resources").joinpath("style", "window.qss").read_text(encoding="utf-8")
    return Template(rules).substitute(
        {name: getattr(tokens, name) for name in Tokens._fields},
        inner_px=tokens.control_px - 2,  # less the border
        icons=str(files("resources").joinpath("icons", "controls")).replace("\\", "/"),
        **_shades(tokens),
    )


def _shades(tokens: Tokens) -> dict[str, str]:
    """Colours that only controls have."""
    if tokens.is_dark:
        return {
            "accent_hover": "#3a7be0", "focus_on_fill": "#cfe0ff", "handle": "#3b424f", "handle_hover": "#566072",
            "check_edge": "#737d8d", "banner": "#2b2f38",
        }  # fmt: skip
    return {
        "accent_hover": "#1d54b0", "focus_on_fill": "#0b2a63", "handle": "#c3c9d2", "handle_hover": "#9aa3b0",
        "check_edge": "#858e9b", "banner": "#eef3fb",
    }  # fmt: skip
