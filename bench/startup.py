"""From starting Python to the first paint and to a usable window, against a bare PySide6 main window, in turns.

Run from the project's folder:  .venv/bin/python -m bench.startup [--rounds 15]
Both are fresh processes, and report what they computed until then; the wall's time is beside it. The window reads
a person's choices first, as it does at every start but the first. It is usable when all that is seen of it is painted
and answers; ready when the pages behind it are there, too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.measure import Times, line, load

ROOT = Path(__file__).parents[1]
GOALS = {"painted": 1.3, "usable": 4.0}

BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow

class Bare(QMainWindow):
    def paintEvent(self, event):
        print("painted", time.process_time(), flush=True)

app = QApplication(sys.argv[:1])
window = Bare()
window.resize(1600, 1000)
window.show()
while True:
    app.processEvents()
"""
WINDOW = """
import sys, time
from PySide6.QtWidgets import QApplication
from gui.shell.app import App

HEAVY = {"networkx", "numpy", "pyqtgraph", "torch"}

def painted():
    print("painted", time.process_time(), *(HEAVY & sys.modules.keys()), flush=True)

qt = QApplication(sys.argv[:1])
app = App(qt, None, freezes_garbage=True)
app.frame.painted.connect(painted)
for what, is_so in (("usable", lambda: app.is_usable), ("ready", lambda: app.is_ready)):
    while not is_so():
        qt.processEvents()
    app.frame.repaint()
    print(what, time.process_time(), flush=True)
app.context.analysis.close()  # its worker would slow the next turn
"""

PROGRAMS = {"bare": BARE, "window": WINDOW}


def environment(home: Path) -> dict[str, str]:
    """A person's folders, all of them in ``home``, no screen needed, and modules compiled once, as is usual."""
    odd = ("TORCHLOOM_HOME", "PYTHONDONTWRITEBYTECODE")
    usual = {"QT_QPA_PLATFORM": "offscreen"} | {name: text for name, text in os.environ.items() if name not in odd}
    usual["PYTHONPYCACHEPREFIX"] = str(home / "compiled")
    places = {"HOME": "", "XDG_STATE_HOME": "state", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache"}
    return usual | {name: str(home / place) for name, place in places.items()} | {"PYTHONPATH": str(ROOT)}


def once(name: str, home: Path, times: Times) -> None:
    """Start a program, and note when it printed each line."""
    start = time.perf_counter()
    command = [sys.executable, str(home / f"{name}.py")]  # a file: Qt for Python is slower to load from ``-c``
    with subprocess.Popen(command, cwd=ROOT, env=environment(home), stdout=-1, stderr=-3, text=True) as child:
        for line in child.stdout or ():
            what, computed, *heavy = line.split()
            assert not heavy, heavy
            times.setdefault(f"{name} {what} (wall)", []).append(1000 * (time.perf_counter() - start))
            times.setdefault(f"{name} {what}", []).append(1000 * float(computed))
            if name == "bare":
                child.kill()
                break


def main() -> None:
    """Print both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    times: Times = {}
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "state/torchloom").mkdir(parents=True)
        (home / "state/torchloom/window.json").write_text(json.dumps({"version": 1, "welcomed": True}))
        for name, code in PROGRAMS.items():
            (home / f"{name}.py").write_text(code)
        for turn in range(rounds + 1):
            turn_times: Times = {}
            for name in PROGRAMS:
                once(name, home, turn_times)
            for what, values in turn_times.items() if turn else ():  # the first one warms the disk
                times.setdefault(what, []).extend(values)
    print(f"Start; {before} before, {load()} after")
    for what, values in sorted(times.items()):
        print(line(what, values, unit="ms     " if what.endswith("(wall)") else "ms CPU"))
    for what, goal in GOALS.items():
        for kind, clock in (("", "computed"), (" (wall)", "by the wall")):
            pairs = zip(times[f"window {what}{kind}"], times[f"bare painted{kind}"], strict=True)
            ratio = median(ours / theirs for ours, theirs in pairs)
            verdict = f", asked <= {goal}: {'ok' if ratio <= goal else 'MISSED'}" if not kind else ""
            print(f"{what} over the first paint of a bare window, {clock}: {ratio:.2f}{verdict}")


if __name__ == "__main__":
    main()
