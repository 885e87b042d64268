"""The generated source, live."""

from gui.code.page import CodePage

__all__ = ["CodePage"]
