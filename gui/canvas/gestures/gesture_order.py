"""The order in which gestures may accept a press."""

from gui.canvas.gestures import annotation, marquee, moving, rerouting, swiping, wire_selection, wiring

STARTS = (
    swiping.start,
    wiring.start,
    moving.start,
    rerouting.start,
    annotation.start,
    wire_selection.start,
    marquee.start,
)
