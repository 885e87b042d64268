"""The order in which gestures are asked whether they want a press."""

from gui.canvas.gestures import framing, marquee, moving, picking, rerouting, swiping, wiring

STARTS = (
    swiping.start,
    wiring.start,
    moving.start,
    rerouting.start,
    framing.start,
    picking.start,
    marquee.start,
)
