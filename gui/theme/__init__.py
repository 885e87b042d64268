"""How the window looks: colours, metrics, fonts and icons, the same for every panel."""

from gui.theme.theme import Theme
from gui.theme.tokens import DARK, LIGHT, Family, Tokens, family

__all__ = ["DARK", "LIGHT", "Family", "Theme", "Tokens", "family"]
