"""What is loaded before the window is first painted, in a fresh process: little, since everybody waits for it."""

import os
import subprocess
import sys

CODE = """
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
OURS = {
    "gui", "gui.app", "gui.frame", "gui.preferences", "gui.theme", "gui.theme.tokens",
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


def test_the_first_paint_waits_for_nothing_that_it_does_not_need():
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=120, env={**os.environ}
    )
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.partition(".")[0] in ("gui", "engine", "resources")} == OURS
    assert loaded & SLOW == set()
