"""The info card of a node: when it is shown, where, and what it offers."""

from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from engine.catalog.index import layers
from engine.check.diagnostics import Diagnostic, Fix
from engine.graph import compose
from gui.canvas.card.placing import beside, free_place
from gui.canvas.search.layer_entries import Entry
from gui.canvas.search.layer_search import TEXT_PX
from tests.gui.canvas.graphs import EMPTY, ends
from tests.gui.canvas.hand import PLAIN, SHIFT, Steps, wire

SIDES = (0.1, 0.3, 0.5, 0.7, 0.9)


def test_the_search_has_room_for_the_whole_summary_of_a_layer(canvas, qtbot):
    painter = canvas.layer_popup.search.list.itemDelegate()
    metrics = canvas.scene.paints.metrics["label"]
    for layer in layers().values():
        need = metrics.boundingRect(QRectF(0, 0, TEXT_PX, 1000), Qt.TextFlag.TextWordWrap, layer.summary)
        entry = Entry(layer.kind, layer.kind, layer.summary, layer.family)
        assert need.height() <= painter.height(entry) - 24, layer.kind


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.4])
def test_the_card_is_beside_its_node_and_never_on_it_or_its_ports(canvas, hand, selection, zoom):
    card, view = canvas.info.card, canvas.view
    node = canvas.scene.nodes["conv"]
    selection.select(("conv",))
    view.set_zoom(zoom)
    for across, down in product(SIDES, SIDES):
        off = QPointF((across - 0.5) * view.visible_rect.width(), (down - 0.5) * view.visible_rect.height())
        view.centerOn(node.scene_rect.center() - off)
        hand.key(Qt.Key.Key_I)
        assert card.isVisible()
        place, to_view = QRectF(card.geometry()), view.viewportTransform()
        assert not place.intersects(to_view.mapRect(node.scene_rect)), (across, down)
        spots = (*node.look.inputs, *node.look.outputs)
        assert not any(place.contains(to_view.map(node.spot_at(each))) for each in spots), (across, down)
        assert canvas.rect().contains(card.geometry())
        hand.key(Qt.Key.Key_I)


def test_a_card_without_room_anywhere_covers_as_little_as_it_can():
    area, about = QRect(0, 0, 400, 300), QRect(100, 20, 280, 220)
    place = QRect(beside(QSize(320, 150), about, area), QSize(320, 150))
    assert area.contains(place)
    least = min(
        (QRect(x, y, 320, 150) & about).width() * (QRect(x, y, 320, 150) & about).height()
        for x in range(81)
        for y in range(151)
    )
    covered = place & about
    assert covered.width() * covered.height() <= least


RECTS = st.builds(QRect, st.integers(0, 900), st.integers(0, 600), st.integers(40, 300), st.integers(40, 120))


@given(st.lists(RECTS, min_size=1, max_size=12), st.integers(40, 320), st.integers(20, 250))
def test_a_free_place_is_on_the_canvas_and_covers_nothing(obstacles, width, height):
    area, size = QRect(8, 8, 1000, 700), QSize(width, height)
    at = free_place(size, obstacles[0], obstacles, area)
    if at is None:
        steps = [QRect(QPoint(x, y), size) for x in range(8, 1008 - width, 12) for y in range(8, 708 - height, 12)]
        assert all(any(place.intersects(each) for each in obstacles) for place in steps)
    else:
        assert area.contains(QRect(at, size))
        assert not any(QRect(at, size).intersects(each) for each in obstacles)


def card_over(canvas, hand, qtbot, node):
    hand.move(node)
    qtbot.waitUntil(canvas.info.card.isVisible)
    card = canvas.info.card
    assert card.subject == node
    return card


@pytest.mark.parametrize("node", ["image", "conv", "act", "flat", "head", "label", "loss"])
def test_a_card_without_a_request_covers_no_node_at_all(canvas, hand, qtbot, node):
    card = card_over(canvas, hand, qtbot, node)
    to_view = canvas.view.viewportTransform()
    for name, item in canvas.scene.nodes.items():
        assert not QRectF(card.geometry()).intersects(to_view.mapRect(item.scene_rect)), name


def test_a_card_without_a_request_takes_no_click_of_any_kind(canvas, hand, qtbot, selection):
    for keys, button in product((PLAIN, SHIFT), (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)):
        card = card_over(canvas, hand, qtbot, "conv")
        place = card.geometry().center()
        below = canvas.childAt(place)
        assert below is canvas.view.viewport()  # what a click there would go to
        menus = []
        canvas.view.menu_wanted.connect(lambda hit, at, menus=menus: menus.append(hit))
        QTest.mouseClick(below, button, keys, below.mapFrom(canvas, place))
        assert not card.isVisible()
        hand.move(QPointF(-200, -200))
    selection.clear()


