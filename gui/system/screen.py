"""Whether a window is wanted and can open: the screen, and the system's libraries that Qt needs for it.

Imports only the standard library, since start.py calls it before anything else is installed.
"""

import os
import sys
from collections.abc import Sequence

# Shared object -> Debian package: what Qt needs to run at all, and to open a window under X.
LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


def wants_window(arguments: Sequence[str]) -> bool:
    """Whether the command line is empty or names a project to open; a file may have the name of a verb."""
    if not arguments:
        return True
    first = arguments[0]
    return len(arguments) == 1 and not first.startswith("-") and (first.endswith(".loom") or os.path.isfile(first))  # noqa: PTH113 - no pathlib before a verb needs it


def has_screen() -> bool:
    """Whether Qt can open windows: there is a display, or a platform was requested by name."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def uses_x() -> bool:
    """Whether Qt will use X."""
    is_x_alone = os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    return sys.platform.startswith("linux") and os.environ.get("QT_QPA_PLATFORM", "xcb" if is_x_alone else "") == "xcb"


def obstacle() -> str:
    """Why no window can open, with the remedy; empty if nothing prevents it.

    Qt would end the process with a message that names no package.
    """
    if not uses_x():
        return ""
    from PySide6.QtCore import QLibraryInfo, QPluginLoader

    plugin = QPluginLoader(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath) + "/platforms/libqxcb.so")
    if plugin.load():
        return ""
    reason = plugin.errorString()
    missing = next((name for name in (*X_LIBRARIES, *LIBRARIES) if name in reason), None)
    packages = " ".join(X_LIBRARIES.values())
    why = f"the system library {missing} is missing" if missing else reason
    return (
        f"torchloom: No window can open: {why}. On Debian and Ubuntu: sudo apt-get install {packages}. "
        "Without a window, torchloom --help shows how to work in the terminal."
    )
