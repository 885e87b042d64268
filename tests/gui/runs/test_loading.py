"""Loading what draws the curves, in a process of its own, since here it is loaded already."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PROGRAM = """
import json, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.runs.following.loading import Loading

threads = {}

class Watcher:
    def find_spec(self, name, path=None, target=None):
        threads.setdefault(name, threading.current_thread() is threading.main_thread())

sys.meta_path.insert(0, Watcher())
app = QApplication(["loading", "-platform", "offscreen"])
loading, ticks = Loading(), []
beat = QTimer(interval=1)
beat.timeout.connect(lambda: ticks.append(loading.is_ready))
beat.start()
loading.ready.connect(app.quit)
loading.begin()
app.exec()
print(json.dumps({"numpy": threads["numpy"], "pyqtgraph": threads["pyqtgraph"], "ticks": len(ticks)}))
loading.begin()
loading.wait()
"""


def test_names_of_qt_are_made_in_the_windows_thread_and_between_events() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["numpy"] is False  # in a thread: it has nothing of Qt
    assert told["pyqtgraph"] is True
    assert told["ticks"] > 5
