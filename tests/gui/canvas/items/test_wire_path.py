"""The path of a wire as numbers, and its curve, which is computed when it is first painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from gui.canvas.items.style import Paints
from gui.canvas.items.wire_path import unrouted_path

places = st.tuples(st.integers(-2000, 2000), st.integers(-2000, 2000))


def path_between(source, target, points):
    start, end = QPointF(*source), QPointF(*target)
    return unrouted_path(
        start, end, points, (QRectF(start.x() - 180, start.y() - 30, 180, 60), QRectF(end.x(), end.y() - 30, 180, 60))
    )


@given(places, places, st.lists(places, max_size=3).map(tuple))
def test_the_bounds_are_what_the_curve_may_reach(source, target, points):
    path = path_between(source, target, points)
    assert path.bounds == pytest.approx(path.path.controlPointRect().getCoords(), abs=1e-6)


@given(places, places, st.lists(places, max_size=3).map(tuple))
def test_a_wire_leads_from_its_source_to_its_target(source, target, points):
    path = path_between(source, target, points)
    for ends in (path.line, (path.path.pointAtPercent(0), path.path.pointAtPercent(1))):
        assert ends[0].toTuple() == pytest.approx(source)
        assert ends[-1].toTuple() == pytest.approx(target)


@pytest.mark.parametrize("name", ["conv1", "n1234567890", "_Wm_il", "fi_ffl"])
def test_a_name_is_as_wide_as_its_font_says(theme, name):
    paints = Paints(theme)
    assert paints.measure(name, "name") == paints.metrics["name"].horizontalAdvance(name)
