"""The layers, one module a family; each offers its declarations as ``LAYERS``."""
