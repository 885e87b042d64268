"""The visible part of the graph: fitted, zoomed, panned, and kept; and the place of the minimap."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.edits import AddNode, MoveNodes, SetNotes
from engine.graph.model import Graph, Node, Note, Project
from gui.canvas.graph_views import READABLE, WHOLE_FROM
from gui.canvas.view.minimap_corner import REST_MS
from tests.gui.canvas.graphs import with_block
from tests.gui.canvas.hand import MIDDLE, Steps


def resized(canvas, width, height):
    canvas.resize(width, height)
    QApplication.processEvents()


def test_a_graph_that_was_fitted_stays_whole_when_the_window_changes(canvas):
    canvas.fit()
    for size in ((700, 420), (1100, 380), (1300, 800)):
        resized(canvas, *size)
        assert canvas.view.visible_rect.contains(canvas.scene.content), size
    assert canvas.view.zoom == 1.0


def test_a_zoom_by_hand_is_kept(canvas):
    canvas.fit()
    canvas.view.set_zoom(1.7)
    resized(canvas, 700, 420)
    assert canvas.view.zoom == 1.7


def test_a_pan_is_kept_too(canvas):
    canvas.fit()
    canvas.view.centerOn(QPointF(900, 500))
    place = canvas.view._place
    resized(canvas, 700, 420)
    assert canvas.view._place == place


def test_what_does_not_fit_is_shown_from_its_beginning_at_a_readable_size(canvas):
    resized(canvas, 420, 300)
    canvas.graph_views.fit_readable()
    assert canvas.view.zoom == READABLE
    corner = canvas.scene.content.topLeft()
    assert canvas.view.visible_rect.contains(corner)


def test_what_fits_at_a_size_that_still_shows_texts_is_shown_whole(canvas):
    content = canvas.scene.content
    resized(canvas, int(content.width() * 0.66) + 64, 700)
    canvas.graph_views.fit_readable()
    assert WHOLE_FROM <= canvas.view.zoom < READABLE
    assert canvas.view.visible_rect.contains(content)


def test_fitting_shows_everything_however_small_that_is(canvas):
    resized(canvas, 420, 300)
    canvas.fit()
    assert canvas.view.zoom < WHOLE_FROM
    assert canvas.view.visible_rect.contains(canvas.scene.content)


def test_a_ring_shows_focus_by_a_key_until_the_mouse_is_used(canvas, hand):
    assert not canvas.ring.isVisible()
    canvas.view.clearFocus()
    canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.ring.isVisible()
    assert canvas.ring.geometry() == canvas.view.rect()
    hand.click("conv")
    assert not canvas.ring.isVisible()
    canvas.view.clearFocus()
    canvas.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not canvas.ring.isVisible()


def put(canvas, document, name, at):
    """Move a node so that its middle is at a place on the canvas."""
    item = canvas.scene.nodes[name]
    corner = canvas.view.scene_at(QPointF(at)) - QPointF(item.look.width, item.look.height) / 2
    document.do(MoveNodes("Net", {name: (corner.x(), corner.y())}))


def covered_nodes(canvas):
    """The nodes that the map covers."""
    area = canvas.view.viewportTransform().inverted()[0].mapRect(QRectF(canvas.minimap.geometry()))
    return [name for name, item in canvas.scene.nodes.items() if item.scene_rect.intersects(area)]


def test_the_map_moves_to_where_it_covers_nothing_and_back(canvas, document, qtbot):
    home = canvas.minimap.geometry()
    put(canvas, document, "conv", home.center())
    qtbot.waitUntil(lambda: canvas.minimap.geometry() != home)
    assert canvas.minimap.geometry().right() < canvas.width() / 2
    assert covered_nodes(canvas) == []
    document.history.undo()
    qtbot.waitUntil(lambda: canvas.minimap.geometry() == home)


def test_the_map_covers_no_caption_where_another_corner_is_free(canvas, document, qtbot):
    home = canvas.minimap.geometry()
    item = canvas.scene.nodes["conv"]
    canvas.view.set_zoom(1.0)
    put(canvas, document, "conv", QPoint(home.center().x(), home.top() - round(item.look.height / 2) - 6))
    canvas.corner.settle()
    assert canvas.minimap.geometry() == home
    item.show_values("320 params", "")
    canvas.corner.settle()
    area = canvas.view.viewportTransform().inverted()[0].mapRect(QRectF(canvas.minimap.geometry()))
    assert canvas.minimap.geometry() != home
    assert not item.caption_rect.intersects(area)
    assert not canvas.minimap._is_faint


def _picture(canvas, area, with_map):
    canvas.minimap.setVisible(with_map)
    image = canvas.grab(area).toImage()
    canvas.minimap.show()
    return image


def _difference(one, other):
    """How much two pictures differ."""
    places = [(x, y) for x in range(one.width()) for y in range(one.height())]
    return sum(abs(one.pixelColor(*at).lightness() - other.pixelColor(*at).lightness()) for at in places)


def test_a_map_without_a_free_corner_is_translucent(canvas, document, qtbot, hand):
    home = canvas.minimap.geometry()
    mirrored = QPoint(canvas.width() - home.center().x(), home.center().y())
    for name, at in (("conv", home.center()), ("act", mirrored), ("head", QPoint(mirrored.x(), 60))):
        put(canvas, document, name, at)
    qtbot.waitUntil(lambda: canvas.minimap._is_faint)
    assert canvas.minimap.geometry() == home
    node = canvas.scene.nodes["conv"]
    title = canvas.view.viewportTransform().mapRect(node.scene_rect).toAlignedRect()
    without, faint = (_picture(canvas, title, visible) for visible in (False, True))
    canvas.minimap.set_faint(faint=False)
    full = _picture(canvas, title, True)
    assert _difference(without, faint) < _difference(without, full) / 2
    canvas.minimap.set_faint(faint=True)
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))  # it is still a map
    assert (canvas.view.visible_rect.center() - QPointF(430, 220)).manhattanLength() > 50


def test_the_map_does_not_move_under_the_pointer(canvas, document, qtbot):
    home = canvas.minimap.geometry()
    QApplication.sendEvent(canvas.minimap, QEnterEvent(*[QPointF(20, 20)] * 3))
    canvas.minimap.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    put(canvas, document, "conv", home.center())
    qtbot.wait(2 * REST_MS)
    assert canvas.minimap.geometry() == home
    canvas.minimap.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    QApplication.sendEvent(canvas.minimap, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: canvas.minimap.geometry() != home)


def test_after_fitting_the_map_covers_nothing(canvas, document):
    places = {f"n{x}_{y}": Node("ReLU", {}, (x * 240.0, y * 120.0)) for x in range(8) for y in range(8)}
    document.load(Project(graphs={"Net": Graph(places, [])}))
    canvas.fit()
    assert covered_nodes(canvas) == []
    assert canvas.view.visible_rect.contains(canvas.scene.content)


def test_the_map_does_not_cover_notes(canvas, document, qtbot):
    home = canvas.minimap.geometry()
    at = canvas.view.scene_at(QPointF(home.topLeft()))
    document.do(SetNotes("Net", (Note("Read me", (at.x(), at.y(), 80, 40)),), "Add a note"))
    qtbot.waitUntil(lambda: canvas.minimap.geometry() != home)


def test_home_fits_all_and_f_the_selection(canvas, hand, selection):
    canvas.view.set_zoom(3.0)
    hand.key(Qt.Key.Key_Home)
    assert canvas.view.visible_rect.contains(canvas.scene.content)

    selection.select(("conv",))
    hand.key(Qt.Key.Key_F)
    middle = canvas.view.visible_rect.center() - canvas.scene.nodes["conv"].scene_rect.center()
    assert middle.manhattanLength() < 3


def test_reveal_shows_a_node_far_away(canvas, document, selection):
    document.do(AddNode("Net", "far", Node("ReLU", {}, (9000, 9000))))
    assert canvas.reveal("far")
    assert selection.nodes == {"far"}
    assert canvas.view.visible_rect.contains(canvas.scene.nodes["far"].scene_rect)
    assert not canvas.reveal("nowhere")


def test_reveal_goes_into_blocks(canvas, document, selection):
    document.load(with_block())
    assert canvas.reveal("stem.act")
    assert (selection.graph, selection.nodes) == ("Stem", {"act"})


def test_each_graph_is_shown_as_it_was_left(canvas, document, selection):
    document.load(with_block())
    canvas.view.set_zoom(1.5)
    canvas.view.centerOn(100, 100)
    canvas.view.view_changed.emit()
    before = canvas.view.visible_rect.center()
    selection.dive("stem")
    canvas.view.set_zoom(0.8)
    selection.up()
    assert canvas.zoom == pytest.approx(1.5)
    assert (canvas.view.visible_rect.center() - before).manhattanLength() < 2


def test_the_wheel_zooms_at_the_pointer(hand, canvas, qtbot):
    at = hand.spot("head")
    before = canvas.view.scene_at(at)
    with qtbot.waitSignal(canvas.zoomed):
        hand.wheel("head", notches=2)
    assert canvas.zoom == pytest.approx(1.3225)
    after = canvas.view.scene_at(at)
    assert (after - before).manhattanLength() < 2


def test_middle_and_space_drags_pan(hand, canvas, document):
    steps = Steps(document)
    before = canvas.view.visible_rect
    hand.press(QPointF(500, 300), MIDDLE)
    hand.move(QPointF(450, 300), steps=1)
    hand.release()
    assert canvas.view.visible_rect.left() == pytest.approx(before.left() + 50)

    QTest.keyPress(canvas.view, Qt.Key.Key_Space)
    hand.press(QPointF(500, 300))
    hand.move(QPointF(450, 300), steps=1)
    hand.release()
    QTest.keyRelease(canvas.view, Qt.Key.Key_Space)
    assert canvas.view.visible_rect.left() == pytest.approx(before.left() + 100)
    assert steps.are_none()
