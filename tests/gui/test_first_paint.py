"""How the window starts, in a fresh process: what is loaded before the first paint, and what is searched later."""

import os
import subprocess
import sys

PAINTED = """
import os, sys
from PySide6.QtWidgets import QApplication
from gui.app import App

def painted():
    print(*sys.modules, flush=True)
    os._exit(0)

qt = QApplication([])
app = App(qt, None)
app.frame.painted.connect(painted)
while True:
    qt.processEvents()
"""
FILLED = """
import gc, linecache, os
from PySide6.QtWidgets import QApplication
from gui.app import App

qt = QApplication([])
app = App(qt, None, keeps=True)
while not app.is_ready:
    qt.processEvents()
sources = [name for name in linecache.cache if "/gui/" in name or "/engine/" in name]
print(gc.get_freeze_count(), len(gc.get_objects()), int(gc.isenabled()), len(sources), flush=True)
app.seams.analysis.close()
app.frame.close()
os._exit(0)
"""
OURS = {
    "gui", "gui.app", "gui.frame", "gui.preferences", "gui.screen", "gui.theme", "gui.theme.tokens",
    "engine", "engine.places",
}  # fmt: skip
SLOW = {
    "torch",
    "networkx",
    "numpy",
    "pyqtgraph",
    "PIL",
    "msgspec",
    "PySide6.QtSvg",
    "dataclasses",
    "asyncio",
    "signal",
}


def said(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120, env={**os.environ}
    )
    return done.stdout.split()


def test_the_first_paint_waits_for_nothing_that_it_does_not_need():
    loaded = set(said(PAINTED))
    assert {name for name in loaded if name.partition(".")[0] in ("gui", "engine", "resources")} == OURS
    assert loaded & SLOW == set()


def test_what_the_window_is_made_of_is_never_searched_for_garbage():
    kept, searched, searches, _ = map(int, said(FILLED))
    assert kept > 20 * searched
    assert searches, "what comes later is searched again"


def test_no_source_is_read_to_import_what_the_window_is_made_of():
    sources_kept = int(said(FILLED)[-1])
    assert sources_kept < 20  # those that are imported before the first paint
