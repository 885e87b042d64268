"""From an edit to its shape painted on the wire: a graph of 100 layers in the real window, with the real worker.

Run from the project's folder:  .venv/bin/python -m bench.edit_to_shapes [--layers 100] [--rounds 20]
Each round gives a convolution in the middle another number of filters, one never seen before, so that no shape behind
it is remembered. Printed are the wall's time, the debounce included, and what window and worker computed meanwhile.
"""

import argparse
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from bench.measure import Times, line, load
from bench.opened import canvas_of, cpu_ms, open_app, rest
from bench.projects import plain
from engine.graph.edits import SetParam
from engine.graph.model import Wire
from engine.project import file
from gui.canvas.canvas import Canvas
from gui.canvas.items.wire_item import WireItem
from gui.shell.app import App
from gui.workers.analysis_link import DEBOUNCE_MS

ASKED_MS = 100.0
WAKE_MS = 1


def wire_behind(canvas: Canvas, name: str) -> Wire:
    """The first wire out of a node."""
    return canvas.scene.out_of(name)[0]


def once(app: App, canvas: Canvas, name: str, filters: int) -> tuple[float, float]:
    """Make one edit; gives wall and CPU milliseconds until its shape is painted."""
    item = canvas.scene.wires[wire_behind(canvas, name)]
    painted_at: list[int] = []

    def on_results() -> None:
        if not painted_at and str(filters) in [piece.text.strip("×") for piece in item.pieces]:
            painted_at.append(WireItem.paint_count)

    app.context.results.changed.connect(on_results)
    wake = QTimer(interval=WAKE_MS)
    wake.start()
    computed = cpu_ms() + cpu_ms(app.context.analysis.pid)
    start = time.perf_counter()
    app.context.document.do(SetParam("Net", name, "out_channels", filters))
    while not painted_at or WireItem.paint_count == painted_at[0]:
        if time.perf_counter() - start > 30:
            raise TimeoutError([piece.text for piece in item.pieces])
        app.qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    wall = 1000 * (time.perf_counter() - start)
    wake.stop()
    app.context.results.changed.disconnect(on_results)
    return wall, cpu_ms() + cpu_ms(app.context.analysis.pid) - computed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    times: Times = {}
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.loom"
        file.write(path, plain(options.layers))
        with open_app(path) as app:
            canvas = canvas_of(app)
            name = f"conv2d{options.layers // 2 // 3 * 3}"
            canvas.view.set_zoom(1.0)
            canvas.view.centerOn(canvas.scene.nodes[name].scene_rect.center())
            rest(app.qt, 0.5)
            for number in range(options.rounds + 2):
                wall, computed = once(app, canvas, name, 20 + number)
                rest(app.qt, 0.3)
                if number > 1:  # the first ones load what is loaded once
                    times.setdefault("wall", []).append(wall)
                    times.setdefault("computed", []).append(computed)
    print(f"An edit of {options.layers} layers until its shape is painted; {before} before, {load()} after")
    print(line("by the wall", times["wall"], ASKED_MS, "ms     "))
    print(line("computed by window and worker", times["computed"]))
    whole = [each + DEBOUNCE_MS for each in times["computed"]]
    print(line(f"the same and {DEBOUNCE_MS} ms of debounce", whole, ASKED_MS))


if __name__ == "__main__":
    main()