def test_the_next_node_is_clicked_at_once_where_a_card_is_shown(canvas, hand, qtbot, selection):
    for node, after in (("image", "conv"), ("conv", "act"), ("flat", "head"), ("head", "loss")):
        card = card_over(canvas, hand, qtbot, node)
        hand.click(after)
        assert selection.nodes == {after}
        assert not card.isVisible()
        hand.click(node, keys=SHIFT)
        assert selection.nodes == {node, after}


def test_without_room_the_status_bar_has_the_text_of_the_card(canvas, hand, qtbot):
    canvas.resize(330, 160)
    canvas.view.set_zoom(1.0)
    canvas.view.centerOn(canvas.scene.nodes["head"].scene_rect.center())
    with qtbot.waitSignal(canvas.hinted, check_params_cb=lambda text: text.startswith("head: ")):
        hand.move("head")
    assert not canvas.info.card.isVisible()


def test_the_key_i_pins_a_card_and_hides_it(canvas, hand, qtbot, selection):
    card = card_over(canvas, hand, qtbot, "conv")
    hand.key(Qt.Key.Key_I)
    hand.move(QPointF(-200, -200))
    assert card.isVisible()
    assert canvas.childAt(card.geometry().center()) is not canvas.view.viewport()  # its fix can be clicked now
    selection.select(("conv",))
    hand.key(Qt.Key.Key_I)
    assert not card.isVisible()


@pytest.mark.parametrize("node", ["image", "conv", "act", "flat", "head", "loss"])
@pytest.mark.parametrize("across", [0.15, 0.5, 0.85])
def test_the_search_behind_a_node_does_not_cover_it(canvas, hand, selection, node, across):
    canvas.resize(1000, 640)
    item, view = canvas.scene.nodes[node], canvas.view
    view.centerOn(item.scene_rect.center() - QPointF((across - 0.5) * view.visible_rect.width(), 0))
    selection.select((node,))
    hand.key(Qt.Key.Key_Tab)
    assert canvas.layer_popup.search.isVisible()
    assert not QRectF(canvas.layer_popup.search.geometry()).intersects(
        view.viewportTransform().mapRect(item.scene_rect)
    )
    hand.key(Qt.Key.Key_Escape, widget=canvas.layer_popup.search.field)


def test_no_line_of_the_card_is_cut_off(canvas, hand, selection):
    selection.select(("conv",))
    hand.key(Qt.Key.Key_I)
    labels = [label for label in canvas.info.card.findChildren(QLabel) if label.isVisible()]
    assert len(labels) > 2
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_the_info_card_is_shown_and_hidden(canvas, hand, selection):
    selection.select(("conv",))
    hand.key(Qt.Key.Key_I)
    card = canvas.info.card
    assert card.isVisible()
    assert card.subject == "conv"
    hand.key(Qt.Key.Key_I)
    assert not card.isVisible()


def test_a_broken_wire_shows_why_and_is_fixed_by_one_key_and_click(canvas, hand, document, graph, qtbot):
    fix = Fix("Remove the wire", compose.disconnect(document.project, "Net", wire("flat.output", "head.input")))
    problem = Diagnostic("S001", "error", "Linear wants 5, gets 7.", node="head", port="input", graph="Net", fix=fix)
    canvas.scene._results = SimpleNamespace(nodes={}, problems=(problem,), fields=(), reported=())
    canvas.scene.follow_results()
    hand.move(QPointF(230, 230))
    card = canvas.info.card
    qtbot.waitUntil(card.isVisible)
    assert any("wants 5, gets 7" in label.text() for label in card.findChildren(QLabel))
    hand.key(Qt.Key.Key_I)
    steps = Steps(document)
    button = card.findChild(QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ("flat.output", "head.input") not in ends(graph())
    assert not card.isVisible()
    assert steps.is_one()


def test_the_card_is_shown_while_the_pointer_rests(canvas, hand, qtbot):
    hand.move("conv")
    qtbot.waitUntil(canvas.info.card.isVisible)
    assert canvas.info.card.subject == "conv"
    hand.move(EMPTY)
    qtbot.waitUntil(lambda: not canvas.info.card.isVisible())


def test_the_port_under_the_pointer_is_in_the_status_bar(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.hinted, check_params_cb=lambda text: text.startswith("loss.target")):
        hand.move("loss<target")
