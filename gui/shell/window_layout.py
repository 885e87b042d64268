"""The stored layout of the window: its geometry, the sizes of its parts, and the hidden panels."""

from collections.abc import Iterable

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from gui.preferences.preferences import Preferences

Layout = dict[str, object]


def current_layout(
    window: QMainWindow, edges: dict[str, int], sizes: dict[str, list[int]], hidden: list[str], page: str
) -> Layout:
    """The layout of the window as it is now.

    ``edges``: the sizes of the sides; ``sizes``: those of the panels within each side.
    """
    return {
        "geometry": bytes(window.saveGeometry().toBase64().data()).decode(),
        "edges": edges,
        "sizes": sizes,
        "hidden": hidden,
        "page": page,
    }


def restore(window: QMainWindow, splitters: Iterable[QSplitter], preferences: Preferences) -> bool:
    """Restore geometry and sizes as far as they fit; returns whether a geometry was stored."""
    layout = preferences.values.layout
    geometry, sizes = layout.get("geometry"), layout.get("sizes")
    has_geometry = isinstance(geometry, str) and window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    for splitter in splitters:
        stored = sizes.get(splitter.objectName()) if isinstance(sizes, dict) else None
        if isinstance(stored, list) and len(stored) == splitter.count() and all(isinstance(px, int) for px in stored):
            splitter.setSizes(stored)
    return has_geometry


def hidden(preferences: Preferences, at_first: list[str]) -> list[str]:
    """The names of the hidden panels; ``at_first`` if none are stored."""
    stored = preferences.values.layout.get("hidden")
    return [str(name) for name in stored] if isinstance(stored, list) else at_first


def edges(preferences: Preferences) -> object:
    """The stored sizes of the sides."""
    return preferences.values.layout.get("edges")


def page(preferences: Preferences) -> str:
    """The page that was shown last, or empty."""
    stored = preferences.values.layout.get("page")
    return stored if isinstance(stored, str) else ""
