"""Where the view looks: what was fitted stays in sight, what a hand has chosen stays where it is."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from gui.canvas.canvas import READABLE, WHOLE_FROM


def resized(canvas, width, height):
    canvas.resize(width, height)
    QApplication.processEvents()


def test_a_graph_that_was_fitted_stays_whole_when_the_window_changes(canvas):
    canvas.fit()
    for size in ((700, 420), (1100, 380), (1300, 800)):
        resized(canvas, *size)
        assert canvas.view.seen.contains(canvas.scene.content), size
    assert canvas.view.zoom == 1.0


def test_what_a_hand_has_chosen_stays(canvas):
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
    canvas.look_first()
    assert canvas.view.zoom == READABLE
    corner = canvas.scene.content.topLeft()
    assert canvas.view.seen.contains(corner)


def test_what_fits_at_a_size_that_still_shows_texts_is_shown_whole(canvas):
    content = canvas.scene.content
    resized(canvas, int(content.width() * 0.66) + 64, 700)
    canvas.look_first()
    assert WHOLE_FROM <= canvas.view.zoom < READABLE
    assert canvas.view.seen.contains(content)


def test_fitting_shows_everything_however_small_that_is(canvas):
    resized(canvas, 420, 300)
    canvas.fit()
    assert canvas.view.zoom < WHOLE_FROM
    assert canvas.view.seen.contains(canvas.scene.content)


def test_a_key_that_leads_here_is_answered_by_a_ring_until_the_mouse_is_used(canvas, hand):
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
