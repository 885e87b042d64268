"""The charts of the data page: pictures, points, axes, and bars of parts and classes."""

import base64
from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from engine.protocol.answers import SamplesShown
from engine.protocol.requests import DataSummary, Samples
from gui.data.pictures import image_of
from gui.data.plots import channels_of, ticks
from gui.data.sample_counts import PARTS, SplitBar
from tests.gui.data.inputs import cats, field, picture, summary


def test_pictures_are_the_bytes_that_came() -> None:
    image = image_of(picture(0, 50, 100, 255)["image"])
    assert [image.pixelColor(x, y).red() for y in (0, 1) for x in (0, 1)] == [0, 50, 100, 255]
    colour = {"height": 1, "width": 1, "channels": 3, "bytes": base64.b64encode(bytes((1, 2, 3))).decode()}
    assert image_of(colour).pixelColor(0, 0).getRgb()[:3] == (1, 2, 3)
    assert image_of({**colour, "width": 50}).width() == 1  # a damaged one


def test_arrow_keys_go_through_the_pictures(page, link) -> None:
    link.answer(DataSummary, summary())
    link.answer(Samples, cats(30))
    pictures = page.samples.pictures
    pictures.setFocus()
    QTest.keyClick(pictures, Qt.Key.Key_Right)
    QTest.keyClick(pictures, Qt.Key.Key_Right)
    assert pictures.current == 1
    QTest.keyClick(pictures, Qt.Key.Key_Down)
    assert pictures.current == 1 + pictures.items_per_row
    assert "label cat" in pictures.accessibleDescription()
    assert pictures.item_at(QPointF(pictures.item_rect(2).center())) == 2


def test_the_labels_of_the_parts_do_not_overlap(theme, qtbot) -> None:
    bar = SplitBar(theme)
    qtbot.addWidget(bar)
    bar.resize(300, 40)
    for parts in ((105, 30, 15), (1, 1, 1), (1000, 1, 1), (1, 1, 1000), (4, 0, 0)):
        bar.show_parts(dict(zip(PARTS, parts, strict=True)))
        rects = [rect for _, rect in bar.labels()]
        assert all(rect.left() >= 0 and rect.right() <= bar.width() for rect in rects)
        assert all(one.right() < other.left() for one, other in pairwise(rects))


def test_points_are_placed_by_their_values(page, link) -> None:
    link.answer(DataSummary, summary({"features": field([2]), "label": field([], "int64")}))
    rows = [
        {"row": at, "place": "", "fields": {"features": {"values": [x, y], "shape": [2]}, "label": {"class": name}}}
        for at, (x, y, name) in enumerate(((0.0, 0.0, "a"), (1.0, 1.0, "b"), (0.5, 0.5, "a")))
    ]
    link.answer(Samples, SamplesShown(1, rows))
    points = page.samples.points
    low, high, middle = (points.item_rect(at).center() for at in range(3))
    assert low.x() < middle.x() < high.x()
    assert low.y() > middle.y() > high.y()
    assert points.groups == ["a", "b"]
    assert points.colour("a") != points.colour("b")
    assert points.description(1) == "sample 1: features 1 1, label b"


def test_a_signal_s_longest_axis_runs_across() -> None:
    assert channels_of([1.0, 2.0, 3.0], [3]) == [[1.0, 2.0, 3.0]]
    assert channels_of([1.0, 10.0, 2.0, 20.0, 3.0, 30.0], [3, 2]) == [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
    assert channels_of([1.0, 2.0, 3.0, 10.0, 20.0, 30.0], [2, 3]) == [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [(0.0, 1.0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (-0.87, 0.88, 4, [-0.5, 0, 0.5]), (3.0, 3.0, 4, [3.0])],
)
def test_axes_have_round_numbers(low, high, most, expected) -> None:
    assert ticks(low, high, most) == expected


def test_class_bars_and_split_bar_describe_their_counts(page, link) -> None:
    classes = [{"name": str(at), "training": 10, "validation": at, "test": 0} for at in range(30)]
    link.answer(DataSummary, summary(classes={"label": classes}))
    assert page.balance.description(3) == "3: 10 training, 3 validation"
    assert page.balance.left_out == 6
    assert page.split_bar.description(1) == "20 samples for validation, 20.0%"
    assert page.split_bar.accessibleDescription().startswith("80 samples for training")


def test_similar_names_of_classes_stay_different(page, link) -> None:
    names = [f"a_long_name_that_begins_as_all_the_others_do_{at:02}" for at in range(30)]
    classes = [{"name": name, "training": 10, "validation": 0, "test": 0} for name in names]
    link.answer(DataSummary, summary(classes={"label": classes}))
    page.balance.resize(300, page.balance.height())
    elided = [page.balance.elided_name(name) for name, _ in page.balance.classes]
    assert len(set(elided)) == 24
    assert all("\u2026" in each for each in elided)
