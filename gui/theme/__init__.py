"""The theme of the window: colours, metrics, fonts and icons, the same for every panel."""

from typing import TYPE_CHECKING

from gui.theme.tokens import DARK, LIGHT, Family, Tokens, family

if TYPE_CHECKING:
    from gui.theme.theme import Theme

__all__ = ["DARK", "LIGHT", "Family", "Theme", "Tokens", "family"]


def __getattr__(name: str) -> object:
    """Load `Theme` when it is first used: the first paint needs colours, but no fonts or icons."""
    if name != "Theme":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from gui.theme.theme import Theme

    return Theme
