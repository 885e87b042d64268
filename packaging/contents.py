"""What goes into the built app besides what PyInstaller finds by following imports, and what stays out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
Row = tuple[str, str, str]  # place in the app, source on this machine, PyInstaller's kind

# Modules are found by name at run time here: the catalogue's layers, the loaders of data, the panels.
OWN = ("engine", "gui", "resources")

# Not wanted, though a package here would take them if they were there. The app opens no connection, so it needs no
# Qt network with its cryptography; readline's licence would bind the whole app.
EXCLUDED = (
    "PySide6.QtNetwork",
    *("IPython", "matplotlib", "pandas", "pytest", "readline", "scipy"),
    *("tensorboard", "tkinter", "torchaudio", "torchvision"),
)

_LEFT_OUT = (
    "PySide6/Qt/translations/",  # the app speaks one language
    "PySide6/translations/",
    "torch/include/",
    "torch/share/",
    "torch/test/",
)
_TORCH_PROGRAMS = "torch/bin/"
_WANTED_TORCH_PROGRAMS = ("torch_shm_manager",)  # torch looks for it when it is imported

# Qt's plugins that the app can use. GTK's would bring half a desktop that does not fit the one it runs on.
_PLUGINS = "/plugins/"
_PLATFORMS = ("cocoa", "minimal.", "offscreen", "wayland", "windows", "xcb")
_WANTED_PLUGINS = (
    *("iconengines/", "imageformats/", "platforminputcontexts/", "styles/", "wayland-", "xcbglintegrations/"),
    *(f"platforms/{start}{name}" for start in ("q", "libq") for name in _PLATFORMS),
    "platformthemes/libqxdgdesktopportal",
)

# On Linux these come from the system, where they fit its drivers: a bundled C++ library that is older than the
# system's keeps the system's OpenGL from loading. The .deb depends on their packages.
SYSTEM_LIBRARIES = {
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def resources() -> list[tuple[str, str]]:
    """Every file of ``resources`` and the folder it goes to: the snippets too, whose text exports copy."""
    rows = []
    for path in sorted((ROOT / "resources").rglob("*")):
        place = path.relative_to(ROOT)
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in place.parts):
            rows.append((str(path), place.parent.as_posix()))
    return rows


def is_wanted(place: str) -> bool:
    """Whether a file that PyInstaller found belongs into the app, by its place there."""
    path = place.replace("\\", "/")
    name = path.rpartition("/")[2]
    if path.startswith(_LEFT_OUT) or name.endswith((".a", ".pyi")):
        return False
    if path.startswith(_TORCH_PROGRAMS):
        return name.partition(".")[0] in _WANTED_TORCH_PROGRAMS
    if path.startswith("PySide6/") and _PLUGINS in path:
        return path.partition(_PLUGINS)[2].startswith(_WANTED_PLUGINS)
    return not (sys.platform.startswith("linux") and name in SYSTEM_LIBRARIES)


def reached(rows: Sequence[Row], needs: Callable[[str], Iterable[str]]) -> list[Row]:
    """The rows without libraries that nothing kept asks for, and without links to them.

    ``needed``: the names of the libraries that a file on this machine asks for.
    """
    names = {row[0].rpartition("/")[2]: row for row in rows if _is_library(row)}
    reachable = {row for row in rows if row[2] != "SYMLINK" and not _is_library(row)}
    waiting = list(reachable)
    waiting += [row for name, row in names.items() if name.startswith("libpython")]  # opened, not linked
    while waiting:
        row = waiting.pop()
        reachable.add(row)
        waiting += [names[name] for name in needs(row[1]) if name in names and names[name] not in reachable]
    places = {row[0] for row in reachable}
    return [row for row in rows if row in reachable or (row[2] == "SYMLINK" and row[1] in places)]


def _is_library(row: Row) -> bool:
    """Whether a file is there only for others: no module, no plugin, and not opened by a package itself."""
    folder, _, name = row[0].rpartition("/")
    return row[2] == "BINARY" and ".so" in name and folder in {"", "PySide6/Qt/lib"}
