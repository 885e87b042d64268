"""Remembers where everything in the window stands: its place, the sizes of its parts, and what is hidden."""

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


def restore(window: QMainWindow, splitters: Iterable[QSplitter], settings: Preferences) -> bool:
    """Bring the window to where it was; tells whether that is known. What does not fit is passed over."""
    layout = settings.values.layout
    geometry, sizes = layout.get("geometry"), layout.get("sizes")
    known = isinstance(geometry, str) and window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    for splitter in splitters:
        given = sizes.get(splitter.objectName()) if isinstance(sizes, dict) else None
        if isinstance(given, list) and len(given) == splitter.count() and all(isinstance(px, int) for px in given):
            splitter.setSizes(given)
    return known


def hidden(settings: Preferences, at_first: list[str]) -> list[str]:
    """The panels that are not to be seen."""
    known = settings.values.layout.get("hidden")
    return [str(name) for name in known] if isinstance(known, list) else at_first


def edges(settings: Preferences) -> object:
    """What was kept of the sizes of the sides."""
    return settings.values.layout.get("edges")


def page(settings: Preferences) -> str:
    """The page that was shown last, empty when that is not known."""
    known = settings.values.layout.get("page")
    return known if isinstance(known, str) else ""
