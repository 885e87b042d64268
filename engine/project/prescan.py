"""The look at JSON text before it is decoded; clipboard text is read by the same."""

from engine.graph.plain.prescan import MAX_BYTES, MAX_DEPTH, MAX_NUMBER, MAX_STRING, load

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NUMBER", "MAX_STRING", "load"]
