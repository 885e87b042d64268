"""How long a project of 1,000 nodes takes to open: in a window that is there already, and from the start of Python.

Run from the project's folder:  .venv/bin/python -m bench.opening [--nodes 1000] [--rounds 7]
Opening lasts from the command to the moment when its nodes are painted. Besides, what the window computes until shapes
and problems of all nodes are painted, too; the worker works them out meanwhile, beside the window.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop

from bench.measure import Times, line, load
from bench.opened import SIZE, canvas_of, cpu_ms, open_app, rest, until
from bench.projects import deep
from engine.project import file
from gui.canvas.items.node_item import NodeItem
from gui.shell.app import App

ASKED_MS = 1000.0
COLD = f"""
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gui.shell.app import App
qt = QApplication(sys.argv[:1])
app = App(qt, Path(sys.argv[1]), freezes_garbage=True)
app.frame.resize{SIZE}
while not app.is_ready:
    qt.processEvents()
from gui.canvas.items.node_item import NodeItem
while not NodeItem.paint_count or not app.window.panels["canvas"].scene.is_complete:
    qt.processEvents()
print(time.process_time(), len(app.window.panels["canvas"].scene.nodes), flush=True)
app.context.analysis.close()
app.frame.close()
"""


def once(app: App, path: Path, times: Times, what: str) -> None:
    """Open a file."""
    app.context.document.history.setClean()
    canvas = canvas_of(app)
    before = NodeItem.paint_count
    computed, start = cpu_ms(), time.perf_counter()
    assert app.context.files.open(path)
    while NodeItem.paint_count == before or not canvas.scene.is_complete:
        app.qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    times.setdefault(f"{what}, painted", []).append(cpu_ms() - computed)
    times.setdefault(f"{what}, painted (wall)", []).append(1000 * (time.perf_counter() - start))
    assert len(canvas.scene.nodes) == len(app.context.document.project.graphs["Net"].nodes)
    until(app.qt, lambda: app.context.results.has_answer and not app.context.results.stale)
    rest(app.qt, 0.6)
    times.setdefault(f"{what}, all known and painted", []).append(cpu_ms() - computed)


def from_start(path: Path, nodes: int, times: Times) -> None:
    """Start a process that opens the file; modules are compiled once, as is usual."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(path.parent / "compiled")
    command = [sys.executable, "-c", COLD, str(path)]
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        computed, painted = child.stdout.readline().split()
        times.setdefault("from the start of Python (wall)", []).append(1000 * (time.perf_counter() - start))
        times.setdefault("from the start of Python", []).append(1000 * float(computed))
    assert int(painted) == nodes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    times: Times = {}
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.loom", Path(folder) / "few.loom"
        file.write(many, deep(options.nodes - 5))
        file.write(few, deep(8))
        with open_app(few) as app:
            once(app, many, {}, "")
            for _ in range(options.rounds):
                once(app, few, {}, "")
                once(app, many, times, f"{options.nodes:,} nodes")
        from_start(many, options.nodes, {})
        for _ in range(options.rounds):
            from_start(many, options.nodes, times)
    print(f"Opening; {before} before, {load()} after")
    for what, rounds in times.items():
        unit = "ms     " if what.endswith("(wall)") else "ms CPU"
        print(line(what, rounds, ASKED_MS, unit))


if __name__ == "__main__":
    main()
