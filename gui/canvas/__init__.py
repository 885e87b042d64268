"""The canvas: where a network is drawn."""

from gui.canvas.canvas import Canvas

__all__ = ["Canvas"]
