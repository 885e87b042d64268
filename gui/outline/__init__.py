"""The project as a tree of words: what a screen reader sees, and a quick way to any node."""

from gui.outline.outline import Outline

__all__ = ["Outline"]
