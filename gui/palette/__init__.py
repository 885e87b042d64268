"""Every kind of node, to find and to drag onto the canvas, and the project's data to choose."""

from gui.palette.palette import Palette
from gui.palette.payload import KIND_MIME, NODE_MIME, dropped_node

__all__ = ["KIND_MIME", "NODE_MIME", "Palette", "dropped_node"]
