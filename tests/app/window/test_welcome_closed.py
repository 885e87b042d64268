"""Closing the welcome gives the keyboard to the canvas, without a ring that only keys ask for."""


def test_no_ring_is_drawn_around_the_canvas_when_the_welcome_is_closed_by_the_mouse(start, worker) -> None:
    worker()
    person = start(None)
    person.press("welcome_close")
    person.wait(person.canvas.view.hasFocus)
    assert not person.canvas.ring.isVisible()
