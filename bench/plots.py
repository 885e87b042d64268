"""What a frame of live curves costs: four losses of 600,000 points each, raw and smoothed, while points are added.

Run from the project's folder:  .venv/bin/python -m bench.plots

Prints the processor's time a frame: adding the points of a tenth of a second, thinning, and painting. The median and
the spread of 100 frames, on a chart as large as the live panel's. The design asks for 10 ms. A fixed loop runs between
the frames, and the time is also given in loops, which holds on any machine.
"""

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from bench.measure import line, load, loop_line, loop_ms
from gui.runs.curve_data.curve import Curve
from gui.runs.curve_data.smoothing import SmoothedCurve
from gui.runs.plots.chart import Chart
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.line import Line, Marks
from gui.theme import Theme

CURVES, POINTS, FRAMES = 4, 600_000, 100
FRAMES_A_LOOP = 5
NEW = 200  # points a frame and curve: 2,000 steps a second
STEPS_PER_EPOCH = 1000
SIZE_PX = (900, 260)
ASKED_MS = 10.0


class Growing:
    """A noisy loss that falls, with what smooths it."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.raw, self.smooth = Curve(), SmoothedCurve(0.95)
        self.step = 0
        self.grow(POINTS)

    def grow(self, count: int) -> None:
        """Train some steps."""
        steps = np.arange(self.step, self.step + count)
        loss = (2 + self.random.normal(0, 0.15, count)) * np.exp(-steps / (POINTS / 3)) + 0.1
        self.raw.add(steps / STEPS_PER_EPOCH, loss)
        self.smooth.add(steps / STEPS_PER_EPOCH, loss)
        self.step += count


def main() -> None:
    """Measure and print."""
    app = QApplication([])
    theme = Theme(app)
    chart = Chart(theme, Crosshair())
    chart.resize(*SIZE_PX)
    chart.show()
    curves = [Growing(seed) for seed in range(CURVES)]
    lines = [
        Line(f"run {place}", theme.tokens.series[place], lambda c=each: c.smooth.curve, str, raw=lambda c=each: c.raw)
        for place, each in enumerate(curves)
    ]
    chart.set_extent(POINTS / STEPS_PER_EPOCH * 1.1)
    chart.set_lines(lines)
    app.processEvents()
    costs, loops, before = [], [], load()
    for frame in range(FRAMES):
        if frame % FRAMES_A_LOOP == 0:
            loops.append(loop_ms())
        began = time.process_time()
        for each in curves:
            each.grow(NEW)
        chart.set_marks(Marks(now=curves[0].step / STEPS_PER_EPOCH))
        chart.refresh()
        app.processEvents()
        costs.append(1000 * (time.process_time() - began))
    print(f"{CURVES} live curves of {POINTS:,} points, a frame; {before} before, {load()} after")
    print(loop_line(loops))
    print(line("add, thin and paint", costs, ASKED_MS, loops=loops))


if __name__ == "__main__":
    main()
