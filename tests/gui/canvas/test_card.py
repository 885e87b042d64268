"""Where the card about a node lies: beside it, wherever that is on the canvas."""

from itertools import product

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt

from gui.canvas.info_card import beside_of

SIDES = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.4])
def test_the_card_lies_beside_its_node_and_never_on_it_or_its_ports(canvas, hand, selection, zoom):
    card, view = canvas.telling.card, canvas.view
    node = canvas.scene.nodes["conv"]
    selection.select(("conv",))
    view.set_zoom(zoom)
    for across, down in product(SIDES, SIDES):
        off = QPointF((across - 0.5) * view.seen.width(), (down - 0.5) * view.seen.height())
        view.centerOn(node.scene_rect.center() - off)
        hand.key(Qt.Key.Key_I)
        assert card.isVisible()
        place, seen = QRectF(card.geometry()), view.viewportTransform()
        assert not place.intersects(seen.mapRect(node.scene_rect)), (across, down)
        spots = (*node.look.inputs, *node.look.outputs)
        assert not any(place.contains(seen.map(node.spot_at(each))) for each in spots), (across, down)
        assert canvas.rect().contains(card.geometry())
        hand.key(Qt.Key.Key_I)


def test_a_card_without_room_anywhere_covers_as_little_as_it_can():
    area, about = QRect(0, 0, 400, 300), QRect(100, 20, 280, 220)
    place = QRect(beside_of(about, QSize(320, 150), area), QSize(320, 150))
    assert area.contains(place)
    least = min(
        (QRect(x, y, 320, 150) & about).width() * (QRect(x, y, 320, 150) & about).height()
        for x in range(81)
        for y in range(151)
    )
    covered = place & about
    assert covered.width() * covered.height() <= least + 320 * 32  # what lies around a node is kept free, too
