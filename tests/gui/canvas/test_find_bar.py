"""The search for nodes in the graph."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from tests.gui.canvas.graphs import with_block
from tests.gui.canvas.hand import CTRL, SHIFT

KEY = Qt.Key


def test_find_goes_through_the_matches(canvas, hand, selection):
    hand.key(KEY.Key_F, CTRL)
    field = canvas.finder.field
    assert field.hasFocus()
    hand.type("in", field)  # Input, Linear, and a node with such a value
    assert canvas.finder.count.text() == "3 found"
    assert canvas.scene.nodes["image"].is_match is True
    assert canvas.scene.nodes["conv"].is_match is False
    hand.key(KEY.Key_Return, widget=field)
    assert selection.nodes == {"image"}
    hand.key(KEY.Key_Return, widget=field)
    assert selection.nodes == {"head"}
    hand.key(KEY.Key_Return, SHIFT, widget=field)
    assert selection.nodes == {"image"}
    hand.key(KEY.Key_Escape, widget=field)
    assert canvas.scene.nodes["conv"].is_match is None
    assert not canvas.finder.isVisible()


def test_find_covers_none_of_its_matches(canvas, hand):
    finder, view = canvas.finder, canvas.view
    hand.key(KEY.Key_F, CTRL)
    node = canvas.scene.nodes["act"]
    corner = view.scene_at(QPointF(finder.geometry().center()))
    view.centerOn(view.visible_rect.center() + node.scene_rect.center() - corner)  # the node is where the search is
    assert view.viewportTransform().mapRect(node.scene_rect).intersects(QRectF(finder.geometry()))
    hand.type("relu", finder.field)
    assert node.is_match
    assert not view.viewportTransform().mapRect(node.scene_rect).intersects(QRectF(finder.geometry()))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("out_channels=8", {"conv"}),
        ("kernel", {"conv"}),
        ("bias", set()),
        ("relu", {"act"}),
        ("label", {"label"}),
        ("zzz", set()),
    ],
)
def test_find_by_kind_and_parameter(canvas, hand, query, names):
    hand.key(KEY.Key_F, CTRL)
    hand.type(query, canvas.finder.field)
    assert {name for name, item in canvas.scene.nodes.items() if item.is_match} == names


def test_what_is_inside_a_block_is_found_at_its_use(canvas, document, hand):
    document.load(with_block())
    hand.key(KEY.Key_F, CTRL)
    hand.type("relu", canvas.finder.field)
    assert {name for name, item in canvas.scene.nodes.items() if item.is_match} == {"stem"}
