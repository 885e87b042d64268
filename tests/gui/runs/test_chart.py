"""A chart draws only what has changed."""

import numpy as np

from gui.runs.curve_data.curve import Curve
from gui.runs.plots.chart import Chart
from gui.runs.plots.crosshair import Crosshair
from gui.runs.plots.line import Line, Marks


def test_only_what_changed_is_drawn_again(loaded, theme, qtbot) -> None:
    chart = Chart(theme, Crosshair())
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    still, growing = Curve(), Curve()
    for curve in (still, growing):
        curve.add(np.arange(5.0), np.arange(5.0))
    chart.set_extent(10)
    chart.set_lines([Line(name, "#5ab0e8", lambda c=curve: c, str) for name, curve in (("a", still), ("b", growing))])
    chart.show()
    chart.set_marks(Marks(now=3.0, drops=(1.0,), best=2.0, best_line=0))
    paints = []
    for name, (_, item) in zip("ab", chart._items, strict=True):
        item.set_points = lambda _, name=name: paints.append(name)

    chart.refresh()
    assert paints == []
    growing.add(np.array([5.0]), np.array([3.5]))
    chart.refresh()
    assert paints == ["b"]
