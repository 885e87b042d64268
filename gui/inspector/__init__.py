"""The settings of whatever is selected, made from declarations."""

from gui.inspector.inspector import Inspector

__all__ = ["Inspector"]
