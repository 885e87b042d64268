"""The confusion matrix: any number of classes is drawn whole, has names, and is described in words."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest

from engine.runs import events
from gui.runs.results.confusion import ConfusionView
from gui.runs.results.matrix_frame import TIGHT

MATRIX = events.Confusion(((8, 2, 0), (1, 9, 0), (0, 0, 0)), ("cat", "dog", "emu"))


def test_a_square_is_described_in_words(theme, qtbot) -> None:
    view = ConfusionView(theme)
    qtbot.addWidget(view)
    view.resize(220, 200)
    view.show()
    view.show_matrix(MATRIX)
    texts = []
    view.hovered.connect(texts.append)
    area, side, *_ = view._frame()

    QTest.mouseMove(view, QPoint(int(area.left() + 1.5 * side), int(area.top() + 0.5 * side)))
    assert texts[-1] == "cat taken for dog: 2 of 10 (20%)"
    QTest.mouseMove(view, QPoint(int(area.left() + 0.5 * side), int(area.top() + 0.5 * side)))
    assert texts[-1] == "cat: 8 of 10 right (80%)"
    assert view.summary() == "17 of 20 right. Most often cat was taken for dog: 2 times."
    view.show_matrix(events.Confusion(((1,),), ("only",)))
    view.show_matrix(None)
    assert view.summary() == ""


@pytest.mark.parametrize("classes", [1, 2, 10, 24, 25, 200])
def test_any_number_of_classes_fits(theme, qtbot, classes) -> None:
    view = ConfusionView(theme)
    qtbot.addWidget(view)
    view.resize(230, 190)
    rows = tuple(tuple(5 if row == column else 0 for column in range(classes)) for row in range(classes))
    view.show_matrix(events.Confusion(rows, tuple(f"a long name {number}" for number in range(classes))))
    image = view.grab().toImage()
    area, side, *_ = view._frame()
    assert area.right() <= view.width()
    assert area.bottom() <= view.height()
    middle = QPointF(area.left() + 0.4 * side, area.top() + 0.4 * side)
    assert image.pixelColor((middle * image.devicePixelRatio()).toPoint()).name() == theme.tokens.train


def view_of(theme, qtbot, names, size) -> ConfusionView:
    view = ConfusionView(theme)
    qtbot.addWidget(view)
    view.resize(*size)
    count = len(names)
    rows = tuple(tuple(5 if row == column else 0 for column in range(count)) for row in range(count))
    view.show_matrix(events.Confusion(rows, tuple(names)))
    return view


@pytest.mark.parametrize("classes", [1, 2, 10, 24, 64, 100, 300, 1000])
@pytest.mark.parametrize("form", ["{}", "species {}", "a very long name of a class {}"])
@pytest.mark.parametrize("size", [(236, 210), (236, 120), (112, 100), (500, 400)])
def test_names_lie_within_and_never_on_each_other(theme, qtbot, classes, form, size) -> None:
    view = view_of(theme, qtbot, [form.format(place) for place in range(classes)], size)
    frame = view._frame()
    for hovered in (-1, 0, classes // 2, classes - 1):
        for places, apart in (
            (list(frame.rows(classes, hovered)), frame.line * TIGHT),
            (list(frame.columns(classes, hovered)), frame.below if frame.is_flat else frame.line * TIGHT),
        ):
            assert all((after - before) * frame.side >= apart for before, after in pairwise(places))
            assert hovered in (-1, *places) or not places
    assert frame.area.left() >= frame.title + frame.left
    assert frame.area.top() + frame.side / 2 >= frame.line / 2 - 1  # the first name is whole
    foot = frame.area.bottom() + (frame.line if frame.is_flat else frame.below) + frame.title
    assert foot <= view.height()
    assert frame.area.width() > 0.3 * min(size)


def test_the_axes_are_named_and_names_of_many_classes_thinned_out(theme, qtbot) -> None:
    view = view_of(theme, qtbot, [str(place) for place in range(64)], (236, 210))
    frame = view._frame()
    assert frame.title > 0
    assert list(frame.rows(64)) == [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]
    image = view.grab().toImage()
    ground = image.pixelColor(image.width() - 2, image.height() - 2)
    ratio = image.devicePixelRatio()
    beside = [
        image.pixelColor(int(x * ratio), int(y * ratio)) != ground
        for x in range(int(frame.title) - 2)
        for y in range(view.height())
    ]
    below = [
        image.pixelColor(int(x * ratio), int(y * ratio)) != ground
        for x in range(view.width())
        for y in range(int(frame.area.bottom() + frame.line) + 4, view.height())
    ]
    assert any(beside)
    assert any(below)


def test_no_mistake_is_lost_where_squares_are_smaller_than_pixels(theme, qtbot) -> None:
    view = view_of(theme, qtbot, [str(place) for place in range(1000)], (236, 210))
    image, (area, side, *_) = view.grab().toImage(), view._frame()
    train, ratio = theme.colour("train"), image.devicePixelRatio()
    assert side < 1
    for share in (0.05, 0.3, 0.5, 0.77, 0.95):
        at = area.topLeft() + QPointF(share * area.width(), share * area.height())
        near = [image.pixelColor(int(at.x() * ratio) + x, int(at.y() * ratio)) for x in (-2, -1, 0, 1, 2)]
        assert max(each.blue() for each in near) > train.blue() * 0.9


def test_hovering_describes_a_square_among_many(theme, qtbot) -> None:
    view = view_of(theme, qtbot, [f"species {place}" for place in range(64)], (236, 210))
    view.show()
    texts = []
    view.hovered.connect(texts.append)
    area, side, *_ = view._frame()
    for row, column, words in (
        (40, 40, "species 40: 5 of 5 right (100%)"),
        (3, 60, "species 3 taken for species 60: 0 of 5 (0%)"),
    ):
        spot = QPointF(area.left() + (column + 0.5) * side, area.top() + (row + 0.5) * side).toPoint()
        QTest.mouseMove(view, spot)
        square = view._square_at(QPointF(spot))
        assert texts[-1] == view.text_at(*square)
        assert abs(square[0] - row) <= 1
        assert abs(square[1] - column) <= 1
        assert view.text_at(row, column) == words
