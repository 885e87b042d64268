"""The start of the window, in a fresh process: what is loaded before the first paint, and what is garbage collected."""

import importlib.util
import os
import subprocess
import sys

import pytest

PAINTED = """
import os, sys
from PySide6.QtWidgets import QApplication
from gui.shell.app import App

def painted():
    print(*sys.modules, flush=True)
    os._exit(0)

qt = QApplication([])
app = App(qt, None)
app.frame.painted.connect(painted)
while True:
    qt.processEvents()
"""
USABLE = """
import json, os, sys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from gui.shell.app import App
from gui.preferences.preferences_file import path

path().parent.mkdir(parents=True, exist_ok=True)
path().write_text(json.dumps({"version": 1, "welcomed": True}))
qt = QApplication([])
app = App(qt, None)
while not app.is_usable:
    qt.processEvents()
loaded = [*sys.modules]
train, canvas = app.frame.findChild(object, "button_start"), app.window.panels["canvas"]
print(*(int(name in app.window.panels) for name in ("palette", "inspector", "problems")), flush=True)
print(int(app.window.panels["inspector"].project.isVisible()), app.window.panels["palette"].model.rowCount() > 20)
print(int(train.isVisible()), int(train.isEnabled()), int(canvas.view.isVisible()), len(canvas.scene.nodes) > 5)
node = canvas.scene.nodes["conv1"]
place = canvas.view.mapFromScene(node.sceneBoundingRect().center())
QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
print(*app.context.selection.nodes, int(app.window.panels["inspector"].node.isVisible()))
print(*loaded, flush=True)
app.context.analysis.close()
os._exit(0)
"""
FILLED = """
import gc, json, linecache, os
from PySide6.QtWidgets import QApplication
from gui.shell.app import App
from gui.preferences.preferences_file import path

path().parent.mkdir(parents=True, exist_ok=True)
path().write_text(json.dumps({"version": 1, "welcomed": True}))
qt = QApplication([])
app = App(qt, None, freezes_garbage=True)
while not app.is_ready:
    qt.processEvents()
sources = [name for name in linecache.cache if "/gui/" in name or "/engine/" in name]
canvas = app.window.panels["canvas"]
print(int(canvas.view.hasFocus()), int(canvas.ring.isVisible()))
print(gc.get_freeze_count(), len(gc.get_objects()), int(gc.isenabled()), len(sources), flush=True)
app.context.analysis.close()
app.frame.close()
os._exit(0)
"""
OURS = {
    "gui", "gui.shell", "gui.shell.app", "gui.shell.frame", "gui.preferences", "gui.preferences.preferences_file",
    "gui.system", "gui.system.screen", "gui.theme", "gui.theme.tokens", "engine", "engine.places",
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


def output_of(code, **variables):
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={**os.environ, **variables},
    )
    return done.stdout.split()


def test_the_first_paint_loads_only_what_it_needs():
    loaded = set(output_of(PAINTED))
    assert {name for name in loaded if name.partition(".")[0] in ("gui", "engine", "resources")} == OURS
    assert loaded & SLOW == set()


def test_the_usable_window_has_only_its_visible_panels():
    words = output_of(USABLE)
    visible, answered, loaded = words[:9], words[9:11], set(words[11:])
    assert visible == ["1", "1", "1", "1", "True", "1", "1", "1", "True"]
    assert answered == ["conv1", "1"], "a click selects a node, and the inspector shows it"
    late = {
        "gui.runs.context.run_context",
        "gui.runs.pages.live_panel",
        "gui.code.code_page",
        "gui.data.data_page",
        "gui.inspector.node_page",
    }
    late |= {"engine.runs.events", "logging.handlers", "gui.common_dialogs.file_dialog"}
    assert all(importlib.util.find_spec(name) for name in late), "none has another name by now"
    assert late & loaded == set()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return output_of(FILLED, TORCHLOOM_HOME=str(tmp_path_factory.mktemp("home")))


def test_garbage_collections_skip_the_objects_of_the_start(filled):
    *_, frozen, searched, searches, _ = map(int, filled)
    assert frozen > 20 * searched
    assert searches, "what comes later is searched again"


def test_the_canvas_has_the_focus_without_a_ring(filled):
    assert filled[:2] == ["1", "0"]


def test_no_source_is_read_to_import_the_window(filled):
    sources_kept = int(filled[-1])
    assert sources_kept < 20  # those that are imported before the first paint
